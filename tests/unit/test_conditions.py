"""Signatures that wait for a condition, people who stand in, reminders."""

import pytest

from domain import acts
from domain.plan import SilencePolicy
from domain.plan_change import PlanChange
from domain.terms import Condition, TermsChange
from domain.view import step_document
from domain.waiting import waiting_on
from tests.plans import PLANNER, at, diamond, plan, single_step, step, two_signers
from tests.unit.play import Play, kinds

READY = Condition(at(50), fact="the stock is there")
AWAY = "Away for a week."


def conditional(play: Play, condition: Condition = READY, person: str = "lead.product") -> Play:
    """Signed on that condition."""
    play.do(person, acts.Sign("product", play.step().digest, condition=condition))
    return play


def beside(condition: Condition) -> Play:
    """Two steps side by side; product is signed on a condition about channel."""
    return conditional(Play(plan(step("product"), step("channel"))), condition)


def test_a_signature_on_a_condition_stops_the_clock_and_leaves_it_requested() -> None:
    play = conditional(Play(single_step()))
    stands = play.step()
    assert (stands.state, stands.signatures) == ("requested", ())
    assert (play.due("answer"), play.due("condition")) == (None, 50)
    assert kinds(play.wait_until(49)) == [], "nobody is late"
    told = step_document(play.standing(), stands)["condition"]
    assert (told["fact"], told["by"]) == ("the stock is there", "2026-11-02T01:00:50Z")
    assert told["signature"]["person"] == "lead.product"
    [waiting] = waiting_on(play.standing())
    assert (waiting.party, waiting.wanted, waiting.person) == ("planner", "condition", PLANNER)


def test_the_planner_confirms_the_fact_and_the_signature_holds() -> None:
    play = conditional(Play(single_step()))
    digest = play.step().digest
    play.wait(20)
    assert play.refused(PLANNER, acts.Confirm("product", "something else")) == "invalid"
    assert play.refused("lead.product", acts.Confirm("product", READY.fact or "")) == "not_yours"
    happened = play.do(PLANNER, acts.Confirm("product", READY.fact or ""))
    assert kinds(happened)[:3] == ["FactConfirmed", "ConditionMet", "StepRan"]
    stands = play.step()
    assert (stands.state, stands.conditional, play.due("delivery")) == ("signed", None, 60)
    [signature] = stands.signatures
    assert (signature.person, signature.digest) == ("lead.product", digest)
    assert play.refused(PLANNER, acts.Confirm("product", READY.fact or "")) == "wrong_state"


@pytest.mark.parametrize("reaches", ["signed", "accepted"])
def test_another_steps_promise_or_delivery_makes_it_hold(reaches: str) -> None:
    condition = Condition(at(50), "channel", "signed" if reaches == "signed" else "accepted")
    play = beside(condition)
    play.sign("channel")
    assert (play.step().state == "signed") == (reaches == "signed")
    play.deliver("channel")
    assert play.step().state == "signed"


def test_a_condition_that_is_there_already_holds_at_once() -> None:
    play = Play(plan(step("product"), step("channel")))
    play.sign("channel")
    act = acts.Sign("product", play.step().digest, condition=Condition(at(50), "channel", "signed"))
    happened = kinds(play.do("lead.product", act))
    assert happened[:2] == ["SignedConditionally", "ConditionMet"]


def test_one_that_does_not_come_in_time_leaves_a_full_answer_time_and_no_breach() -> None:
    play = conditional(Play(single_step()))
    assert kinds(play.wait_until(50)) == ["ConditionLapsed"]
    stands = play.step()
    assert (stands.state, stands.conditional, play.due("answer")) == ("requested", None, 60)
    play.sign()


def test_a_step_waits_for_none_that_waits_for_it() -> None:
    play = Play(diamond())
    digest = play.step().digest
    for other in ("product", "marketing", "service"):
        act = acts.Sign("product", digest, condition=Condition(at(50), other, "signed"))
        assert play.refused("lead.product", act) == "impossible_condition"
    for condition in (
        Condition(at(50), "nowhere", "signed"),
        Condition(at(0), fact="x"),
        Condition(at(201), fact="x"),
    ):
        act = acts.Sign("product", digest, condition=condition)
        assert play.refused("lead.product", act) == "invalid"
    play.sign()
    act = acts.Sign("marketing", play.step("marketing").digest)
    channel = Condition(at(50), "channel", "signed")
    play.do("lead.marketing", acts.Sign("marketing", act.terms_digest, condition=channel))
    play.sign("channel")
    assert play.step("marketing").state == "signed"


