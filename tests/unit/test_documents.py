"""The documents of a launch have the fields of the wire contract, and the inbox says who acts."""

from typing import Any

import pytest

from domain import acts
from domain.canonical import canonical
from domain.inbox import inbox_items
from domain.view import current_details, escalation_document, launch_document
from domain.waiting import waiting_on
from tests.plans import (
    EXECUTIVE,
    PLANNER,
    SPONSOR,
    chain_of_five,
    plan,
    rung,
    single_step,
    step,
    two_signers,
)
from tests.unit.play import Play

LAUNCH = {
    *("id", "code", "title", "phase", "outcome", "stopped", "seq", "planner", "sponsor"),
    *("department", "window", "waiting_on", "progress", "steps", "findings", "bookings"),
    *("open_escalations", "plan"),
}
STEP = {
    *("key", "module", "after", "state", "attempt", "ran", "customer", "signers", "overdue"),
    *("escalation_level", "requested_at", "answer_by", "answered_at", "deliver_by", "due"),
    *("terms", "signatures", "condition", "delegate", "deemed", "upstream_open", "waiver"),
    "attempts",
}
TERMS = {"version", "digest", "deliverable", "conditions", "quantities", "deliver_by"}
SIGNATURE = {"person", "role", "on_behalf_of", "version", "digest", "at", "jws"}
WAITING = {"step", "party", "module", "since", "due", "for"}
FINDING = {
    *("id", "check", "step", "severity", "state", "message", "figures", "other_launch"),
    "suggested_counter",
}
ESCALATION = {
    *("id", "launch", "step", "cause", "level", "to", "state", "raised_at", "acknowledged_at"),
    *("resolved_at", "resolution", "reason"),
}


def document_of(play: Play) -> dict[str, Any]:
    return launch_document(play.standing())


def step_of(play: Play, key: str = "product") -> dict[str, Any]:
    found: dict[str, Any] = next(s for s in document_of(play)["steps"] if s["key"] == key)
    return found


def waited_for(play: Play) -> list[tuple[str | None, str, str | None, str]]:
    return [(w.step, w.party, w.module, w.wanted) for w in waiting_on(play.standing())]


def test_every_document_has_the_fields_of_the_contract() -> None:
    play = Play(plan(step("marketing", deliver_by=5, silence="escalate"), step("product")))
    play.sign("product")
    play.wait_until(12)
    document = document_of(play)
    assert set(document) >= LAUNCH
    assert set(document["window"]) == {"start", "end"}
    assert set(document["progress"]) == {"satisfied", "steps"}
    for entry in document["steps"]:
        assert set(entry) >= STEP
        assert set(entry["terms"]) == TERMS
    assert set(step_of(play)["signatures"][0]) >= SIGNATURE
    assert set(document["waiting_on"][0]) >= WAITING
    assert set(document["findings"][0]) >= FINDING
    raised = escalation_document(play.standing(), play.standing().escalations[0])
    assert set(raised) >= ESCALATION
    assert set(raised["to"]) >= {"role", "person"}
    assert canonical(document)
    assert canonical(raised)


def test_a_started_launch_as_everybody_sees_it() -> None:
    document = document_of(Play(chain_of_five()))
    assert (document["phase"], document["outcome"], document["stopped"]) == (
        "committing",
        None,
        False,
    )
    assert document["seq"] == 2
    assert document["progress"] == {"satisfied": 0, "steps": 5}
    assert document["waiting_on"] == [
        {
            "step": "product",
            "party": "performer",
            "module": "product",
            "since": "2026-11-02T01:00:00Z",
            "due": "2026-11-02T01:00:10Z",
            "for": "sign",
            "overdue": False,
        }
    ]


