"""Stop and resume: what freezes, what goes on, and what a stop across a deadline does."""

import pytest

from domain import acts
from domain.events import LaunchCancelled, LaunchResumed
from tests.plans import EXECUTIVE, PLANNER, SPONSOR, at, diamond, plan, single_step, step
from tests.unit.play import Play, kinds, seconds

STOP, RESUME = acts.StopLaunch("The price is wrong."), acts.ResumeLaunch("Corrected.")


@pytest.mark.parametrize(
    "person", ["lead.product", "frontline.city-a", PLANNER, SPONSOR, EXECUTIVE, "deputy.product"]
)
def test_anybody_involved_stops_the_launch(person: str) -> None:
    play = Play(single_step())
    assert kinds(play.do(person, STOP)) == ["LaunchStopped", "EscalationRaised"]
    [raised] = play.open_escalations()
    assert (raised.cause, raised.to.role, raised.level) == ("stop", "sponsor", 1)


def test_people_of_other_regions_and_modules_do_not() -> None:
    play = Play(single_step())
    for person in ("frontline.city-b", "lead.service", "admin", "facilitator", "planner.product"):
        assert play.refused(person, STOP) == "not_yours"


def test_a_campaign_without_regions_concerns_every_front_line() -> None:
    play = Play(plan(step("product"), regions=()))
    assert play.refused("frontline.city-b", STOP) == ""


def test_a_stop_across_a_deadline_shifts_it_by_its_length() -> None:
    play = Play(single_step())
    play.wait_until(8)
    play.do("lead.product", STOP)
    assert play.wait_until(50) == ()
    play.do(SPONSOR, RESUME)
    assert play.happened(LaunchResumed)[0] == LaunchResumed("Corrected.", "sponsor", 42_000)
    assert play.open_escalations() == ()
    assert play.due("answer") == 52
    assert seconds(play.step().due) == 102
    assert seconds(play.standing().gate.opens_at) == 142
    assert kinds(play.wait_until(52))[0] == "AnswerOverdue"


def test_a_stop_shifts_the_ladder_and_the_repair_time() -> None:
    play = Play(diamond())
    play.do("lead.product", acts.Decline("product", "No."))
    play.wait_until(12)
    play.do("lead.channel", STOP)
    play.wait_until(62)
    play.do(EXECUTIVE, RESUME)
    assert play.due("repair") == 80
    assert play.wait_until(79) == ()
    play.wait_until(80)
    assert play.standing().ending == "failed"


def test_a_stop_shifts_a_held_gate_and_its_grace() -> None:
    play = Play(single_step())
    play.wait_until(105)
    play.do("lead.product", STOP)
    play.wait_until(130)
    assert play.standing().phase == "committing"
    play.do(SPONSOR, RESUME)
    assert seconds(play.standing().gate.fails_at) == 145


def test_what_is_accepted_keeps_its_due() -> None:
    play = Play(plan(step("product"), step("channel")))
    play.sign()
    play.deliver()
    play.do("lead.product", STOP)
    play.wait_until(10)
    play.do(SPONSOR, RESUME)
    assert seconds(play.step("product").due) == 60
    assert seconds(play.step("channel").due) == 70


def test_a_due_shifted_by_a_stop_is_kept_by_the_same_terms_asked_again() -> None:
    play = Play(single_step())
    play.do("lead.product", STOP)
    play.wait_until(5)
    play.do(SPONSOR, RESUME)
    play.do("lead.product", acts.Decline("product", "No."))
    play.do(PLANNER, acts.Request("product", "Please."))
    assert seconds(play.step().due) == 65
    assert play.step().terms.deliver_by == at(60), "the terms are the same"


def test_only_talk_goes_on_during_a_stop() -> None:
    play = Play(single_step())
    play.wait_until(11)
    [raised] = play.open_escalations()
    play.do("lead.product", STOP)
    refused: list[tuple[str, acts.PersonAct]] = [
        ("lead.product", acts.Sign("product", play.step().digest)),
        ("lead.product", acts.Decline("product", "No.")),
        ("lead.product", acts.Acknowledge("product")),
        (SPONSOR, acts.Waive("product", "Without.")),
        (SPONSOR, acts.ResolveEscalation(raised.id, "waive", "Without.")),
        ("lead.product", STOP),
    ]
    for person, act in refused:
        assert play.refused(person, act) == "launch_stopped"
    taken: list[tuple[str, acts.PersonAct]] = [
        ("lead.product", acts.Ask("product", "Why?")),
        (PLANNER, acts.Reply("product", "The price.")),
        ("lead.product", acts.Escalate("Hurry.")),
        ("lead.product", acts.AcknowledgeEscalation(raised.id)),
        (SPONSOR, acts.ResolveEscalation(raised.id, "dismiss", "Known.")),
        (PLANNER, acts.CancelLaunch("Enough.")),
    ]
    for person, act in taken:
        assert play.refused(person, act) == ""


