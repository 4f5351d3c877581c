"""“What if?” over HTTP; what comes of a change is shown by the unit tests."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from api.replay_documents import WhatIfPublic
from domain.canonical import rfc3339
from tests.api.story import (
    PLANNER,
    Document,
    act,
    as_document,
    cancelled,
    code_of,
    signed_up_to,
    started,
    until,
)
from tests.stack import Stack


@pytest.fixture(scope="module")
async def closed(stack: Stack) -> Document:
    """Product and marketing have signed, communications declined; the planner cancelled."""
    launch = await signed_up_to(stack, await started(stack), "marketing")
    await act(stack, launch, "communications/decline", {"reason": "no"}, "lead.communications")
    return await cancelled(stack, launch)


async def asked(stack: Stack, launch: Document, *changes: dict[str, Any]) -> Document:
    answer = await stack.post(
        f"/launches/{launch['id']}/what-if", {"changes": list(changes)}, "executive"
    )
    assert answer.status_code == 200, answer.text
    document = as_document(answer)
    WhatIfPublic.model_validate(document)
    return document


async def refused(stack: Stack, launch: str, body: object, status: int) -> Document:
    answer = await stack.post(f"/launches/{launch}/what-if", body, PLANNER)
    assert answer.status_code == status, answer.text
    code_of(answer)
    return as_document(answer)


async def test_nothing_changed_is_the_recording(stack: Stack, closed: Document) -> None:
    found = await asked(stack, closed)
    assert found["faithful"]
    assert found["recorded"] == found["recomputed"]
    assert found["moved"] == found["undone"] == found["assumed"] == []
    assert found["recorded"]["outcome"] == "cancelled"
    states = {step["key"]: step["state"] for step in found["recorded"]["steps"]}
    assert states == {step["key"]: step["state"] for step in closed["steps"]}


async def test_an_answer_at_another_time(stack: Stack, closed: Document) -> None:
    recorded = (await asked(stack, closed))["recorded"]["steps"]
    product = datetime.fromisoformat(recorded[0]["answered_at"])
    later = product + timedelta(milliseconds=1)
    found = await asked(stack, closed, {"step": "product", "answer_at": rfc3339(later)})
    moved = {(one["step"], one["what"]): one["seconds"] for one in found["moved"]}
    assert moved["product", "answered_at"] == pytest.approx(0.001)
    assert moved["marketing", "requested_at"] == pytest.approx(0.001)
    again = await asked(stack, closed, {"step": "product", "answer_at": rfc3339(later)})
    assert again == found, "the same question has the same answer"


async def test_a_promise_instead_of_a_refusal(stack: Stack, closed: Document) -> None:
    found = await asked(stack, closed, {"step": "communications", "act": "sign"})
    steps = {step["key"]: step for step in found["recomputed"]["steps"]}
    assert steps["communications"]["promised_at"]
    assert steps["channel"]["requested_at"]
    assert found["recomputed"]["outcome"] == "cancelled", "by the planner, at the same moment"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"step": "sales", "act": "sign"}, "changes[0].step"),
        ({"step": "service", "act": "sign"}, "changes[0].step"),
        ({"step": "product", "answer_at": "2026-01-01T00:00:00Z"}, "changes[0].answer_at"),
        ({"step": "product", "answer_within": "soon"}, "changes[0].answer_within"),
        ({"step": "product", "act": "counter"}, "changes[0].act"),
        ({"step": "product", "signers": 3}, "changes[0].signers"),
        ({"step": "product", "signers": "2"}, "changes[0].signers"),
        ({"step": "product"}, "changes[0]"),
        ({"act": "sign"}, "changes[0].step"),
        ({"stop": False}, "changes[0].stop"),
        ({"stop": False, "step": "product"}, "changes[0].stop"),
        ({"stop": True}, "changes[0].stop"),
        ({"step": "product", "at": "x"}, "changes[0].at"),
    ],
)
async def test_what_contradicts_the_run_is_named(
    stack: Stack, closed: Document, change: dict[str, Any], path: str
) -> None:
    problem = await refused(stack, closed["id"], {"changes": [change]}, 422)
    assert [error["field"] for error in problem["errors"]] == [path]


async def test_refusals_come_in_their_order(stack: Stack, closed: Document) -> None:
    assert (await refused(stack, "nowhere", {"changes": 1}, 404))["code"] == "no_such_launch"
    assert (await refused(stack, closed["id"], {"changes": 1}, 422))["code"] == "invalid"
    too_many = [{"step": "product", "act": "sign"}] * 21
    assert (await refused(stack, closed["id"], {"changes": too_many}, 422))["code"] == "invalid"


async def test_an_open_launch_has_no_if(stack: Stack) -> None:
    launch = await started(stack)
    problem = await refused(stack, launch["id"], {}, 409)
    assert problem["code"] == "wrong_state"
    assert "committing" in problem["detail"]


async def test_a_stop_that_did_not_happen(stack: Stack) -> None:
    launch = await started(stack)
    await act(stack, launch, "stop", {"reason": "wait"}, "frontline.city-a")
    await act(stack, launch, "resume", {"reason": "on"}, "sponsor")
    launch = await cancelled(stack, await signed_up_to(stack, launch, "product"))
    await until(stack, launch["id"], lambda now: now["phase"] == "closed")
    found = await asked(stack, launch, {"stop": False})
    moved = {(one["step"], one["what"]): one["seconds"] for one in found["moved"]}
    assert moved["product", "answered_at"] < 0