def test_a_step_says_how_far_it_is() -> None:
    play = Play(two_signers())
    asked = step_of(play)
    assert (asked["state"], asked["ran"], asked["answered_at"]) == ("requested", False, None)
    assert asked["answer_by"] == "2026-11-02T01:00:10Z"
    play.wait_until(16)
    late = step_of(play)
    assert (late["overdue"], late["escalation_level"]) == (True, 2)
    assert document_of(play)["open_escalations"] == 1
    play.sign()
    first = step_of(play)
    assert (first["state"], len(first["signatures"])) == ("requested", 1)
    assert first["answered_at"] == "2026-11-02T01:00:16Z"
    play.wait_until(18)
    play.sign(person="head.product")
    done = step_of(play)
    assert (done["state"], done["ran"], done["overdue"]) == ("signed", True, False)
    assert done["answered_at"] == "2026-11-02T01:00:16Z", "the first answer counts"
    assert (done["answer_by"], done["escalation_level"]) == (None, 0)


def test_earlier_attempts_are_kept() -> None:
    play = Play(single_step())
    play.do("lead.product", acts.Decline("product", "No."))
    assert step_of(play)["reason"] == "No."
    play.do(PLANNER, acts.Request("product", "Please."))
    [attempt] = step_of(play)["attempts"]
    assert (attempt["attempt"], attempt["state"], attempt["reason"]) == (1, "declined", "No.")


def test_who_is_waited_on_for_what() -> None:
    play = Play(plan(step("product", customer="marketing"), step("channel")))
    assert waited_for(play) == [
        ("product", "performer", "product", "sign"),
        ("channel", "performer", "channel", "sign"),
    ]
    play.do("lead.product", acts.Ask("product", "Why?"))
    play.do("lead.channel", acts.Decline("channel", "No."))
    assert waited_for(play) == [
        ("product", "performer", "product", "sign"),
        ("product", "planner", None, "reply"),
        ("channel", "planner", None, "repair"),
    ]
    play.sign("product")
    play.do(PLANNER, acts.Request("channel", "Please."))
    play.sign("channel")
    play.do("lead.product", acts.Report("product", "There."))
    play.do("lead.channel", acts.Report("channel", "There."))
    assert waited_for(play) == [
        ("product", "customer", "marketing", "accept"),
        ("channel", "planner", None, "accept"),
    ]
    play.do(SPONSOR, acts.StopLaunch("Wait."))
    assert waited_for(play) == [(None, "sponsor", None, "resume")]
    play.do(SPONSOR, acts.ResumeLaunch("On."))
    play.wait_until(101)
    assert (None, "sponsor", None, "gate") in waited_for(play)
    play.do(PLANNER, acts.CancelLaunch("Enough."))
    assert waited_for(play) == []


def test_one_line_says_where_it_stands_without_a_name() -> None:
    play = Play(chain_of_five())
    lines = [current_details(play.standing())]
    play.do("lead.product", acts.Ask("product", "Why?"))
    lines.append(current_details(play.standing()))
    play.do(SPONSOR, acts.StopLaunch("Wait."))
    lines.append(current_details(play.standing()))
    play.do(SPONSOR, acts.CancelLaunch("Enough."))
    lines.append(current_details(play.standing()))
    assert lines == [
        "committing; waiting on product to sign in product",
        "committing; waiting on product to sign in product and 1 more",
        "stopped; waiting on sponsor to resume",
        "cancelled; waiting on nobody",
    ]


def test_the_inbox_asks_those_who_may_act() -> None:
    play = Play(two_signers(customer="marketing"))
    for person in ("lead.product", "deputy.product", "head.product"):
        assert play.inbox(person) == [("sign", "product")]
    play.sign()
    assert play.inbox("lead.product") == [], "the second signature is another person's"
    play.sign(person="head.product")
    assert play.inbox("deputy.product") == [("report", "product")]
    play.do("lead.product", acts.Report("product", "There."))
    assert play.inbox("deputy.marketing") == [("accept", "product")]
    play.do("lead.marketing", acts.Accept("product"))
    assert inbox_items(play.standing()) == ()


