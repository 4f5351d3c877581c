"""Terms settled over HTTP: counter-offers, amendments, promises given back and taken back."""

import pytest

from tests.api.story import (
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

HALF = {"terms": {"deliverable": "Half of it"}, "reason": "too much"}
LEAD = "lead.product"


async def done(stack: Stack, launch: Document, name: str, body: object, person: str) -> Document:
    """The step after an act that was taken."""
    answer = await act(stack, launch, name, body, person)
    assert answer.status_code == 200, answer.text
    return step_of(as_document(answer), name.partition("/")[0])


async def test_a_counter_offer_is_signed_shown_and_accepted(stack: Stack) -> None:
    launch = await started(stack)
    asked = step_of(launch, "product")
    offered = await done(stack, launch, "product/counter", HALF, LEAD)
    assert (offered["state"], offered["terms"]["version"]) == ("countered", 2)
    assert offered["counter"]["reason"] == "too much"
    [signature] = offered["signatures"]
    assert (signature["person"], signature["digest"]) == (LEAD, offered["terms"]["digest"])
    now = await shown(stack, launch["id"])
    [waiting] = now["waiting_on"]
    assert (waiting["party"], waiting["for"], waiting["step"]) == (
        "planner",
        "accept_counter",
        "product",
    )
    stale = {"terms_digest": asked["terms"]["digest"]}
    assert code_of(await act(stack, launch, "product/accept-counter", stale, PLANNER)) == (
        "terms_changed"
    )
    taken = {"terms_digest": offered["terms"]["digest"]}
    signed = await done(stack, launch, "product/accept-counter", taken, PLANNER)
    assert (signed["state"], signed["ran"]) == ("signed", True)
    [first, second] = signed["versions"]
    assert second["changes"] == [
        {"field": "deliverable", "before": first["deliverable"], "after": "Half of it"}
    ]
    assert step_of(await shown(stack, launch["id"]), "marketing")["state"] == "requested"


async def test_it_is_withdrawn_or_answered_with_other_terms(stack: Stack) -> None:
    launch = await started(stack)
    asked = step_of(launch, "product")["terms"]
    await done(stack, launch, "product/counter", HALF, LEAD)
    back = await done(stack, launch, "product/withdraw-counter", {"note": "we can"}, LEAD)
    assert (back["state"], back["terms"]) == ("requested", asked)
    await done(stack, launch, "product/counter", HALF, LEAD)
    amended = {"terms": {"conditions": ["Half is enough"]}, "reason": "between the two"}
    again = await done(stack, launch, "product/amend", amended, PLANNER)
    assert (again["state"], again["terms"]["version"], again["signatures"]) == ("requested", 4, [])
    assert [v["version"] for v in again["versions"]] == [1, 2, 3, 4]
    ended = await done(stack, launch, "product/withdraw", {"reason": "not needed"}, PLANNER)
    assert ended["state"] == "withdrawn"


async def test_a_promise_is_given_back_with_consent_and_taken_back_without(stack: Stack) -> None:
    launch = await signed_up_to(stack, await started(stack), "product")
    wish = {"reason": "the press is broken"}
    asked = await done(stack, launch, "product/request-release", wish, LEAD)
    assert (asked["state"], asked["release"]["reason"]) == ("signed", "the press is broken")
    again = await act(stack, launch, "product/request-release", wish, LEAD)
    assert code_of(again) == "already_answered"
    kept = await done(stack, launch, "product/refuse-release", {}, PLANNER)
    assert (kept["state"], kept["release"]) == ("signed", None)
    await done(stack, launch, "product/report", {"evidence": "there"}, LEAD)
    back = await done(stack, launch, "product/retract-report", {}, LEAD)
    assert back["state"] == "signed"
    revoked = await done(stack, launch, "product/revoke", {"reason": "no paper"}, LEAD)
    assert revoked["state"] == "revoked"
    now = await shown(stack, launch["id"])
    assert step_of(now, "marketing")["state"] == "pending"
    assert now["open_escalations"] == 1
    listed = as_document(await stack.get(f"/escalations?launch={launch['id']}"))["items"]
    assert [(e["cause"], e["to"]["role"]) for e in listed] == [("revoked", "sponsor")]
    await done(stack, launch, "product/request", {"reason": "elsewhere"}, PLANNER)
    await sign(stack, launch, "product")
    await done(stack, launch, "product/request-release", wish, LEAD)
    freed = await done(stack, launch, "product/allow-release", {"note": "so be it"}, PLANNER)
    assert (freed["state"], freed["reason"]) == ("released", "so be it")


async def test_the_planner_cancels_one_promise(stack: Stack) -> None:
    launch = await signed_up_to(stack, await started(stack), "marketing")
    cancelled = await done(stack, launch, "product/cancel", {"reason": "without it"}, PLANNER)
    assert cancelled["state"] == "cancelled"
    now = await shown(stack, launch["id"])
    assert now["phase"] == "committing"
    assert step_of(now, "marketing")["upstream_open"] is True
    assert step_of(now, "communications")["state"] == "requested"
    refused = await act(stack, launch, "product/sign", {"terms_digest": "x"}, "head.product")
    assert as_document(refused)["possible"] == ["request", "waive"]


@pytest.mark.parametrize("name", ["counter", "amend"])
@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({}, "terms"),
        ({"deliver_by": "2020-01-01T00:00:00Z"}, "terms.deliver_by"),
        ({"quantities": [{"pool": "gold", "quantity": 1}]}, "terms.quantities[0].pool"),
        ({"quantities": [{"pool": "gift-phone", "quantity": 0}]}, "terms.quantities[0].quantity"),
        ({"deliverables": "x"}, "terms.deliverables"),
    ],
)
async def test_terms_that_cannot_be_are_refused_by_field(
    stack: Stack, name: str, terms: Document, field: str
) -> None:
    launch = await started(stack)
    person = LEAD if name == "counter" else PLANNER
    body = {"terms": terms, "reason": "so"}
    answer = await act(stack, launch, f"product/{name}", body, person)
    assert (answer.status_code, code_of(answer)) == (422, "invalid")
    assert [error["field"] for error in as_document(answer)["errors"]] == [field]
    assert (await shown(stack, launch["id"]))["seq"] == launch["seq"]
