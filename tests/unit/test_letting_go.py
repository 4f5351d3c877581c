"""Cancel, failure and compensation: what ran is undone in reverse, and every launch gets closed."""

from domain import acts
from domain.events import StepCompensated
from tests.plans import EXECUTIVE, PLANNER, SPONSOR, chain_of_five, diamond, plan, single_step, step
from tests.unit.play import Play, kinds

CANCEL = acts.CancelLaunch("The tariff is withdrawn.")


def undone(play: Play, step: str, error: str | None = None) -> list[str]:
    """What the outcome of undoing a step brings about."""
    return kinds(play.carry_out(acts.Command(acts.ReportCompensation(step, error))))


def test_a_cancelled_launch_lets_go_of_everything_the_last_step_first() -> None:
    play = Play(chain_of_five())
    for key in ("product", "marketing", "communications"):
        play.sign(key)
    play.deliver("product")
    happened = play.do(PLANNER, CANCEL)
    assert kinds(happened) == ["LaunchCancelled", *["CommitmentCancelled"] * 4]
    cancelled = [getattr(event, "step", None) for event in happened[1:]]
    assert cancelled == ["service", "channel", "communications", "marketing"]
    assert play.step("product").state == "accepted"
    pending = [c.step for c in play.standing().compensations]
    assert pending == ["communications", "marketing", "product"]
    assert undone(play, "communications") == ["StepCompensated"]
    assert undone(play, "marketing") == ["StepCompensated"]
    assert undone(play, "product") == ["StepCompensated", "LaunchClosed"]
    assert play.standing().outcome == "cancelled"


def test_the_order_is_the_one_in_which_steps_ran_not_the_one_of_the_chain() -> None:
    play = Play(diamond())
    for key in ("product", "channel", "marketing"):
        play.sign(key)
    play.do(SPONSOR, CANCEL)
    assert [c.step for c in play.standing().compensations] == ["marketing", "channel", "product"]


def test_each_step_is_undone_once_and_in_its_turn() -> None:
    play = Play(chain_of_five())
    play.sign("product")
    play.sign("marketing")
    play.do(PLANNER, CANCEL)
    assert undone(play, "product") == [], "marketing comes first"
    assert undone(play, "marketing") == ["StepCompensated"]
    assert undone(play, "marketing") == []
    assert undone(play, "service") == [], "it never ran"
    assert undone(play, "product") == ["StepCompensated", "LaunchClosed"]
    assert undone(play, "product") == []
    assert play.happened(StepCompensated) == [
        StepCompensated("marketing"),
        StepCompensated("product"),
    ]


def test_a_launch_in_which_nothing_ran_closes_at_once() -> None:
    play = Play(chain_of_five())
    assert kinds(play.do(PLANNER, CANCEL))[-1] == "LaunchClosed"


def test_a_failed_launch_undoes_what_ran_too() -> None:
    play = Play(plan(step("product"), step("channel")))
    play.sign("product")
    play.wait_until(120)
    assert play.standing().ending == "failed"
    assert undone(play, "product")[-1] == "LaunchClosed"
    assert play.standing().outcome == "failed"


def test_a_failed_compensation_is_an_open_incident_and_is_tried_again_when_settled() -> None:
    play = Play(single_step())
    play.sign()
    play.do(PLANNER, CANCEL)
    assert undone(play, "product", "TimeoutError") == ["CompensationFailed", "EscalationRaised"]
    [incident] = play.open_escalations()
    assert (incident.cause, incident.to.role, incident.step) == ("manual", "sponsor", "product")
    assert "TimeoutError" in incident.reason
    assert play.standing().phase == "closing"
    play.do(SPONSOR, acts.ResolveEscalation(incident.id, "dismiss", "The line is up again."))
    [pending] = play.standing().compensations
    assert pending.error is None, "it may be tried again"
    assert undone(play, "product", "TimeoutError") == ["CompensationFailed", "EscalationRaised"]
    assert len(play.open_escalations()) == 1
    assert undone(play, "product")[-1] == "LaunchClosed"
    assert play.open_escalations() == ()


def test_an_incident_is_raised_beside_a_complaint_about_the_same_step() -> None:
    play = Play(single_step())
    play.sign()
    play.do("lead.product", acts.Escalate("I am worried.", "product"))
    play.do(PLANNER, CANCEL)
    undone(play, "product", "TimeoutError")
    complaint, incident = play.open_escalations()
    assert incident.is_incident
    play.do(SPONSOR, acts.ResolveEscalation(complaint.id, "dismiss", "No need."))
    assert play.standing().compensations[0].error == "TimeoutError", "that settled something else"
    play.do(SPONSOR, acts.ResolveEscalation(incident.id, "dismiss", "Again."))
    assert play.standing().compensations[0].error is None


def test_after_the_cancel_nothing_is_decided_any_more() -> None:
    play = Play(chain_of_five())
    play.sign("product")
    play.wait_until(12)
    [raised] = play.open_escalations()
    play.do(PLANNER, CANCEL)
    refused: list[tuple[str, acts.PersonAct]] = [
        ("lead.marketing", acts.Sign("marketing", play.step("marketing").digest)),
        ("lead.product", acts.Report("product", "There.")),
        (SPONSOR, acts.Waive("product", "Without.")),
        (PLANNER, CANCEL),
        (SPONSOR, acts.ResumeLaunch("Go on.")),
        (SPONSOR, acts.ResolveEscalation(raised.id, "cancel", "Again.")),
        (SPONSOR, acts.ResolveEscalation(raised.id, "waive", "Without.")),
    ]
    for person, act in refused:
        assert play.refused(person, act) == "launch_closed"
    assert play.refused("lead.product", acts.Escalate("Tell me why.")) == ""
    assert play.wait_until(1000) == (), "no clock runs on"
    assert play.standing().phase == "closing", "until what ran is undone"


def test_an_escalation_may_be_settled_by_a_cancel() -> None:
    play = Play(single_step())
    play.wait_until(20)
    [raised] = play.open_escalations()
    settled = acts.ResolveEscalation(raised.id, "cancel", "Not worth it.")
    assert play.refused(EXECUTIVE, settled) == "not_yours"
    play.do(SPONSOR, settled)
    assert play.standing().outcome == "cancelled"
    assert play.standing().escalations[0].resolution == "cancel"


def test_a_stopped_launch_is_cancelled_and_not_stopped_any_more() -> None:
    play = Play(single_step())
    play.do("lead.product", acts.StopLaunch("Wait."))
    play.do(PLANNER, CANCEL)
    assert (play.standing().outcome, play.standing().is_stopped) == ("cancelled", False)
    assert play.open_escalations() == ()


def test_a_live_launch_may_be_cancelled() -> None:
    play = Play(single_step(deliver_by=150))
    play.sign()
    play.wait_until(120)
    assert play.standing().phase == "live"
    play.do(PLANNER, CANCEL)
    assert play.step().state == "cancelled"
    undone(play, "product")
    assert play.standing().outcome == "cancelled"


def test_a_closed_launch_answers_repeats_and_refuses_the_rest() -> None:
    play = Play(single_step())
    cancel = play.command(PLANNER, CANCEL)
    play.carry_out(cancel)
    closed = play.standing()
    assert play.carry_out(cancel) == ()
    assert play.standing() is closed
    assert play.refused("lead.product", acts.Escalate("Why?")) == "launch_closed"
    assert play.refused(PLANNER, CANCEL) == "launch_closed"
