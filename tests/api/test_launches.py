import pytest

from tests.api.plans import plan
from tests.api.story import PLANNER, act, as_document, code_of, shown, started, step_of
from tests.stack import Stack


async def test_a_started_launch_is_readable_and_has_asked_its_first_step(stack: Stack) -> None:
    answer = await stack.post("/launches", plan(), PLANNER)
    launch = as_document(answer)
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/launches/{launch['id']}"
    assert step_of(launch, "product")["state"] == "requested"
    assert step_of(launch, "marketing")["state"] == "pending"
    assert launch["planner"] == PLANNER
    assert await shown(stack, launch["id"]) == launch


async def test_a_code_belongs_to_one_launch(stack: Stack) -> None:
    body = plan()
    assert (await stack.post("/launches", body, PLANNER)).status_code == 201
    again = await stack.post("/launches", body, "planner.enterprise")
    assert again.status_code == 409
    assert code_of(again) == "code_taken"
    assert as_document(again)["figures"] == {"code": body["code"]}


async def test_only_planners_start(stack: Stack) -> None:
    body = plan()
    answer = await stack.post("/launches", body, "lead.product", key="not-a-planner")
    assert answer.status_code == 403
    assert code_of(answer) == "not_yours"
    again = await stack.post("/launches", body, "lead.product", key="not-a-planner")
    assert again.text == answer.text
    # The code was not taken by the attempt.
    assert (await stack.post("/launches", body, PLANNER)).status_code == 201


async def test_every_error_of_a_plan_comes_at_once(stack: Stack) -> None:
    body = plan(sponsor=None, window={"start": "2026-02-30", "end": 7}, colour="red")
    answer = await stack.post("/launches", body, PLANNER)
    assert answer.status_code == 422
    assert code_of(answer) == "invalid"
    fields = {error["field"] for error in as_document(answer)["errors"]}
    assert {"sponsor", "window.start", "window.end", "colour"} <= fields


async def test_checking_a_plan_starts_nothing(stack: Stack) -> None:
    body = plan(steps=[{"key": "product", "deliver_by": "2026-01-05"}])
    answer = await stack.post("/launches/check", body, PLANNER)
    assert answer.status_code == 200
    found = as_document(answer)
    assert [finding["check"] for finding in found["findings"]] == ["lead_time"]
    assert [step["step"] for step in found["timeline"]] == [
        "product",
        "marketing",
        "communications",
        "channel",
        "service",
    ]
    assert as_document(await stack.get(f"/launches?q={body['code']}"))["items"] == []


async def test_the_list_goes_newest_first_in_pages_bound_to_their_filters(stack: Stack) -> None:
    marker = plan()["code"]
    ids = [(await started(stack, code=f"{marker}-{n}"))["id"] for n in range(3)]
    first = as_document(await stack.get(f"/launches?q={marker}&limit=2"))
    assert [item["id"] for item in first["items"]] == ids[:0:-1]
    cursor = first["next_cursor"]
    second = as_document(await stack.get(f"/launches?q={marker}&limit=2&cursor={cursor}"))
    assert [item["id"] for item in second["items"]] == ids[:1]
    assert second["next_cursor"] is None
    other = await stack.get(f"/launches?limit=2&cursor={cursor}")
    assert other.status_code == 422
    assert as_document(other)["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=ä", "cursor"),
        ("phase=unknown", "phase"),
        ("q=a%00b", "q"),
    ],
)
async def test_list_parameters_are_judged(stack: Stack, query: str, field: str) -> None:
    answer = await stack.get(f"/launches?{query}")
    assert answer.status_code == 422
    assert as_document(answer)["errors"][0]["field"] == field


async def test_filters(stack: Stack) -> None:
    launch = await started(stack)
    found = f"q={launch['code']}&phase=committing&department=personal&module=channel"
    assert len(as_document(await stack.get(f"/launches?{found}"))["items"]) == 1
    for other in ("phase=live", "department=enterprise", "module=nowhere"):
        answer = await stack.get(f"/launches?q={launch['code']}&{other}")
        assert as_document(answer)["items"] == []


async def test_stop_resume_cancel(stack: Stack) -> None:
    launch = await started(stack)
    stopped = await act(stack, launch, "stop", {"reason": "wrong price"}, "frontline.city-a")
    assert stopped.status_code == 200
    assert as_document(stopped)["stopped"] is True
    signing = await act(stack, launch, "product/sign", {"terms_digest": "x"}, "lead.product")
    assert code_of(signing) == "launch_stopped"
    resumed = await act(stack, launch, "resume", {"reason": "price fixed"}, "executive")
    assert as_document(resumed)["stopped"] is False
    ended = await act(stack, launch, "cancel", {"reason": "no budget"}, "sponsor")
    assert ended.status_code == 200
    assert as_document(ended)["seq"] > as_document(resumed)["seq"]


async def test_a_blocking_finding_is_waived_by_two_people(stack: Stack) -> None:
    launch = await started(stack, steps=[{"key": "marketing", "deliver_by": "2026-01-05"}])
    (finding,) = [f for f in launch["findings"] if f["severity"] == "block"]
    body = {"finding": finding["id"], "reason": "agreed by phone"}
    opened = await act(stack, launch, "finding-waive", body, "sponsor")
    assert opened.status_code == 200
    alone = await act(stack, launch, "finding-waive", body, "sponsor")
    assert code_of(alone) == "four_eyes"
    waived = await act(stack, launch, "finding-waive", body, "executive")
    assert as_document(waived)["findings"][0]["state"] == "waived"
    unknown = await act(
        stack, launch, "finding-waive", {"finding": "none", "reason": "x"}, "sponsor"
    )
    assert code_of(unknown) == "no_such_finding"
