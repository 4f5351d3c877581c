"""The gate, the window and the repair time: when a launch goes live, fails or ends."""

import pytest

from domain import acts
from domain.chain import reasons_in_words
from domain.events import EscalationAdvanced, GateHeld, GatePassed, LaunchFailed
from tests.plans import (
    EXECUTIVE,
    PLANNER,
    SPONSOR,
    at,
    chain_of_five,
    plan,
    rung,
    single_step,
    step,
)
from tests.unit.play import Play, kinds, seconds


def test_the_gate_passes_at_the_start_of_the_window() -> None:
    play = Play(single_step())
    play.sign()
    play.deliver()
    assert play.wait_until(99.9) == ()
    assert kinds(play.wait_until(100)) == ["GatePassed"]
    assert play.standing().phase == "live"


def test_a_held_gate_goes_to_the_sponsor_at_once_and_says_why() -> None:
    play = Play(plan(step("product"), step("channel", deliver_by=150)))
    play.sign("channel")
    assert "GateHeld" in kinds(play.wait_until(100))
    [held] = play.happened(GateHeld)
    assert held == GateHeld(("product:requested",), at(120))
    [raised] = [e for e in play.open_escalations() if e.cause == "gate"]
    assert (raised.to.role, raised.level, raised.step) == ("sponsor", 1, None)
    assert raised.reason == "The gate is held: product is not signed yet."


def test_what_holds_the_gate_is_said_in_words() -> None:
    play = Play(plan(step("product"), step("marketing"), step("channel"), step("service")))
    play.sign("product")
    play.do("lead.channel", acts.Decline("channel", "No."))
    play.sign("service")
    play.deliver("service")
    assert reasons_in_words(play.standing(), at(100)) == (
        "product is not delivered; marketing is not signed yet; channel is declined"
    )
    blocked = Play(plan(step("marketing", deliver_by=5), step("channel", deliver_by=5)))
    assert reasons_in_words(blocked.standing(), at(0)).endswith("; a finding on marketing is open")


def test_a_promise_that_is_not_delivered_in_time_holds_the_gate() -> None:
    play = Play(single_step(deliver_by=100))
    play.sign()
    play.wait_until(100)
    assert play.happened(GateHeld) == [GateHeld(("product:undelivered",), at(120))]
    play.do("lead.product", acts.Report("product", "There."))
    assert play.standing().phase == "preparing"
    accepted = kinds(play.do(PLANNER, acts.Accept("product")))
    assert accepted[-2:] == ["GatePassed", "EscalationResolved"]
    assert play.open_escalations() == ()


def test_a_held_gate_is_tried_again_after_every_event() -> None:
    play = Play(plan(step("product", deliver_by=150), step("channel", ["product"], deliver_by=150)))
    play.wait_until(105)
    play.sign("product")
    assert play.standing().phase == "committing"
    signed = kinds(play.sign("channel"))
    assert signed[:4] == ["CommitmentSigned", "StepRan", "ChainCompleted", "GatePassed"]


def test_a_held_gate_passes_by_a_waiver_of_two_people() -> None:
    play = Play(single_step())
    play.wait_until(110)
    play.do(SPONSOR, acts.Waive("product", "The old offer still stands."))
    assert play.standing().phase == "committing"
    assert "GatePassed" in kinds(play.do(EXECUTIVE, acts.Waive("product", "Agreed.")))
    assert play.step().signatures == ()


def test_a_gate_still_held_after_its_grace_fails_the_launch() -> None:
    play = Play(single_step())
    play.sign()
    play.wait_until(119.9)
    assert play.standing().phase == "preparing"
    play.wait_until(120)
    [failed] = play.happened(LaunchFailed)
    assert isinstance(failed, LaunchFailed)
    assert failed.cause == "gate"
    assert "product is not delivered" in failed.reason
    assert play.standing().ending == "failed"


def test_the_executive_hears_of_a_held_gate_a_working_day_later() -> None:
    play = Play(plan(step("product"), window=(at(100), at(10 * 86_400)), gate_grace="3bd"))
    play.wait_until(3 * 86_400)
    advanced = [e for e in play.happened(EscalationAdvanced) if getattr(e, "clock", "") == "gate"]
    assert [e.to.role for e in advanced if isinstance(e, EscalationAdvanced)] == ["executive"]


def test_an_unrepaired_decline_fails_the_launch() -> None:
    play = Play(single_step())
    play.wait_until(5)
    play.do("lead.product", acts.Decline("product", "No."))
    assert play.due("repair") == 35
    assert kinds(play.wait_until(34)) == ["EscalationRaised"]
    [raised] = play.open_escalations()
    assert (raised.cause, raised.to.role, seconds(raised.raised_at)) == ("declined", "sponsor", 15)
    play.wait_until(35)
    assert play.happened(LaunchFailed)[0] == LaunchFailed(
        "repair", "“product” ended declined and was not repaired in time.", "product"
    )