def test_the_inbox_of_a_planner_a_sponsor_and_an_executive() -> None:
    play = Play(plan(step("marketing", customer="channel", deliver_by=5), step("product")))
    assert play.inbox(SPONSOR) == [("finding", "marketing")]
    play.do(SPONSOR, acts.WaiveFinding("lead_time:marketing", "Known."))
    assert play.inbox(SPONSOR) == []
    assert play.inbox(EXECUTIVE) == play.inbox("head.channel") == [("waiver", "marketing")]
    play.do(EXECUTIVE, acts.WaiveFinding("lead_time:marketing", "Known."))
    play.do("lead.product", acts.Ask("product", "Why?"))
    play.do("lead.marketing", acts.Decline("marketing", "No."))
    assert play.inbox(PLANNER) == [("repair", "marketing"), ("reply", "product")]
    play.do(SPONSOR, acts.Waive("product", "Without."))
    assert play.inbox(EXECUTIVE) == [("waiver", "product")]
    play.do(EXECUTIVE, acts.StopLaunch("Wait."))
    assert ("resume", None) in play.inbox(SPONSOR)
    assert ("escalation", None) in play.inbox(SPONSOR)
    assert ("resume", None) in play.inbox(EXECUTIVE)


def test_an_escalation_names_the_one_person_it_is_put_to() -> None:
    play = Play(single_step(ladder=(rung(0, "planner"), rung(1, "head"), rung(1, "sponsor"))))
    told = []
    for moment in (10, 11, 12):
        play.wait_until(moment)
        [raised] = play.open_escalations()
        told.append(escalation_document(play.standing(), raised)["to"])
    assert [(to["role"], to["person"]) for to in told] == [
        ("planner", PLANNER),
        ("head", None),
        ("sponsor", SPONSOR),
    ]


def test_an_overdue_item_says_so() -> None:
    play = Play(single_step())
    play.wait_until(10)
    [sign, escalation] = inbox_items(play.standing())
    assert (sign.kind, sign.overdue, escalation.kind, escalation.overdue) == (
        "sign",
        True,
        "escalation",
        True,
    )
    assert play.inbox("lead.product") == [("sign", "product"), ("escalation", "product")]
    assert play.inbox("head.product") == [("sign", "product")]


@pytest.mark.parametrize("ending", ["cancel", "closed"])
def test_an_ending_launch_asks_nobody_for_what_cannot_be_done(ending: str) -> None:
    play = Play(plan(step("product"), step("marketing", deliver_by=5)))
    play.sign("product")
    play.do(SPONSOR, acts.Waive("product", "Without."))
    play.do(SPONSOR, acts.WaiveFinding("lead_time:marketing", "Known."))
    play.do(SPONSOR, acts.CancelLaunch("Enough."))
    if ending == "closed":
        play.carry_out(acts.Command(acts.ReportCompensation("product")))
    assert inbox_items(play.standing()) == ()


def test_a_person_in_charge_is_asked_instead_of_the_module() -> None:
    play = Play(single_step(ladder=(rung(0, "lead.channel", "reassign"),)))
    play.wait_until(10)
    assert ("sign", "product") in play.inbox("lead.channel")
    assert play.inbox("lead.product") == []
    assert step_of(play)["performer"] == {"role": None, "person": "lead.channel"}


def in_charge(role: str) -> Play:
    """Of a step that a finding blocks, since nobody of its module answered."""
    ladder = (rung(0, role, "reassign"),)
    play = Play(plan(step("product", deliver_by=5, customer="channel", ladder=ladder)))
    play.wait_until(10)
    assert ("sign", "product") in play.inbox(role)
    return play


def test_an_executive_in_charge_of_a_step_is_not_asked_to_excuse_it() -> None:
    play = in_charge(EXECUTIVE)
    play.do(SPONSOR, acts.Waive("product", "Without."))
    assert ("waiver", "product") not in play.inbox(EXECUTIVE)
    assert ("waiver", "product") in play.inbox("head.channel")


def test_a_sponsor_in_charge_of_a_step_is_not_asked_to_excuse_its_findings() -> None:
    assert ("finding", "product") in in_charge(EXECUTIVE).inbox(SPONSOR)
    assert ("finding", "product") not in in_charge(SPONSOR).inbox(SPONSOR)
