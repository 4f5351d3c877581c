"""After the promise: reports, judgements, overdue deliveries, and what is left at the end."""

from domain import acts
from tests.plans import PLANNER, at, chain_of_five, plan, rung, single_step, step
from tests.unit.play import Play, kinds, seconds

REPORT = acts.Report("product", "See the folder.", "https://example.invalid/folder")


def test_a_delivery_is_reported_and_accepted_by_the_customer() -> None:
    play = Play(plan(step("product", customer="marketing")))
    play.sign()
    play.do("lead.product", REPORT)
    assert play.step().state == "reported"
    assert [c.kind for c in play.step().clocks] == ["acceptance"]
    assert play.refused("lead.channel", acts.Accept("product")) == "not_yours"
    ratings = (acts.Rating("It is complete", 5),)
    play.do("deputy.marketing", acts.Accept("product", ratings, "Thanks."))
    assert play.step().state == "accepted"
    [delivery] = play.step().deliveries
    assert (delivery.by, delivery.judged_by, delivery.accepted) == (
        "lead.product",
        "deputy.marketing",
        True,
    )


def test_ratings_are_about_conditions_of_the_terms() -> None:
    play = Play(single_step())
    play.sign()
    play.do("lead.product", REPORT)
    for rating in (acts.Rating("It is cheap", 3), acts.Rating("It is on time", 6)):
        assert play.refused(PLANNER, acts.Accept("product", (rating,))) == "invalid"
    assert play.refused(PLANNER, acts.Accept("product", (acts.Rating("It is on time", 0),)))


def test_nobody_judges_their_own_report() -> None:
    people = {"ana": ("lead:product", "lead:marketing"), "ben": ("head:marketing",), PLANNER: ()}
    play = Play(plan(step("product", customer="marketing")), people=people)
    play.sign(person="ana")
    play.do("ana", REPORT)
    assert play.refused("ana", acts.Accept("product")) == "four_eyes"
    assert play.refused("ana", acts.Reject("product", "No.")) == "four_eyes"
    assert play.refused("ben", acts.Accept("product")) == ""


def test_a_rejected_delivery_is_kept_and_the_promise_stands() -> None:
    play = Play(single_step())
    play.sign()
    play.do("lead.product", REPORT)
    play.do(PLANNER, acts.Reject("product", "Half is missing."))
    assert play.step().state == "signed"
    assert [s.person for s in play.step().signatures] == ["lead.product"]
    [rejected] = play.step().deliveries
    assert (rejected.accepted, rejected.reason) == (False, "Half is missing.")
    play.deliver()
    assert [d.accepted for d in play.step().deliveries] == [False, True]


def test_after_a_rejection_the_performer_is_waited_on_as_before() -> None:
    play = Play(single_step())
    play.sign()
    play.do("lead.product", REPORT)
    play.do(PLANNER, acts.Reject("product", "Half is missing."))
    [clock] = play.step().clocks
    assert (clock.kind, seconds(clock.due)) == ("delivery", 60)
    assert kinds(play.wait_until(60)) == ["ClockOverdue", "EscalationRaised"]


def test_a_rejection_after_the_due_goes_on_where_the_ladder_was() -> None:
    play = Play(single_step())
    play.sign()
    play.wait_until(62)
    assert [e.level for e in play.open_escalations()] == [1]
    play.do("lead.product", REPORT)
    assert [e.level for e in play.open_escalations()] == [1], "a report is no delivery yet"
    assert play.wait_until(64) == ()
    play.do(PLANNER, acts.Reject("product", "Half is missing."))
    assert play.step().is_overdue
    assert play.wait_until(64.5) == ()
    play.wait_until(65)
    [raised] = play.open_escalations()
    assert (raised.level, raised.to.role, raised.cause) == (2, "head", "overdue_delivery")


