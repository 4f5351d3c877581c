"""Waivers of commitments and of findings: two people, neither planner nor performer."""

import pytest

from domain import acts
from domain.errors import WrongState
from domain.terms import TermsChange
from tests.plans import EXECUTIVE, PEOPLE, PLANNER, SPONSOR, at, plan, rung, single_step, step
from tests.unit.play import Play, kinds

WAIVE = acts.Waive("product", "We can do without.")


def test_the_sponsor_opens_and_the_executive_makes_it_effective() -> None:
    play = Play(plan(step("product"), step("marketing", ["product"])))
    assert kinds(play.do(SPONSOR, WAIVE)) == ["WaiverOpened"]
    assert play.step().state == "requested"
    waiver = play.step().waiver
    assert waiver is not None
    assert (waiver.by, waiver.reason) == (SPONSOR, "We can do without.")
    waived = kinds(play.do(EXECUTIVE, WAIVE))
    assert waived == ["CommitmentWaived", "StepRan", "CommitmentRequested"]
    assert (play.step().state, play.step().signatures, play.step().clocks) == ("waived", (), ())
    assert play.refused(EXECUTIVE, WAIVE) == "already_answered"


def test_the_head_of_the_customers_module_may_be_the_second() -> None:
    play = Play(plan(step("product", customer="marketing")))
    play.do(SPONSOR, WAIVE)
    assert play.refused("head.channel", WAIVE) == "not_yours"
    assert play.refused("lead.marketing", WAIVE) == "not_yours"
    play.do("head.marketing", WAIVE)
    assert play.step().state == "waived"


def test_nobody_but_the_sponsor_opens_and_nobody_is_both() -> None:
    play = Play(plan(step("product", customer="marketing")))
    for person in (EXECUTIVE, "head.marketing", PLANNER, "lead.product", "admin"):
        assert play.refused(person, WAIVE) == "not_yours"
    play.do(SPONSOR, WAIVE)
    assert play.refused(SPONSOR, WAIVE) == "four_eyes"


def test_whoever_owes_waives_nothing() -> None:
    people = {**PEOPLE, EXECUTIVE: ("executive", "lead:product"), SPONSOR: ("sponsor",)}
    play = Play(single_step(), people=people)
    play.do(SPONSOR, WAIVE)
    assert play.refused(EXECUTIVE, WAIVE) == "not_yours"


def test_whom_the_attempt_was_reassigned_to_waives_nothing() -> None:
    play = Play(single_step(ladder=(rung(0, "executive", "reassign"),)))
    play.do(SPONSOR, WAIVE)
    play.wait_until(10)
    assert play.refused(EXECUTIVE, WAIVE) == "not_yours"


@pytest.mark.parametrize(
    ("person", "act"),
    [
        ("lead.product", acts.Acknowledge("product")),
        ("lead.product", acts.Ask("product", "Why?")),
        (PLANNER, acts.Reply("product", "So.")),
        ("lead.product", acts.Decline("product", "No.")),
    ],
)
def test_any_other_act_on_the_step_voids_an_opened_waiver(person: str, act: acts.PersonAct) -> None:
    play = Play(single_step())
    play.do(SPONSOR, WAIVE)
    play.do(person, act)
    assert play.step().waiver is None
    assert play.refused(EXECUTIVE, WAIVE) == "not_yours"


def test_deliveries_and_signatures_void_an_opened_waiver_too() -> None:
    play = Play(single_step(signers=2))
    for person in ("lead.product", "head.product"):
        play.do(SPONSOR, WAIVE)
        play.sign(person=person)
        assert play.step().waiver is None
    for person, act in (
        ("lead.product", acts.Report("product", "There.")),
        (PLANNER, acts.Reject("product", "No.")),
    ):
        play.do(SPONSOR, WAIVE)
        play.do(person, act)
        assert play.step().waiver is None


def test_what_is_pending_or_ended_is_not_waived() -> None:
    play = Play(plan(step("product"), step("marketing", ["product"])))
    assert play.refused(SPONSOR, acts.Waive("marketing", "No.")) == "wrong_state"
    play.sign()
    play.deliver()
    assert play.refused(SPONSOR, WAIVE) == "wrong_state"


