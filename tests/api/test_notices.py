"""What people are told through their inbox, until they have read it."""

from typing import Any

from tests.api.story import PLANNER, Document, act, code_of, inbox, signed_up_to, started
from tests.stack import Stack


async def notices(stack: Stack, person: str, launch: Document) -> list[Document]:
    """What the person was told about the launch and has not read."""
    items = await inbox(stack, person)
    return [i for i in items if i["kind"] == "notice" and i["launch"] == launch["id"]]


async def read(stack: Stack, person: str, **body: Any) -> None:  # noqa: ANN401 - any JSON
    answer = await stack.post("/inbox/read", body, person)
    assert (answer.status_code, answer.text) == (204, "")


async def test_a_notice_says_what_happened_and_stays_until_it_is_read(stack: Stack) -> None:
    launch = await signed_up_to(stack, await started(stack), "product")
    body = {"plan": {"offers": []}, "reason": "nothing to offer"}
    assert (await act(stack, launch, "amend", body, PLANNER)).status_code == 200
    [notice] = await notices(stack, "lead.product", launch)
    assert (notice["subject"], notice["step"], notice["text"]) == (
        "voided",
        "product",
        "nothing to offer",
    )
    assert await notices(stack, "deputy.product", launch) == [], "who did not sign"
    await read(stack, "lead.product", launch="another")
    assert await notices(stack, "lead.product", launch) == [notice]
    for _ in range(2):
        await read(stack, "lead.product", launch=launch["id"])
        assert await notices(stack, "lead.product", launch) == []


async def test_the_same_may_be_told_again(stack: Stack) -> None:
    launch = await signed_up_to(stack, await started(stack), "product")
    for person, name, reason in (
        ("frontline.city-a", "stop", "no posters"),
        ("sponsor", "resume", "they come"),
        ("frontline.city-a", "stop", "no posters either"),
        ("sponsor", "resume", "now"),
    ):
        assert (await act(stack, launch, name, {"reason": reason}, person)).status_code == 200
    told = await notices(stack, "lead.product", launch)
    assert [(n["subject"], n["text"]) for n in told] == [
        ("stopped", "no posters"),
        ("resumed", "they come"),
        ("stopped", "no posters either"),
        ("resumed", "now"),
    ]
    assert all(n["step"] is None for n in told)
    await read(stack, "lead.product", until=told[1]["since"])
    assert await notices(stack, "lead.product", launch) == told[2:]
    await read(stack, "lead.product")
    assert await notices(stack, "lead.product", launch) == []


async def test_what_is_no_reading_is_refused(stack: Stack) -> None:
    assert code_of(await stack.post("/inbox/read", {"all": True}, "sponsor")) == "invalid"
    assert code_of(await stack.post("/inbox/read", {"launch": 7}, "sponsor")) == "invalid"
