"""Signatures on a condition, delegates and reminders over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.canonical import rfc3339
from tests.api.story import (
    PLANNER,
    Document,
    act,
    as_document,
    code_of,
    inbox,
    shown,
    sign,
    signed_up_to,
    started,
    step_of,
)
from tests.stack import Stack

LEAD = "lead.product"


def later(**by: float) -> str:
    return rfc3339((datetime.now(UTC) + timedelta(**by)).replace(microsecond=0))


def signing(launch: Document, condition: object) -> Document:
    digest = step_of(launch, "product")["terms"]["digest"]
    return {"terms_digest": digest, "condition": condition}


async def test_a_signature_waits_for_a_fact(stack: Stack) -> None:
    launch = await started(stack)
    fact = {"fact": "the stock is there", "by": later(days=3)}
    answer = await act(stack, launch, "product/sign", signing(launch, fact), LEAD)
    now = as_document(answer)
    waiting = step_of(now, "product")
    assert (waiting["state"], waiting["signatures"]) == ("requested", [])
    assert waiting["condition"]["fact"] == "the stock is there"
    assert waiting["condition"]["signature"]["person"] == LEAD
    [waited] = now["waiting_on"]
    assert (waited["for"], waited["party"], waited["due"]) == ("condition", "planner", fact["by"])
    items = await inbox(stack, PLANNER)
    assert ("condition", launch["id"]) in {(item["kind"], item["launch"]) for item in items}
    terms = {"terms": {"deliverable": "Half"}, "reason": "less"}
    assert code_of(await act(stack, launch, "product/amend", terms, PLANNER)) == "wrong_state"
    said = {"fact": "the stock is there"}
    signed = as_document(await act(stack, launch, "product/confirm", said, PLANNER))
    assert step_of(signed, "product")["state"] == "signed"
    assert step_of(signed, "marketing")["state"] == "requested"


@pytest.mark.parametrize("other", ["product", "marketing", "service"])
async def test_a_step_waits_for_none_that_waits_for_it(stack: Stack, other: str) -> None:
    launch = await started(stack)
    condition = {"step": other, "reaches": "signed", "by": later(days=3)}
    # Before who may do it: nobody could.
    for person in (LEAD, "admin"):
        body = signing(launch, condition)
        answer = await act(stack, launch, "product/sign", body, person)
        assert (answer.status_code, code_of(answer)) == (422, "impossible_condition")
    assert (await shown(stack, launch["id"]))["seq"] == launch["seq"]


@pytest.mark.parametrize(
    "condition",
    [
        {"by": "2199-01-01T00:00:00Z"},
        {"fact": "x", "step": "marketing", "reaches": "signed", "by": "2199-01-01T00:00:00Z"},
        {"step": "marketing", "by": "2199-01-01T00:00:00Z"},
        {"step": "marketing", "reaches": "reported", "by": "2199-01-01T00:00:00Z"},
        {"fact": "x"},
        {"fact": "x", "by": "2020-01-01T00:00:00Z"},
        {"step": "nowhere", "reaches": "signed", "by": "2199-01-01T00:00:00Z"},
        "x",
    ],
)
async def test_half_a_condition_is_refused(stack: Stack, condition: object) -> None:
    launch = await started(stack)
    answer = await act(stack, launch, "product/sign", signing(launch, condition), LEAD)
    assert (answer.status_code, code_of(answer)) == (422, "invalid"), answer.text
    assert as_document(answer)["errors"][0]["field"].startswith("condition")


async def test_somebody_stands_in_and_is_told_as_b_for_a(stack: Stack) -> None:
    launch = await started(stack)
    given = {"to": "frontline.city-b", "until": later(days=2), "reason": "away"}
    shared = step_of(
        as_document(await act(stack, launch, "product/delegate", given, LEAD)), "product"
    )
    assert (shared["delegate"]["to"], shared["delegate"]["by"]) == ("frontline.city-b", LEAD)
    items = await inbox(stack, "frontline.city-b")
    assert ("sign", launch["id"]) in {(item["kind"], item["launch"]) for item in items}
    on = await act(stack, launch, "product/delegate", given, "frontline.city-b")
    assert code_of(on) == "not_yours"
    signed = as_document(await sign(stack, launch, "product", "frontline.city-b"))
    [signature] = step_of(signed, "product")["signatures"]
    assert (signature["role"], signature["on_behalf_of"]) == ("delegate", LEAD)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to": "nobody.known"}, "invalid"),
        ({"until": "2020-01-01T00:00:00Z"}, "invalid"),
        ({"to": PLANNER}, "four_eyes"),
    ],
)
async def test_not_everybody_stands_in(stack: Stack, change: Document, code: str) -> None:
    launch = await started(stack)
    given = {"to": "frontline.city-b", "until": later(days=2), "reason": "away", **change}
    assert code_of(await act(stack, launch, "product/delegate", given, LEAD)) == code


async def test_a_reminder_is_not_repeated_at_once(stack: Stack) -> None:
    launch = await signed_up_to(stack, await started(stack), "product")
    first = await act(stack, launch, "product/remind", {}, PLANNER, "once")
    assert step_of(as_document(first), "product")["reminded_at"] is not None
    again = await act(stack, launch, "product/remind", {}, PLANNER)
    assert (again.status_code, code_of(again)) == (429, "reminded_recently")
    assert as_document(again)["again_at"] > as_document(first)["steps"][0]["reminded_at"]
    same = await act(stack, launch, "product/remind", {}, PLANNER, "once")
    assert (same.status_code, same.json()) == (200, first.json())