def test_what_is_signed_on_a_condition_is_frozen() -> None:
    play = conditional(Play(single_step()))
    amend = acts.Amend("product", TermsChange("Half of it"), "Less.")
    assert play.refused(PLANNER, amend) == "wrong_state"
    other = acts.Sign("product", play.step().digest, condition=READY)
    assert play.refused("head.product", other) == "wrong_state"
    assert play.refused("lead.product", acts.Sign("product", play.step().digest)) == "four_eyes"
    play.wait_until(50)
    play.do(PLANNER, amend)


def test_the_performer_may_think_again_while_it_waits() -> None:
    play = conditional(Play(single_step()))
    play.do("lead.product", acts.Counter("product", TermsChange("Half"), "Less."))
    assert (play.step().conditional, play.due("condition")) == (None, None)
    play = conditional(Play(single_step()))
    play.do("head.product", acts.Decline("product", "No."))
    assert play.step().conditional is None
    play = conditional(Play(single_step()))
    play.sign(person="head.product")
    assert [s.person for s in play.step().signatures] == ["head.product"], "without conditions"


def test_of_two_signatures_one_may_wait() -> None:
    play = conditional(Play(two_signers()))
    play.do("head.product", acts.Sign("product", play.step().digest))
    assert (play.step().state, play.due("answer"), play.due("condition")) == ("requested", None, 50)
    play.do(PLANNER, acts.Confirm("product", READY.fact or ""))
    assert play.step().state == "signed"
    play = conditional(Play(two_signers()))
    play.wait_until(5)
    play.do(PLANNER, acts.Confirm("product", READY.fact or ""))
    assert (play.step().state, play.due("answer")) == ("requested", 15), "the second is asked"


def test_a_stop_freezes_a_condition() -> None:
    play = conditional(Play(single_step()))
    play.do("lead.product", acts.StopLaunch("Wait."))
    play.wait(30)
    play.do("sponsor", acts.ResumeLaunch("On."))
    assert play.due("condition") == 80
    assert step_document(play.standing(), play.step())["condition"]["by"].endswith("01:01:20Z")


def test_a_delegate_answers_for_the_module_until_then() -> None:
    play = Play(single_step())
    given = acts.Delegate("product", "somebody.else", at(40), AWAY)
    for person in ("deputy.product", "lead.marketing", "sponsor"):
        assert play.refused(person, given) == "not_yours"
    assert play.refused(PLANNER, given) == "four_eyes"
    play.do("lead.product", given)
    signing = acts.Sign("product", play.step().digest)
    again = acts.Delegate("product", "frontline.city-a", at(40), AWAY)
    assert play.refused("somebody.else", again) == "not_yours", "not to be passed on"
    play.do("somebody.else", signing)
    [signature] = play.step().signatures
    assert signature.role == "delegate"
    play.wait_until(39)
    assert play.refused("somebody.else", acts.Report("product", "There.")) == ""
    play.wait_until(40)
    assert play.step().delegate is None
    assert play.refused("somebody.else", acts.Report("product", "There.")) == "not_yours"
    play.do("lead.product", acts.Report("product", "There."))


def test_a_delegation_is_over_at_its_instant_also_before_a_clock_says_so() -> None:
    play = Play(single_step())
    play.do("lead.product", acts.Delegate("product", "somebody.else", at(5), AWAY))
    play.now = at(5)
    assert play.step().delegate is not None
    signing = acts.Sign("product", play.step().digest)
    assert play.refused("somebody.else", signing) == "not_yours"


@pytest.mark.parametrize(
    ("to", "until", "code"),
    [
        (PLANNER, 40, "four_eyes"),
        ("lead.product", 40, "invalid"),
        ("somebody.else", 0, "invalid"),
    ],
)
def test_not_everybody_stands_in(to: str, until: int, code: str) -> None:
    play = Play(single_step())
    given = acts.Delegate("product", to, at(until), AWAY)
    assert play.refused("lead.product", given) == code