def test_a_stop_escalates_to_the_executive_a_working_day_later_whatever_else_is_frozen() -> None:
    play = Play(plan(step("product"), window=(at(10 * 86_400), at(20 * 86_400))))
    play.do("lead.product", STOP)
    assert kinds(play.wait_until(5 * 86_400)) == ["EscalationAdvanced"]
    assert [e.to.role for e in play.open_escalations()] == ["executive"]


def test_nobody_but_sponsor_and_executive_resumes() -> None:
    play = Play(single_step())
    assert play.refused(SPONSOR, RESUME) == "wrong_state"
    play.do("lead.product", STOP)
    for person in ("lead.product", PLANNER, "head.product", "admin"):
        assert play.refused(person, RESUME) == "not_yours"


def test_a_launch_still_stopped_at_the_end_of_its_window_is_cancelled() -> None:
    play = Play(single_step())
    play.sign()
    play.do("lead.product", STOP)
    assert "LaunchCancelled" in kinds(play.wait_until(200))
    assert play.happened(LaunchCancelled)[0] == LaunchCancelled(
        "The window ended while the launch was stopped.", None
    )
    assert not play.standing().is_stopped
    assert play.standing().ending == "cancelled"


def test_a_step_that_became_ready_during_a_stop_opens_when_it_is_over() -> None:
    play = Play(plan(step("product"), step("marketing", ["product"])))
    play.do("lead.product", acts.Decline("product", "No."))
    play.do("lead.product", STOP)
    assert play.refused(PLANNER, acts.Request("product", "Please.")) == "launch_stopped"
    play.do(SPONSOR, RESUME)
    play.do(PLANNER, acts.Request("product", "Please."))
    assert "CommitmentRequested" in kinds(play.sign())


def test_every_stop_has_a_ladder_of_its_own() -> None:
    play = Play(single_step())
    for _ in range(2):
        play.do("lead.product", STOP)
        assert len(play.open_escalations()) == 1
        play.do(SPONSOR, RESUME)
    assert [e.level for e in play.standing().escalations] == [1, 1]


def test_a_closing_launch_is_not_stopped() -> None:
    play = Play(single_step(deliver_by=150))
    play.sign()
    play.wait_until(200)
    assert play.refused("lead.product", STOP) == "launch_closed"
    assert play.refused(PLANNER, acts.CancelLaunch("Enough.")) == "launch_closed"


def test_a_live_launch_that_is_stopped_goes_on_with_later_dues() -> None:
    play = Play(single_step(deliver_by=150))
    play.sign()
    play.wait_until(120)
    play.do("frontline.city-a", STOP)
    play.wait_until(140)
    play.do(SPONSOR, RESUME)
    assert play.due("delivery") == 170
    assert seconds(play.standing().gate.opens_at) == 100, "a passed gate stays"


def test_a_clock_that_began_in_a_stop_moves_by_what_was_left_of_it() -> None:
    play = Play(single_step())
    play.do("frontline.city-a", acts.StopLaunch("Wait."))
    play.wait(100)
    play.do("lead.product", acts.Ask("product", "How many?"))
    play.wait(1)
    play.do(SPONSOR, acts.ResumeLaunch("Go on."))
    assert play.due("reply") == 111
    assert play.due("answer") == 111, "the one that ran before moves by the whole of it"


def test_a_clock_that_began_before_a_stop_moves_by_the_whole_of_it_however_the_time_was_set() -> (
    None
):
    play = Play(single_step())
    play.now = at(-1)
    play.do("frontline.city-a", acts.StopLaunch("Wait."))
    play.now = at(5)
    play.do(SPONSOR, acts.ResumeLaunch("Go on."))
    assert play.due("answer") == 16


def test_an_answer_time_extended_in_a_stop_moves_by_what_was_left_of_it() -> None:
    play = Play(single_step())
    play.wait_until(11)
    [raised] = play.open_escalations()
    play.do("frontline.city-a", acts.StopLaunch("Wait."))
    play.wait_until(60)
    given = acts.ResolveEscalation(raised.id, "extend", "More time.", answer_by=at(80))
    play.do("head.product", given)
    play.wait(1)
    play.do(SPONSOR, acts.ResumeLaunch("Go on."))
    assert play.due("answer") == 81