def test_a_declined_step_is_waived_and_nothing_is_to_be_repaired() -> None:
    play = Play(single_step())
    play.do("lead.product", acts.Decline("product", "No."))
    play.do(SPONSOR, WAIVE)
    play.do(EXECUTIVE, WAIVE)
    assert play.standing().phase == "preparing"
    assert play.wait_until(99) == ()


def test_an_escalation_is_settled_by_a_waiver_with_the_second_person() -> None:
    play = Play(single_step())
    play.wait_until(21)
    [raised] = play.open_escalations()
    settled = acts.ResolveEscalation(raised.id, "waive", "Without.")
    assert play.refused(EXECUTIVE, settled) == "not_yours"
    assert kinds(play.do(SPONSOR, settled)) == ["WaiverOpened"]
    assert len(play.open_escalations()) == 1
    assert play.refused(SPONSOR, settled) == "four_eyes"
    waived = kinds(play.do(EXECUTIVE, settled))
    assert waived[:2] == ["EscalationResolved", "CommitmentWaived"]
    assert play.standing().escalations[0].resolution == "waive"


def test_a_finding_stands_before_the_signature_until_two_people_waive_it() -> None:
    play = Play(plan(step("marketing", customer="channel", deliver_by=5)))
    [finding] = play.standing().findings
    assert finding.is_blocking
    signed = acts.Sign("marketing", play.step("marketing").digest)
    assert play.refused("lead.marketing", signed) == "blocked_by_finding"
    waived = acts.WaiveFinding(finding.id, "We hurry.")
    for person in (EXECUTIVE, "head.channel", "head.product", "head.marketing", PLANNER):
        assert play.refused(person, waived) == "not_yours"
    play.do(SPONSOR, waived)
    assert play.refused(SPONSOR, waived) == "four_eyes"
    assert play.refused("lead.marketing", signed) == "blocked_by_finding"
    for person in ("head.product", "head.marketing", PLANNER):
        assert play.refused(person, waived) == "not_yours"
    assert kinds(play.do("head.channel", waived)) == ["FindingWaived"]
    assert play.refused(EXECUTIVE, waived) == "already_answered"
    assert play.refused("lead.marketing", signed) == ""


def test_a_finding_is_cleared_when_its_step_is_asked_with_time_enough() -> None:
    play = Play(plan(step("marketing", deliver_by=5)))
    play.do("lead.marketing", acts.Decline("marketing", "Too soon."))
    later = acts.Request("marketing", "Later.", TermsChange(deliver_by=at(60)))
    assert kinds(play.do(PLANNER, later)) == [
        "AttemptRenewed",
        "FindingCleared",
        "CommitmentRequested",
    ]
    waived = acts.WaiveFinding("lead_time:marketing", "Needless.")
    with pytest.raises(WrongState) as refused:
        play.do(SPONSOR, waived)
    assert refused.value.figures["state"] == "cleared"
    assert refused.value.figures["possible"] == []
    play.sign("marketing")


def test_a_waived_finding_does_not_come_back() -> None:
    play = Play(plan(step("marketing", deliver_by=5)))
    waived = acts.WaiveFinding("lead_time:marketing", "Known.")
    play.do(SPONSOR, waived)
    play.do(EXECUTIVE, waived)
    play.do("lead.marketing", acts.Decline("marketing", "No."))
    happened = play.do(PLANNER, acts.Request("marketing", "Please."))
    assert kinds(happened) == ["AttemptRenewed", "CommitmentRequested"]
    play.sign("marketing")


def test_unknown_findings_are_missing_before_they_are_anybodys() -> None:
    play = Play(single_step())
    unknown = acts.WaiveFinding("lead_time:nothing", "?")
    assert play.refused("lead.product", unknown) == "no_such_finding"


def test_another_act_on_the_step_voids_an_opened_waiver_of_its_finding() -> None:
    """The second person agrees to what the first one saw."""
    play = Play(plan(step("marketing", deliver_by=5)))
    [finding] = play.standing().findings
    waived = acts.WaiveFinding(finding.id, "We hurry.")
    play.do(SPONSOR, waived)
    play.do(PLANNER, acts.Amend("marketing", TermsChange("More", deliver_by=at(2)), "Sooner."))
    assert play.standing().finding(finding.id).waiver is None
    assert play.refused(EXECUTIVE, waived) == "not_yours", "the sponsor opens it again"
    play.do(SPONSOR, waived)
    play.do(EXECUTIVE, waived)
    assert play.standing().finding(finding.id).state == "waived"
