"""Settling the terms: counter-offers, amendments, and the end of the asking."""

import pytest

from domain import acts, events
from domain.terms import Proposal, TermsChange
from domain.view import step_document
from tests.plans import PLANNER, at, plan, single_step, step, two_signers
from tests.unit.play import Play, kinds, seconds

HALF = TermsChange("Half of it")
LATER = TermsChange(deliver_by=at(90))


def offered(play: Play | None = None) -> Play:
    """The lead offers other terms, three seconds after the request."""
    play = play or Play(single_step())
    play.wait(3)
    play.do("lead.product", acts.Counter("product", HALF, "Too much."))
    return play


def test_a_counter_offer_is_another_version_signed_by_the_performer() -> None:
    play = Play(single_step())
    asked = play.step()
    offered(play)
    stands = play.step()
    assert (stands.state, stands.version) == ("countered", 2)
    assert stands.terms.deliverable == "Half of it"
    assert stands.digest != asked.digest
    [signed] = stands.signatures
    assert (signed.person, signed.version, signed.digest) == ("lead.product", 2, stands.digest)
    assert signed.jws is not None
    assert seconds(stands.answered_at) == 3
    [kept] = stands.versions
    assert (kept.version, kept.digest, kept.terms) == (1, asked.digest, asked.terms)
    assert stands.proposal == Proposal("counter", "lead.product", "lead", "Too much.", at(3))


def test_the_clock_that_runs_then_is_the_planners() -> None:
    play = offered()
    assert play.due("answer") is None
    assert play.due("counter") == 13
    assert [c.kind for c in play.step().clocks] == ["counter"]
    assert kinds(play.wait_until(13)) == ["ClockOverdue", "EscalationRaised"]
    [raised] = play.open_escalations()
    assert (raised.to.role, raised.cause) == ("sponsor", "overdue_answer")
    play.do(PLANNER, acts.AcceptCounter("product", play.step().digest))
    assert not play.open_escalations(), "the answer clears the ladder"


def test_an_accepted_counter_offer_is_a_promise_of_its_terms() -> None:
    play = offered()
    happened = play.do(PLANNER, acts.AcceptCounter("product", play.step().digest))
    assert kinds(happened)[:2] == ["CounterAccepted", "StepRan"]
    stands = play.step()
    assert (stands.state, stands.version, len(stands.signatures)) == ("signed", 2, 1)
    assert play.due("delivery") == 60
    assert play.due("counter") is None


def test_only_the_terms_that_were_read_are_accepted() -> None:
    play = offered()
    assert play.refused(PLANNER, acts.AcceptCounter("product", "sha256:other")) == "terms_changed"
    first = play.step().versions[0].digest
    assert play.refused(PLANNER, acts.AcceptCounter("product", first)) == "terms_changed"


def test_a_second_signature_is_asked_for_on_the_terms_agreed() -> None:
    play = offered(Play(two_signers()))
    play.do(PLANNER, acts.AcceptCounter("product", play.step().digest))
    stands = play.step()
    assert (stands.state, len(stands.signatures), play.due("answer")) == ("requested", 1, 13)
    again = acts.Sign("product", stands.digest)
    assert play.refused("lead.product", again) == "four_eyes"
    play.do("head.product", again)
    assert [s.person for s in play.step().signatures] == ["lead.product", "head.product"]


def test_a_first_signature_does_not_hold_for_other_terms() -> None:
    play = Play(two_signers())
    play.sign()
    play.do("head.product", acts.Counter("product", HALF, "Too much."))
    stands = play.step()
    assert [s.person for s in stands.signatures] == ["head.product"]
    assert [s.person for s in stands.versions[0].signatures] == ["lead.product"]
    play.do("head.product", acts.WithdrawCounter("product"))
    assert [s.person for s in play.step().signatures] == ["lead.product"], "it stands again"


def test_a_withdrawn_counter_offer_leaves_the_request_with_the_time_it_had() -> None:
    play = Play(single_step())
    asked = play.step()
    offered(play)
    play.wait(20)
    play.do("deputy.product", acts.WithdrawCounter("product", "After all."))
    stands = play.step()
    assert (stands.state, stands.version, stands.digest) == ("requested", 1, asked.digest)
    assert play.due("answer") == 23 + 7
    play.sign()
    assert play.step().signatures[0].version == 1
    assert [v.version for v in play.step().versions] == [2], "the offer is kept"


def test_no_version_is_given_twice() -> None:
    play = offered()
    play.do("lead.product", acts.WithdrawCounter("product"))
    play.do("lead.product", acts.Counter("product", LATER, "Rather so."))
    assert play.step().version == 3


def test_an_amendment_voids_what_was_signed_and_starts_the_clock_anew() -> None:
    play = Play(two_signers())
    old = play.step().digest
    play.wait(4)
    play.sign()
    play.do(PLANNER, acts.Amend("product", LATER, "There is time."))
    stands = play.step()
    assert (stands.state, stands.version, stands.signatures) == ("requested", 2, ())
    assert [s.person for s in stands.versions[0].signatures] == ["lead.product"]
    assert play.due("answer") == 14
    assert seconds(stands.due) == 90
    assert play.refused("lead.product", acts.Sign("product", old)) == "terms_changed"
    play.sign()


def test_an_amendment_answers_a_counter_offer() -> None:
    play = offered()
    play.do(PLANNER, acts.Amend("product", TermsChange("Two thirds"), "Between the two."))
    stands = play.step()
    assert (stands.state, stands.version) == ("requested", 3)
    assert stands.terms.deliverable == "Two thirds"
    assert (play.due("counter"), play.due("answer")) == (None, 13)