def test_a_rejection_leaves_the_top_rung_open() -> None:
    play = Play(single_step())
    play.sign()
    play.wait_until(71)
    play.do("lead.product", REPORT)
    assert play.wait_until(80.9) == (), "the ladder rests while the customer judges"
    play.do(PLANNER, acts.Reject("product", "Half is missing."))
    [top] = play.open_escalations()
    assert (top.level, top.to.role) == (3, "sponsor")
    play.deliver()
    assert play.open_escalations() == ()
    assert play.standing().escalations[0].resolution == "answered"


def test_a_ladder_dismissed_during_a_report_rests_after_the_rejection() -> None:
    play = Play(single_step())
    play.sign()
    play.wait_until(62)
    [raised] = play.open_escalations()
    play.do("lead.product", REPORT)
    play.do("lead.product", acts.ResolveEscalation(raised.id, "dismiss", "Known."))
    play.do(PLANNER, acts.Reject("product", "Half is missing."))
    assert play.wait_until(99) == ()


def test_an_overdue_delivery_only_notifies() -> None:
    play = Play(single_step(ladder=(rung(0, "head", "reassign"),)))
    play.sign()
    play.wait_until(61)
    assert play.step().performer is None
    assert play.open_escalations()[0].to.role == "head"


def test_a_customer_who_does_not_judge_is_late_too() -> None:
    play = Play(plan(step("product", customer="marketing")))
    play.sign()
    play.do("lead.product", REPORT)
    assert kinds(play.wait_until(10)) == ["ClockOverdue", "EscalationRaised"]
    [raised] = play.open_escalations()
    assert (raised.to.role, raised.to.module) == ("lead", "marketing")
    play.do("lead.marketing", acts.Accept("product"))
    assert play.open_escalations() == ()


def test_a_planner_who_does_not_judge_is_escalated_to_the_sponsor() -> None:
    play = Play(single_step())
    play.sign()
    play.do("lead.product", REPORT)
    play.wait_until(10)
    assert [e.to.role for e in play.open_escalations()] == ["sponsor"]


def test_a_live_launch_with_all_deliveries_closes_at_the_end_of_its_window() -> None:
    play = Play(chain_of_five())
    play.sign_all()
    for commitment in play.standing().steps:
        play.deliver(commitment.key)
    assert kinds(play.wait_until(200)) == ["GatePassed", "WindowEnded", "LaunchClosed"]
    assert play.standing().outcome == "completed"


def test_a_late_delivery_is_waited_for_and_accepted_while_closing() -> None:
    play = Play(single_step(deliver_by=150))
    play.sign()
    play.wait_until(201)
    assert (play.standing().phase, play.standing().ending) == ("closing", "completed")
    assert [e.cause for e in play.open_escalations()] == ["overdue_delivery"]
    play.do("lead.product", REPORT)
    play.do(PLANNER, acts.Accept("product"))
    assert (play.standing().phase, play.standing().outcome) == ("closed", "completed")
    assert not play.step().breached


def test_what_is_not_accepted_in_time_is_breached_and_the_launch_closes() -> None:
    play = Play(
        plan(step("product", deliver_by=150), step("channel", deliver_by=150), repair_within=30)
    )
    play.sign("product")
    play.sign("channel")
    play.wait_until(210)
    play.deliver("channel")
    play.do("lead.product", REPORT)
    assert kinds(play.wait_until(229)) == ["ClockOverdue", "EscalationRaised"]
    assert play.standing().phase == "closing"
    assert "CommitmentBreached" in kinds(play.wait_until(230))
    assert play.step("product").breached
    assert not play.step("channel").breached
    assert (play.standing().phase, play.standing().outcome) == ("closed", "completed")
    assert play.open_escalations() == ()
    assert play.refused(PLANNER, acts.Accept("product")) == "launch_closed"


def test_a_due_after_the_gate_does_not_hold_it() -> None:
    play = Play(single_step(deliver_by=150))
    play.sign()
    assert kinds(play.wait_until(100)) == ["GatePassed"]
    assert seconds(play.step().due) == 150
    assert play.standing().gate.passed_at == at(100)