def test_a_delegate_sees_what_is_to_be_done_and_may_stop_the_launch() -> None:
    play = Play(single_step())
    assert play.refused("somebody.else", acts.StopLaunch("Wait.")) == "not_yours"
    play.do("lead.product", acts.Delegate("product", "somebody.else", at(40), AWAY))
    [waiting] = waiting_on(play.standing())
    assert waiting.person == "somebody.else"
    assert "lead:product" in waiting.posts, "the module stays accountable"
    play.do("somebody.else", acts.StopLaunch("Wait."))


def test_a_reminder_is_possible_again_after_the_answer_time() -> None:
    play = Play(single_step())
    play.do(PLANNER, acts.Remind("product"))
    assert play.refused(PLANNER, acts.Remind("product")) == "reminded_recently"
    play.wait(9)
    assert play.refused(PLANNER, acts.Remind("product")) == "reminded_recently"
    play.wait(1)
    play.do(PLANNER, acts.Remind("product"))
    assert play.step().state == "requested"
    assert play.due("answer") == 10, "a reminder moves no clock"


def test_nobody_but_the_planner_to_remind_is_said() -> None:
    play = Play(single_step())
    play.do("lead.product", acts.Counter("product", TermsChange("Half"), "Less."))
    assert play.refused(PLANNER, acts.Remind("product")) == "wrong_state"
    assert play.refused("lead.product", acts.Remind("product")) == "not_yours"
    play.do(PLANNER, acts.AcceptCounter("product", play.step().digest))
    play.do(PLANNER, acts.Remind("product"))
    play.do("lead.product", acts.Report("product", "There."))
    play.wait(10)
    assert play.refused(PLANNER, acts.Remind("product")) == "wrong_state", "the planner judges"


def on_fact(play: Play, step: str = "product", by: float = 50) -> None:
    """Signed on the fact F."""
    digest = play.step(step).digest
    signed = acts.Sign(step, digest, None, Condition(at(by), fact="F"))
    play.do(f"lead.{step}", signed)


@pytest.mark.parametrize("silence", ["deemed", "decline", "escalate"])
def test_an_offer_taken_back_gives_the_whole_answer_time_where_none_ran(
    silence: SilencePolicy,
) -> None:
    """I6: no approval, no lapse and no alarm follow at once from an offer that is withdrawn."""
    play = Play(single_step(silence=silence))
    play.wait(1)
    on_fact(play)
    play.wait(1)
    play.do("head.product", acts.Counter("product", TermsChange("Half"), "Too much."))
    play.wait(1)
    happened = play.do("head.product", acts.WithdrawCounter("product"))
    assert kinds(happened) == ["CounterWithdrawn"]
    assert play.due("answer") == 13
    play.wait_until(12)
    assert play.step().state == "requested"


def test_a_condition_that_is_met_signs_past_no_finding() -> None:
    chain = (step("marketing", deliver_by=80), step("channel", ("marketing",), deliver_by=30))
    play = Play(plan(*chain))
    play.wait(1)
    on_fact(play, "marketing")
    play.wait_until(25)
    play.do(PLANNER, acts.AmendPlan(PlanChange(("theme",), theme="Autumn"), "Nicer."))
    [finding] = [f for f in play.standing().findings if f.step == "marketing" and f.is_blocking]
    assert kinds(play.do(PLANNER, acts.Confirm("marketing", "F"))) == ["FactConfirmed"]
    assert play.step("marketing").state == "requested"
    play.do("sponsor", acts.WaiveFinding(finding.id, "We hurry."))
    happened = play.do("executive", acts.WaiveFinding(finding.id, "Yes."))
    assert "ConditionMet" in kinds(happened)
    assert play.step("marketing").state == "signed"


def test_a_fact_comes_too_late_although_no_clock_has_said_so() -> None:
    play = Play(single_step())
    on_fact(play, by=5)
    play.now = at(30)
    assert play.refused(PLANNER, acts.Confirm("product", "F")) == "wrong_state"
    play.sleep_until(30)
    assert play.step().state == "requested"
    assert play.step().conditional is None


def test_another_step_comes_too_late_although_no_clock_has_said_so() -> None:
    play = Play(diamond())
    play.sign("product")
    signed = Condition(at(9), step="channel", reaches="signed")
    play.do("lead.marketing", acts.Sign("marketing", play.step("marketing").digest, None, signed))
    play.now = at(9.5)
    play.sign("channel")
    assert play.step("marketing").state == "requested"