def test_the_repair_time_pauses_while_asked_again_and_is_not_filled_up() -> None:
    play = Play(single_step())
    play.wait_until(5)
    play.do("lead.product", acts.Decline("product", "No."))
    play.wait_until(15)
    play.do(PLANNER, acts.Request("product", "Please."))
    assert play.step().clocks[0].kind == "answer"
    play.wait_until(24)
    play.do("lead.product", acts.Decline("product", "Still no."))
    assert play.due("repair") == 24 + 20
    play.do(PLANNER, acts.Request("product", "Please!"))
    play.do("lead.product", acts.Decline("product", "No."))
    play.wait_until(44)
    assert play.standing().ending == "failed"


def test_a_repaired_step_fails_nothing() -> None:
    play = Play(single_step())
    play.do("lead.product", acts.Decline("product", "No."))
    play.wait_until(29)
    assert [e.cause for e in play.open_escalations()] == ["declined"]
    play.do(PLANNER, acts.Request("product", "Please."))
    assert play.open_escalations() == ()
    play.sign()
    assert play.wait_until(59) == ()


def test_dismissing_the_question_does_not_repair_the_step() -> None:
    play = Play(single_step())
    play.do("lead.product", acts.Decline("product", "No."))
    play.wait_until(12)
    [raised] = play.open_escalations()
    play.do(SPONSOR, acts.ResolveEscalation(raised.id, "dismiss", "I see."))
    play.wait_until(30)
    assert play.standing().outcome == "failed"


def test_no_repair_time_at_all_fails_at_the_decline() -> None:
    play = Play(plan(step("product"), repair_within=0))
    play.do("lead.product", acts.Decline("product", "No."))
    assert "LaunchFailed" in kinds(play.wait_until(0))


def test_the_window_may_end_before_the_launch_went_live() -> None:
    play = Play(plan(step("product"), window=(100, 110), gate_grace=50))
    play.wait_until(110)
    assert play.happened(LaunchFailed)[0] == LaunchFailed(
        "window", "The window ended before the launch went live."
    )


def test_gate_and_end_of_the_window_in_one_instant_let_a_ready_launch_pass_first() -> None:
    play = Play(plan(step("product"), window=(100, 100)))
    play.sign()
    play.deliver()
    assert kinds(play.wait_until(100)) == ["GatePassed", "WindowEnded", "LaunchClosed"]


def test_grace_and_end_of_the_window_in_one_instant_fail_for_the_gate() -> None:
    play = Play(plan(step("product"), window=(100, 120)))
    play.wait_until(120)
    [failed] = play.happened(LaunchFailed)
    assert isinstance(failed, LaunchFailed)
    assert failed.cause == "gate"


def test_a_launch_whose_window_has_begun_is_held_and_can_still_pass() -> None:
    play = Play(plan(step("product", deliver_by=50), window=(-10, 100), gate_grace=40))
    assert "GateHeld" in kinds(play.wait_until(0))
    assert "GatePassed" in kinds(play.sign())


def test_a_launch_whose_window_is_over_fails_at_once() -> None:
    play = Play(plan(step("product"), window=(-20, -10)))
    play.wait_until(0)
    assert play.standing().outcome == "failed"


def test_a_gate_read_late_judges_what_was_owed_when_it_opened() -> None:
    """The worker was down over the start of the window: promises for later still let it pass."""
    play = Play(single_step(deliver_by=110))
    play.sign()
    happened = kinds(play.sleep_until(115))
    assert happened[0] == "GatePassed"
    assert "GateHeld" not in happened
    assert play.when(GatePassed) == [115]


def test_everything_that_came_due_while_nobody_looked_happens_in_order() -> None:
    play = Play(chain_of_five(ladder=(rung(0, "lead"), rung(5, "head"))))
    happened = kinds(play.sleep_until(500))
    assert happened[:3] == ["AnswerOverdue", "EscalationRaised", "EscalationAdvanced"]
    assert happened.index("GateHeld") < happened.index("LaunchFailed")
    assert play.standing().outcome == "failed"


@pytest.mark.parametrize("moment", [100, 110, 199])
def test_findings_hold_the_gate_too(moment: float) -> None:
    play = Play(
        plan(step("marketing", deliver_by=150), step("channel", deliver_by=5), gate_grace=200)
    )
    waiving = acts.Waive("channel", "Without it.")
    play.do(SPONSOR, acts.Waive("marketing", "Without it."))
    play.do(EXECUTIVE, acts.Waive("marketing", "Without it."))
    play.do(SPONSOR, waiving)
    play.do(EXECUTIVE, waiving)
    play.wait_until(moment)
    assert play.happened(GateHeld) == [GateHeld(("finding:lead_time:channel",), at(300))]
    waived = acts.WaiveFinding("lead_time:channel", "We know.")
    play.do(SPONSOR, waived)
    assert kinds(play.do(EXECUTIVE, waived)) == [
        "FindingWaived",
        "GatePassed",
        "EscalationResolved",
    ]