@pytest.mark.parametrize("person", ["lead.product", PLANNER])
def test_what_is_declined_or_withdrawn_is_what_was_asked(person: str) -> None:
    play = offered()
    act: acts.PersonAct = acts.Decline("product", "No.")
    if person == PLANNER:
        act = acts.Withdraw("product", "No.")
    [ended, *_] = play.do(person, act)
    assert isinstance(ended, events.CommitmentDeclined | events.CommitmentWithdrawn)
    assert ended.version == 1
    stands = play.step()
    assert (stands.version, stands.signatures) == (1, ())
    assert play.due("repair") == 33
    play.do(PLANNER, acts.Request("product", "Once more."))
    assert [v.version for v in play.step().attempts[0].versions] == [2]
    assert (play.step().version, play.step().versions) == (1, ())


def test_a_withdrawn_request_that_is_not_made_again_fails_the_launch() -> None:
    play = Play(single_step())
    play.do(PLANNER, acts.Withdraw("product", "Not so."))
    assert play.step().state == "withdrawn"
    happened = kinds(play.wait_until(40))
    assert happened[0] == "EscalationRaised", "the sponsor hears first"
    assert "LaunchFailed" in happened


@pytest.mark.parametrize("kind", [acts.Counter, acts.Amend])
@pytest.mark.parametrize(
    "change",
    [
        TermsChange(),
        TermsChange("What product delivers"),
        TermsChange(deliver_by=at(0)),
        TermsChange(deliver_by=at(201)),
    ],
)
def test_terms_that_change_nothing_or_cannot_be_are_refused(
    kind: type[acts.Counter | acts.Amend], change: TermsChange
) -> None:
    play = Play(single_step())
    person = "lead.product" if kind is acts.Counter else PLANNER
    assert play.refused(person, kind("product", change, "So.")) == "invalid"


def test_acts_fit_the_state_or_say_what_does() -> None:
    play = Play(single_step())
    digest = play.step().digest
    assert play.refused(PLANNER, acts.AcceptCounter("product", digest)) == "wrong_state"
    assert play.refused("lead.product", acts.WithdrawCounter("product")) == "wrong_state"
    offered(play)
    again = acts.Counter("product", LATER, "Rather so.")
    assert play.refused("deputy.product", again) == "already_answered"
    assert play.refused("deputy.product", acts.Sign("product", digest)) == "wrong_state"
    for act in (again, acts.WithdrawCounter("product")):
        assert play.refused(PLANNER, act) == "four_eyes"
    accepted = acts.AcceptCounter("product", play.step().digest)
    assert play.refused("lead.product", accepted) == "not_yours"
    assert play.refused("lead.product", acts.Amend("product", LATER, "So.")) == "not_yours"
    assert play.refused("sponsor", acts.Withdraw("product", "So.")) == "not_yours"


def test_other_terms_clear_the_finding_that_stood_before_them() -> None:
    play = Play(plan(step("marketing", deliver_by=5)))
    signing = acts.Sign("marketing", play.step("marketing").digest)
    assert play.refused("lead.marketing", signing) == "blocked_by_finding"
    play.do("lead.marketing", acts.Counter("marketing", LATER, "Then."))
    happened = play.do(PLANNER, acts.AcceptCounter("marketing", play.step("marketing").digest))
    assert kinds(happened)[:2] == ["FindingCleared", "CounterAccepted"]


def test_a_counter_offer_that_clears_nothing_is_not_accepted() -> None:
    play = Play(plan(step("marketing", deliver_by=5)))
    play.do("lead.marketing", acts.Counter("marketing", HALF, "Too much."))
    accepted = acts.AcceptCounter("marketing", play.step("marketing").digest)
    assert play.refused(PLANNER, accepted) == "blocked_by_finding"
    play.do(PLANNER, acts.Amend("marketing", LATER, "Then."))
    assert not any(f.is_blocking for f in play.standing().findings)
    play.sign("marketing")


def test_a_stop_holds_a_counter_offer_up_and_the_dues_of_both_versions_move() -> None:
    play = offered()
    play.do("lead.product", acts.StopLaunch("Wait."))
    play.wait(20)
    play.do("sponsor", acts.ResumeLaunch("On."))
    assert play.due("counter") == 33
    assert seconds(play.step().due) == 80
    play.do("lead.product", acts.WithdrawCounter("product"))
    assert seconds(play.step().due) == 80


def test_the_thread_tells_what_changed_field_by_field() -> None:
    play = offered()
    play.do(PLANNER, acts.Amend("product", LATER, "And later."))
    told = step_document(play.standing(), play.step())
    assert told["counter"] is None
    versions = told["versions"]
    assert [(v["version"], v["current"]) for v in versions] == [(1, False), (2, False), (3, True)]
    before, after = "2026-11-02T01:01:00Z", "2026-11-02T01:01:30Z"
    other = {"field": "deliverable", "before": "What product delivers", "after": "Half of it"}
    later = {"field": "deliver_by", "before": before, "after": after}
    assert [v["changes"] for v in versions] == [[], [other], [later]]
    said = [v["proposal"] and v["proposal"]["reason"] for v in versions]
    assert said == [None, "Too much.", "And later."]
    assert [len(v["signatures"]) for v in versions] == [0, 1, 0]
