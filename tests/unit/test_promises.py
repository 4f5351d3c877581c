"""Promises and reports that are taken back, and what that does along the chain."""

import pytest

from domain import acts, events
from domain.terms import TermsChange
from tests.plans import EXECUTIVE, PLANNER, SPONSOR, chain_of_five, diamond, plan, single_step, step
from tests.unit.play import Play, kinds


def signed() -> Play:
    play = Play(single_step())
    play.sign()
    return play


def test_a_retracted_report_leaves_the_promise_and_its_clock() -> None:
    play = signed()
    play.wait_until(20)
    play.do("lead.product", acts.Report("product", "There."))
    play.wait_until(25)
    play.do("deputy.product", acts.RetractReport("product", "Not all of it."))
    stands = play.step()
    assert (stands.state, play.due("delivery"), play.due("acceptance")) == ("signed", 60, None)
    [claimed] = stands.deliveries
    assert (claimed.accepted, claimed.retracted_at) == (None, play.now)
    play.deliver()
    assert play.step().state == "accepted"


def test_a_release_takes_the_planners_consent() -> None:
    play = signed()
    play.wait_until(20)
    play.do("lead.product", acts.RequestRelease("product", "The press is broken."))
    assert play.step().state == "signed"
    assert (play.due("release"), play.due("delivery")) == (30, 60)
    again = acts.RequestRelease("product", "Really.")
    assert play.refused("head.product", again) == "already_answered"
    play.do(PLANNER, acts.RefuseRelease("product", "Repair it."))
    assert (play.step().state, play.due("release")) == ("signed", None)
    assert play.refused(PLANNER, acts.AllowRelease("product")) == "wrong_state"
    play.do("lead.product", again)
    play.do(PLANNER, acts.AllowRelease("product", "So be it."))
    stands = play.step()
    assert (stands.state, stands.reason, play.due("repair")) == ("released", "So be it.", 50)
    assert stands.ran_seq is None


def test_a_planner_silent_about_a_release_is_escalated_over() -> None:
    play = signed()
    play.do("lead.product", acts.RequestRelease("product", "The press is broken."))
    assert kinds(play.wait_until(10)) == ["ClockOverdue", "EscalationRaised"]
    assert play.step().is_overdue
    play.do("lead.product", acts.Report("product", "Another press was found."))
    assert (play.step().release_asked, play.open_escalations()) == (None, ())


def test_a_revocation_needs_nobody_and_is_put_to_the_sponsor_at_once() -> None:
    play = signed()
    happened = play.do("lead.product", acts.Revoke("product", "There is no paper."))
    assert kinds(happened) == ["CommitmentRevoked", "EscalationRaised"]
    [raised] = play.open_escalations()
    assert (raised.cause, raised.to.role, raised.level) == ("revoked", "sponsor", 1)
    assert (play.step().state, play.due("repair")) == ("revoked", 30)
    play.do(PLANNER, acts.Request("product", "Of another printer."))
    assert not play.open_escalations(), "asked again, it is answered"


def test_one_that_is_not_repaired_fails_the_launch() -> None:
    play = signed()
    play.do("lead.product", acts.Revoke("product", "There is no paper."))
    assert "LaunchFailed" in kinds(play.wait_until(30))


def test_a_campaign_that_is_over_still_hears_of_a_revocation() -> None:
    play = Play(single_step(deliver_by=250))
    play.sign()
    play.wait_until(210)
    assert play.standing().phase == "closing"
    happened = play.do("lead.product", acts.Revoke("product", "It will not come."))
    assert kinds(happened)[:2] == ["CommitmentRevoked", "EscalationRaised"]
    assert play.due("repair") is None
    assert play.standing().outcome == "completed"


@pytest.mark.parametrize("acted", [(), (acts.Report("product", "There."),)])
def test_the_planner_cancels_what_is_not_needed(acted: tuple[acts.PersonAct, ...]) -> None:
    play = signed()
    for act in acted:
        play.do("lead.product", act)
    play.do(PLANNER, acts.CancelCommitment("product", "Without it."))
    assert (play.step().state, play.step().reason) == ("cancelled", "Without it.")
    for person in (SPONSOR, EXECUTIVE):
        play.do(person, acts.Waive("product", "We can do without."))
    assert play.step().state == "waived"


