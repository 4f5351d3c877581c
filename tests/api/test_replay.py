"""A run told again over HTTP: verified, from Temporal while it is open, then from the archive."""

import asyncio
import json
from datetime import datetime

from pydantic import BaseModel

from api.replay_documents import ReplayPublic
from tests.api.story import (
    CHAIN,
    PLANNER,
    Document,
    act,
    as_document,
    cancelled,
    code_of,
    sign,
    signed_up_to,
    started,
)
from tests.stack import Stack


async def replay(stack: Stack, launch: str, person: str = "executive") -> Document:
    answer = await stack.get(f"/launches/{launch}/replay", person)
    assert answer.status_code == 200, answer.text
    document = as_document(answer)
    ReplayPublic.model_validate(document)
    assert document.keys() == names_in(ReplayPublic)
    return document


def names_in(shape: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in shape.model_fields.items()}


async def archived(stack: Stack, launch: str) -> Document:
    """The replay once the launch is in the archive."""
    async with asyncio.timeout(60):
        while (told := await replay(stack, launch))["verification"]["source"] != "archive":  # noqa: ASYNC110 - HTTP
            await asyncio.sleep(0.2)
    return told


def critical(told: Document) -> float:
    return float(sum(wait["seconds"] for wait in told["waits"] if wait["critical"]))


async def test_an_open_launch_is_told_and_verified(stack: Stack) -> None:
    launch = await signed_up_to(stack, await started(stack), "marketing")
    told = await replay(stack, launch["id"])
    assert told["verified"], told["verification"]["detail"]
    found = told["verification"]
    assert found["source"] == "temporal"
    assert found["events"] == launch["seq"] == len(told["frames"])
    assert found["signatures"] == 3
    assert found["recorded_by"] == [found["replayed_by"]]
    assert (found["detail"], found["difference"], found["archive"]) == (None, None, None)
    last = told["frames"][-1]
    assert last["chain"] == {step["key"]: step["state"] for step in launch["steps"]}
    assert [w["step"] for w in last["waiting_on"]] == [w["step"] for w in launch["waiting_on"]]
    assert set(last["visible_to"]) == {"product", "marketing", "communications"}


async def test_a_closed_launch_is_told_from_the_archive(stack: Stack) -> None:
    launch = await cancelled(stack, await signed_up_to(stack, await started(stack), "product"))
    told = await archived(stack, launch["id"])
    assert told["verified"], told["verification"]["detail"]
    kept = told["verification"]["archive"]
    assert kept["events"] == told["verification"]["history_events"] > 0
    assert 0 < kept["bytes"] < 64_000
    assert kept["runs"] == 1
    first, last = (datetime.fromisoformat(told["frames"][n]["at"]) for n in (0, -1))
    assert abs(told["length"] - (last - first).total_seconds()) < 1e-6
    assert abs(critical(told) - told["length"]) < 1e-6
    assert abs(sum(stretch["seconds"] for stretch in told["path"]) - told["length"]) < 1e-6
    assert told["path"][0]["interface"] == "product→marketing"
    assert told["path"][-1]["party"] == "system"
    assert (last_frame := told["frames"][-1])["outcome"] == "cancelled"
    assert last_frame["waiting_on"] == []


async def test_the_critical_waits_of_an_open_launch_reach_until_now(stack: Stack) -> None:
    launch = await started(stack)
    before = await replay(stack, launch["id"])
    await asyncio.sleep(0.05)
    after = await replay(stack, launch["id"])
    assert after["length"] > before["length"]
    assert abs(critical(after) - after["length"]) < 1e-6


async def test_it_names_nobody(stack: Stack) -> None:
    """I21: neither who acted nor what they wrote."""
    launch = await started(stack)
    await act(stack, launch, "product/ask", {"text": "Ask lead.marketing or 王芳"}, "lead.product")
    await act(stack, launch, "product/reply", {"text": "Zoe Miller knows"}, PLANNER)
    await sign(stack, launch, "product")
    text = json.dumps(await replay(stack, launch["id"]), ensure_ascii=False)
    people = {person for person in stack.tokens if "." in person}
    assert not [person for person in people if person in text]
    assert "Zoe" not in text
    assert "王芳" not in text


async def test_while_it_is_at_work_it_is_verified_all_the_same(stack: Stack) -> None:
    """The history may be an entry behind the ledger at any moment."""
    launch = await started(stack)

    async def signing() -> None:
        for step in CHAIN:
            await sign(stack, launch, step)

    work = asyncio.create_task(signing())
    told = [await replay(stack, launch["id"]) for _ in range(4)]
    await work
    assert [one["verification"]["detail"] for one in told] == [None] * 4


async def test_everybody_may_read_it_and_nobody_else(stack: Stack) -> None:
    launch = await started(stack)
    assert (await replay(stack, launch["id"], "frontline.city-b"))["launch"] == launch["id"]
    answer = await stack.get(f"/launches/{launch['id']}/replay", None)
    assert (answer.status_code, code_of(answer)) == (401, "unauthenticated")


async def test_an_unknown_launch_has_no_replay(stack: Stack) -> None:
    answer = await stack.get("/launches/nothing/replay")
    assert (answer.status_code, code_of(answer)) == (404, "no_such_launch")
