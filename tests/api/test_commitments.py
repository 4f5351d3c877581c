from typing import Any

import pytest

from tests.api.story import (
    CHAIN,
    PLANNER,
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


async def test_a_chain_is_signed_step_by_step(stack: Stack) -> None:
    launch = signed = await started(stack)
    for step, following in zip(CHAIN, (*CHAIN[1:], None), strict=True):
        signed = as_document(await sign(stack, launch, step))
        assert step_of(signed, step)["state"] == "signed"
        assert step_of(signed, step)["ran"] is True
        if following:
            assert step_of(signed, following)["state"] == "requested"
    assert signed["phase"] == "preparing"
    assert await shown(stack, launch["id"]) == signed


async def test_a_signature_names_person_role_and_digest(stack: Stack) -> None:
    launch = await started(stack)
    digest = step_of(launch, "product")["terms"]["digest"]
    signed = as_document(await sign(stack, launch, "product", "head.product"))
    (signature,) = step_of(signed, "product")["signatures"]
    assert signature["person"] == "head.product"
    assert signature["role"] == "head"
    assert signature["digest"] == digest
    assert signature["jws"].count(".") == 2


async def test_acknowledge_ask_reply(stack: Stack) -> None:
    launch = await started(stack)
    later = step_of(launch, "product")["answer_by"]
    body = {"answer_by": later}
    answer = await act(stack, launch, "product/acknowledge", body, "lead.product")
    assert answer.status_code == 200, answer.text
    asked = await act(stack, launch, "product/ask", {"text": "which price?"}, "lead.product")
    assert "reply" in {waiting["for"] for waiting in as_document(asked)["waiting_on"]}
    replied = await act(stack, launch, "product/reply", {"text": "100"}, PLANNER)
    assert "reply" not in {waiting["for"] for waiting in as_document(replied)["waiting_on"]}


async def test_report_reject_report_accept(stack: Stack) -> None:
    launch = await started(stack)
    await sign(stack, launch, "product")
    report = {"evidence": "see the test protocol", "link": "https://example.com/protocol"}
    reported = await act(stack, launch, "product/report", report, "lead.product")
    assert step_of(as_document(reported), "product")["state"] == "reported"
    rejected = await act(stack, launch, "product/reject", {"reason": "no limits"}, "lead.marketing")
    assert step_of(as_document(rejected), "product")["state"] == "signed"
    await act(stack, launch, "product/report", report, "lead.product")
    condition = step_of(launch, "product")["terms"]["conditions"][0]
    body = {"ratings": [{"condition": condition, "score": 5}], "note": "thank you"}
    accepted = await act(stack, launch, "product/accept", body, "deputy.marketing")
    assert step_of(as_document(accepted), "product")["state"] == "accepted"


async def test_decline_and_a_new_request_with_other_terms(stack: Stack) -> None:
    launch = await started(stack)
    declined = await act(stack, launch, "product/decline", {"reason": "no quota"}, "lead.product")
    assert step_of(as_document(declined), "product")["state"] == "declined"
    terms = {"deliverable": "Half of the offers", "conditions": ["Half is enough"]}
    body = {"reason": "half will do", "terms": terms}
    answer = await act(stack, launch, "product/request", body, PLANNER)
    again = step_of(as_document(answer), "product")
    assert (again["state"], again["attempt"]) == ("requested", 2)
    assert again["terms"]["deliverable"] == "Half of the offers"
    assert again["terms"]["conditions"] == ["Half is enough"]
    assert again["terms"]["deliver_by"] == step_of(launch, "product")["terms"]["deliver_by"]
    assert [attempt["state"] for attempt in again["attempts"]] == ["declined"]


async def test_a_waiver_takes_two_people(stack: Stack) -> None:
    launch = await started(stack)
    body = {"reason": "not needed this time"}
    opened = as_document(await act(stack, launch, "product/waive", body, "sponsor"))
    assert step_of(opened, "product")["waiver"]["by"] == "sponsor"
    assert step_of(opened, "product")["state"] == "requested"
    alone = await act(stack, launch, "product/waive", body, "sponsor")
    assert code_of(alone) == "four_eyes"
    waived = await act(stack, launch, "product/waive", body, "head.marketing")
    assert step_of(as_document(waived), "product")["state"] == "waived"


async def test_two_signers_are_two_people(stack: Stack) -> None:
    launch = await started(stack, steps=[{"key": "product", "signers": 2}])
    first = await sign(stack, launch, "product", "lead.product")
    assert step_of(as_document(first), "product")["state"] == "requested"
    assert code_of(await sign(stack, launch, "product", "lead.product")) == "four_eyes"
    second = await sign(stack, launch, "product", "deputy.product")
    assert step_of(as_document(second), "product")["state"] == "signed"


@pytest.mark.parametrize(
    ("name", "body", "person", "code"),
    [
        ("product/sign", {"terms_digest": "sha256:0"}, "lead.product", "terms_changed"),
        ("product/report", {"evidence": "x"}, "lead.product", "wrong_state"),
        ("product/accept", {}, "lead.marketing", "wrong_state"),
        ("marketing/decline", {"reason": "x"}, "lead.marketing", "wrong_state"),
        ("product/request", {"reason": "x"}, PLANNER, "wrong_state"),
        ("resume", {"reason": "x"}, "sponsor", "wrong_state"),
        ("product/sign", {"terms_digest": "x"}, PLANNER, "four_eyes"),
        ("product/sign", {"terms_digest": "x"}, "lead.marketing", "not_yours"),
        ("product/waive", {"reason": "x"}, "lead.product", "not_yours"),
    ],
)
async def test_rules_that_stand_against_an_act(
    stack: Stack, name: str, body: dict[str, Any], person: str, code: str
) -> None:
    launch = await started(stack)
    refused = await act(stack, launch, name, body, person)
    assert code_of(refused) == code
    assert await shown(stack, launch["id"]) == launch


async def test_refusals_carry_what_is_needed_to_go_on(stack: Stack) -> None:
    launch = await started(stack)
    stale = await act(stack, launch, "product/sign", {"terms_digest": "x"}, "lead.product")
    terms = step_of(launch, "product")["terms"]
    figures = as_document(stale)["figures"]
    assert figures.items() <= as_document(stale).items()
    assert (figures["version"], figures["digest"]) == (terms["version"], terms["digest"])
    early = await act(stack, launch, "product/report", {"evidence": "x"}, "lead.product")
    figures = as_document(early)["figures"]
    assert figures["state"] == "requested"
    assert "sign" in figures["possible"]
    await sign(stack, launch, "product")
    assert code_of(await sign(stack, launch, "product", "deputy.product")) == "already_answered"


async def test_a_closed_launch_refuses_every_decision(stack: Stack) -> None:
    launch = await signed_up_to(stack, await started(stack), "marketing")
    assert (await act(stack, launch, "cancel", {"reason": "x"}, PLANNER)).status_code == 200
    for name, person in (("communications/sign", "lead.communications"), ("stop", "sponsor")):
        body = {"terms_digest": "x"} if name.endswith("sign") else {"reason": "x"}
        assert code_of(await act(stack, launch, name, body, person)) == "launch_closed"
    # Whose act it is comes before the state of the launch.
    other = await act(stack, launch, "communications/sign", {"terms_digest": "x"}, "admin")
    assert code_of(other) == "not_yours"