def test_who_is_asked_on_a_promise_that_fell_waits_again() -> None:
    play = Play(chain_of_five())
    play.sign("product")
    play.wait(5)
    play.do("lead.marketing", acts.Ask("marketing", "How many?"))
    happened = play.do("lead.product", acts.Revoke("product", "No."))
    assert "CommitmentReturned" in kinds(happened)
    stands = play.step("marketing")
    assert (stands.state, stands.attempt, stands.version, stands.clocks) == ("pending", 1, 1, ())
    assert play.refused("lead.marketing", acts.Sign("marketing", stands.digest)) == "wrong_state"
    play.do(PLANNER, acts.Request("product", "Again."))
    play.sign("product")
    assert (play.step("marketing").state, play.due("answer", "marketing")) == ("requested", 15)


def test_a_counter_offer_on_a_promise_that_fell_is_none_any_more() -> None:
    play = Play(plan(step("product"), step("marketing", ["product"])))
    play.sign("product")
    play.do("lead.marketing", acts.Counter("marketing", TermsChange("Half"), "Too much."))
    play.do("lead.product", acts.Revoke("product", "No."))
    stands = play.step("marketing")
    assert (stands.state, stands.version) == ("pending", 1)


def test_who_promised_on_it_stands_marked_until_it_stands_again() -> None:
    play = Play(diamond(deliver_by=150))
    play.sign_all()
    assert play.standing().phase == "preparing"
    play.do("lead.product", acts.Revoke("product", "No."))
    marked = {c.key for c in play.standing().steps if c.upstream_open}
    assert marked == {"marketing", "channel"}
    assert play.step("service").state == "signed"
    play.deliver("marketing")
    assert play.step("marketing").upstream_open, "delivered, and still without its ground"
    play.do(PLANNER, acts.Request("product", "Again."))
    happened = kinds(play.sign("product"))
    assert happened == ["CommitmentSigned", "StepRan", "UpstreamStands", "UpstreamStands"]
    assert not any(c.upstream_open for c in play.standing().steps)


def test_the_gate_is_held_by_what_stands_on_nothing() -> None:
    first, second = step("product", deliver_by=150), step("marketing", ["product"], deliver_by=150)
    play = Play(plan(first, second))
    play.sign_all()
    play.wait_until(90)
    play.do("lead.product", acts.Revoke("product", "No."))
    held = [e for e in play.wait_until(100) if isinstance(e, events.GateHeld)]
    assert held[0].reasons == ("product:revoked", "marketing:upstream_open")
    play.do(PLANNER, acts.Request("product", "Again."))
    assert "GatePassed" in kinds(play.sign("product"))


def test_what_is_asked_for_in_vain_ends_with_the_campaign() -> None:
    play = Play(single_step(deliver_by=150))
    play.sign()
    play.wait_until(190)
    play.do("lead.product", acts.Revoke("product", "No."))
    play.do(PLANNER, acts.Request("product", "Again."))
    play.wait_until(200)
    assert (play.step().state, play.standing().outcome) == ("cancelled", "completed")


def test_a_promise_taken_back_is_not_undone_when_the_launch_is_cancelled() -> None:
    play = Play(plan(step("product"), step("channel")))
    play.sign_all()
    play.do("lead.product", acts.Revoke("product", "No."))
    play.do(PLANNER, acts.CancelLaunch("Enough."))
    assert [c.step for c in play.standing().compensations] == ["channel"]


@pytest.mark.parametrize(
    ("person", "act"),
    [
        ("lead.product", acts.RequestRelease("product", "So.")),
        ("lead.product", acts.Revoke("product", "So.")),
        (PLANNER, acts.CancelCommitment("product", "So.")),
    ],
)
def test_an_opened_waiver_is_void_by_an_act_on_the_step(person: str, act: acts.PersonAct) -> None:
    play = signed()
    play.do(SPONSOR, acts.Waive("product", "Without it."))
    play.do(person, act)
    assert play.step().waiver is None
