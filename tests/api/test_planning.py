"""Another plan for a launch under way, over HTTP."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.api.story import (
    CHAIN,
    PLANNER,
    Document,
    act,
    as_document,
    code_of,
    shown,
    sign,
    signed_up_to,
    started,
    step_of,
)
from tests.stack import Stack

OFFER = {"key": "topup", "product": "prepaid-topup", "pay": "100.00", "currency": "CNY"}


async def amended(stack: Stack, launch: Document, person: str = PLANNER, **plan: Any) -> Document:  # noqa: ANN401 - any JSON
    """The launch after its plan was changed."""
    body = {"plan": plan, "reason": "the market moved"}
    answer = await act(stack, launch, "amend", body, person)
    assert answer.status_code == 200, answer.text
    return as_document(answer)


def states(launch: Document) -> list[str]:
    return [step["state"] for step in launch["steps"]]


def later(launch: Document, days: int = 7) -> dict[str, str]:
    """The window so many days later, in dates as planners write them."""
    start, end = (date.fromisoformat(launch["window"][edge][:10]) for edge in ("start", "end"))
    # In Shanghai a day begins at 16:00 UTC of the day before; its last day is the one before.
    return {
        "start": str(start + timedelta(days=days + 1)),
        "end": str(end + timedelta(days=days)),
    }


async def test_only_what_rests_on_a_changed_field_is_asked_for_anew(stack: Stack) -> None:
    launch = await signed_up_to(stack, await started(stack), "service")
    now = await amended(stack, launch, theme="金秋回馈")
    assert states(now) == ["signed", "signed", "requested", "signed", "signed"]
    touched = step_of(now, "communications")
    assert (touched["terms"]["version"], touched["signatures"]) == (2, [])
    [void, current] = touched["versions"]
    assert [s["person"] for s in void["signatures"]] == ["lead.communications"]
    assert current["proposal"]["kind"] == "plan"
    assert step_of(now, "channel")["upstream_open"]
    [amendment] = now["amendments"]
    assert amendment["changes"] == [{"field": "theme", "before": None, "after": "金秋回馈"}]
    assert now["plan"]["theme"] == "金秋回馈"
    assert now == await shown(stack, launch["id"]), "what an act answers, GET shows"
    again = as_document(await sign(stack, now, "communications"))
    assert not step_of(again, "channel")["upstream_open"]


async def test_every_step_that_rests_on_it_goes_back_in_order(stack: Stack) -> None:
    launch = await signed_up_to(stack, await started(stack), "channel")
    now = await amended(stack, launch, offers=[{**OFFER, "get": "60.00"}])
    assert states(now) == ["requested", *["pending"] * 4]
    old = step_of(launch, "product")["terms"]["digest"]
    stale = await act(stack, now, "product/sign", {"terms_digest": old}, "lead.product")
    assert code_of(stale) == "terms_changed"
    assert states(await signed_up_to(stack, now, "service")) == ["signed"] * 5


async def test_in_a_postponement_promises_stand(stack: Stack) -> None:
    launch = await signed_up_to(stack, await started(stack), "marketing")
    now = await amended(stack, launch, window=later(launch))
    assert now["plan"]["window"] != launch["plan"]["window"]
    assert states(now) == states(launch)
    for key in CHAIN:
        was, is_now = step_of(launch, key), step_of(now, key)
        assert is_now["terms"] == was["terms"]
        assert date.fromisoformat(is_now["due"][:10]) == (
            date.fromisoformat(was["due"][:10]) + timedelta(days=7)
        )
    assert now["gate"]["opens_at"] == now["window"]["start"]


async def test_of_a_window_one_end_may_be_named_and_a_field_may_be_emptied(stack: Stack) -> None:
    launch = await started(stack, theme="x")
    end = later(launch, 30)["end"]
    now = await amended(stack, launch, window={"end": end}, theme=None)
    assert now["window"]["start"] == launch["window"]["start"]
    assert now["window"]["end"][:10] > launch["window"]["end"][:10]
    assert now["plan"]["theme"] is None


@pytest.mark.parametrize(
    ("plan", "fields"),
    [
        (None, ["plan"]),
        ({}, ["plan"]),
        ("later", ["plan"]),
        ({"code": "X", "steps": []}, ["plan.code", "plan.steps"]),
        ({"title": None}, ["plan.title"]),
        ({"window": {"start": "2020-01-01"}}, ["plan.window.start"]),
        ({"window": {"end": "2020-01-01"}}, ["plan.window.end"]),
        ({"window": {"start": "tomorrow"}}, ["plan.window.start"]),
        (
            {"offers": [{"key": "x", "pay": "-1"}], "theme": 7},
            [
                *("plan.offers[0].pay", "plan.theme", "plan.offers[0].product"),
                *("plan.offers[0].get", "plan.offers[0].currency"),
            ],
        ),
        (
            {"resources": [{"pool": "no-pool", "quantity": 1, "step": "no-step"}]},
            ["plan.resources[0].pool", "plan.resources[0].step"],
        ),
    ],
)
async def test_everything_wrong_with_a_change_is_said_at_once(
    stack: Stack, plan: object, fields: list[str]
) -> None:
    launch = await started(stack)
    answer = await act(stack, launch, "amend", {"plan": plan, "reason": "x"}, PLANNER)
    assert code_of(answer) == "invalid"
    assert sorted(e["field"] for e in as_document(answer)["errors"]) == sorted(fields)
    assert await shown(stack, launch["id"]) == launch


async def test_the_plan_as_it_is_is_no_change(stack: Stack) -> None:
    launch = await started(stack)
    same = {"regions": launch["plan"]["regions"], "offers": launch["plan"]["offers"]}
    answer = await act(stack, launch, "amend", {"plan": same, "reason": "x"}, PLANNER)
    assert code_of(answer) == "invalid"
    assert [e["field"] for e in as_document(answer)["errors"]] == ["plan"]


async def test_a_counter_offer_may_change_the_plan(stack: Stack) -> None:
    launch = await signed_up_to(stack, await started(stack), "product")
    body = {"plan": {"window": later(launch)}, "reason": "the press is late"}
    answer = await act(stack, launch, "marketing/counter", body, "lead.marketing")
    offered = step_of(as_document(answer), "marketing")
    assert offered["counter"]["plan"]["window"]["start"] > launch["window"]["start"]
    assert offered["terms"]["deliver_by"] > step_of(launch, "marketing")["terms"]["deliver_by"]
    taken = {"terms_digest": offered["terms"]["digest"]}
    now = as_document(await act(stack, launch, "marketing/accept-counter", taken, PLANNER))
    assert now["plan"]["window"] == offered["counter"]["plan"]["window"]
    assert states(now)[:3] == ["signed", "signed", "requested"]
    nothing = await act(
        stack, now, "communications/counter", {"reason": "x"}, "lead.communications"
    )
    assert [e["field"] for e in as_document(nothing)["errors"]] == ["terms"]


async def test_the_counter_that_a_finding_suggests_makes_it_go(stack: Stack) -> None:
    """What is found in a window that begins too soon brings its own counter-offer along."""
    soon = datetime.now(UTC).date() + timedelta(days=6)
    window = {"start": str(soon), "end": str(soon + timedelta(days=14))}
    launch = await signed_up_to(stack, await started(stack, window=window), "product")
    found = [f for f in launch["findings"] if f["state"] == "open"]
    suggested = max(
        (f["suggested_counter"] for f in found), key=lambda s: s["plan"]["window"]["start"]
    )
    body = {**suggested, "reason": "as the check says"}
    answer = await act(stack, launch, "marketing/counter", body, "lead.marketing")
    assert answer.status_code == 200, answer.text
    digest = step_of(as_document(answer), "marketing")["terms"]["digest"]
    answer = await act(stack, launch, "marketing/accept-counter", {"terms_digest": digest}, PLANNER)
    assert answer.status_code == 200, answer.text
    assert not [f for f in as_document(answer)["findings"] if f["state"] == "open"]


async def test_an_escalation_is_settled_by_postponing(stack: Stack) -> None:
    launch = await started(stack)
    body = {"reason": "the printer is on strike"}
    raised = as_document(await act(stack, launch, "escalations", body, "lead.product"))
    path = f"/escalations/{raised['id']}/resolve"
    for window, field in (
        ({"end": later(launch)["end"]}, "window"),
        ({"start": "2020-01-01"}, "window.start"),
    ):
        refused = await stack.post(
            path, {"resolution": "postpone", "reason": "x", "window": window}, "sponsor"
        )
        assert code_of(refused) == "invalid"
        assert [e["field"] for e in as_document(refused)["errors"]] == [field]
    settle = {"resolution": "postpone", "reason": "a week", "window": later(launch)}
    assert as_document(await stack.post(path, settle, "sponsor"))["resolution"] == "postpone"
    now = await shown(stack, launch["id"])
    assert now["window"]["start"] > launch["window"]["start"]
    assert states(now) == states(launch)


async def test_what_a_key_was_answered_stays_when_the_window_is_past(stack: Stack) -> None:
    launch = await started(stack)
    body = {"plan": {"window": later(launch)}, "reason": "x"}
    first = await act(stack, launch, "amend", body, PLANNER, "one-amendment")
    again = await act(stack, launch, "amend", body, PLANNER, "one-amendment")
    assert (again.status_code, again.json()) == (200, first.json())
