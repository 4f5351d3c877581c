"""Reminders, escalations taken up for a while, their threads, and people who stand in."""

from datetime import timedelta

import pytest

from domain import acts, events
from domain.calendar import Duration
from domain.changing import replace
from domain.inbox import inbox_items
from domain.plan import Plan
from domain.terms import TermsChange
from domain.view import escalation_document
from tests.plans import (
    EXECUTIVE,
    PLANNER,
    SPONSOR,
    at,
    chain_of_five,
    rung,
    single_step,
    window_of,
    within,
)
from tests.unit.play import Play, kinds, seconds


def reminding(planned: Plan, seconds: float = 4) -> Plan:
    """The same plan, in which whoever is waited on hears of it so long before the due."""
    steps = (replace(step, remind_before=within(seconds)) for step in planned.steps)
    return replace(planned, steps=tuple(steps))


def taking_turns(planned: Plan, seconds: float = 6) -> Plan:
    """The same plan, in which an escalation may be in somebody's hands so long."""
    return replace(planned, policy=replace(planned.policy, acknowledged_for=within(seconds)))


# -- reminders -----------------------------------------------------------------------------------


def test_who_is_waited_on_is_reminded_once_before_the_due() -> None:
    play = Play(reminding(single_step()))
    play.wait_until(9)
    assert play.when(events.ReminderSent) == [6]
    [sent] = play.happened(events.ReminderSent)
    assert sent == events.ReminderSent("product", "answer", at(10))
    assert seconds(play.step().reminded_at) == 6
    assert kinds(play.wait_until(10)) == ["AnswerOverdue", "EscalationRaised"]


def test_the_answer_spares_the_reminder() -> None:
    play = Play(reminding(single_step()))
    play.sign()
    play.wait_until(50)
    assert play.happened(events.ReminderSent) == []
    play.wait_until(57)
    assert [e.event.clock for e in play.entries if isinstance(e.event, events.ReminderSent)] == [
        "delivery"
    ]


def test_every_party_is_reminded_by_its_own_clock() -> None:
    play = Play(reminding(single_step(customer="marketing")))
    play.do("lead.product", acts.Ask("product", "How many?"))
    play.wait(7)
    play.do("lead.product", acts.Counter("product", TermsChange("Half"), "Too much."))
    play.wait(7)
    play.do(PLANNER, acts.AcceptCounter("product", play.step().digest))
    play.do("lead.product", acts.RequestRelease("product", "We cannot."))
    play.wait(7)
    play.do(PLANNER, acts.RefuseRelease("product"))
    play.do("lead.product", acts.Report("product", "There."))
    play.wait(7)
    reminded = [e.event.clock for e in play.entries if isinstance(e.event, events.ReminderSent)]
    assert reminded == ["answer", "reply", "counter", "release", "acceptance"]


def test_where_there_is_no_such_time_nobody_is_reminded() -> None:
    for before in (10, 11, 0):
        play = Play(reminding(single_step(), before))
        play.wait_until(10)
        assert play.happened(events.ReminderSent) == []


def test_a_stop_freezes_the_reminder_too() -> None:
    play = Play(reminding(single_step()))
    play.wait_until(5)
    play.do(PLANNER, acts.StopLaunch("Wait."))
    play.wait(30)
    assert play.happened(events.ReminderSent) == []
    play.do(SPONSOR, acts.ResumeLaunch("Go on."))
    play.wait_until(36)
    assert play.when(events.ReminderSent) == [36]


def test_a_reminder_of_the_clock_voids_no_waiver() -> None:
    play = Play(reminding(single_step()))
    play.do(SPONSOR, acts.Waive("product", "Not needed."))
    play.wait_until(7)
    assert play.happened(events.ReminderSent)
    assert play.step().waiver is not None
    play.do(EXECUTIVE, acts.Waive("product", "Agreed."))
    assert play.step().state == "waived"


def test_it_counts_for_the_planners_own_reminders() -> None:
    play = Play(reminding(single_step()))
    play.wait_until(7)
    assert play.refused(PLANNER, acts.Remind("product")) == "reminded_recently"


def test_in_business_time() -> None:
    planned = single_step(answer_within="2bd", deliver_by=at(0) + timedelta(days=9))
    planned = replace(
        planned,
        steps=tuple(replace(s, remind_before=Duration.parse("1bd")) for s in planned.steps),
        window=replace(window_of(planned), start=at(864_000), end=at(1_000_000)),
    )
    play = Play(planned)
    due = play.step().answer
    assert due is not None
    play.wait_until(due.due)
    [at_seconds] = play.when(events.ReminderSent)
    assert at(at_seconds) == due.due - timedelta(days=1), "the cut-off of the day before"


# -- escalations taken up ------------------------------------------------------------------------


def overdue(planned: Plan) -> Play:
    play = Play(planned)
    play.wait_until(10)
    return play


def test_an_acknowledgement_expires() -> None:
    play = overdue(taking_turns(single_step(ladder=(rung(0, "lead"),))))
    [raised] = play.open_escalations()
    play.do("lead.product", acts.AcknowledgeEscalation(raised.id, "I call them."))
    [taken] = play.open_escalations()
    assert (taken.state, seconds(taken.acknowledged_until)) == ("acknowledged", 16)
    assert kinds(play.wait_until(16)) == ["AcknowledgementExpired"]
    [again] = play.open_escalations()
    assert (again.state, again.acknowledged_by, again.acknowledged_until) == ("open", None, None)
    play.do("head.product", acts.AcknowledgeEscalation(raised.id))
    play.sign()
    play.wait_until(40)
    assert play.when(events.AcknowledgementExpired) == [16], "settled ones expire no more"


def test_a_stop_does_not_freeze_it() -> None:
    play = overdue(taking_turns(single_step(ladder=(rung(0, "lead"),))))
    [raised] = play.open_escalations()
    play.do("lead.product", acts.AcknowledgeEscalation(raised.id))
    play.do(PLANNER, acts.StopLaunch("Wait."))
    play.wait_until(17)
    assert play.when(events.AcknowledgementExpired) == [16]


def test_without_such_a_policy_it_never_expires() -> None:
    play = overdue(single_step(ladder=(rung(0, "lead"),)))
    [raised] = play.open_escalations()
    play.do("lead.product", acts.AcknowledgeEscalation(raised.id))
    play.wait_until(50)
    assert play.standing().escalation(raised.id).state == "acknowledged"


def test_the_thread_tells_what_became_of_it() -> None:
    play = overdue(taking_turns(single_step(ladder=(rung(0, "lead"), rung(5, "head"))), 3))
    [raised] = play.open_escalations()
    play.do("lead.product", acts.AcknowledgeEscalation(raised.id, "I call them."))
    play.do("frontline.city-a", acts.CommentOnEscalation(raised.id, "The shops are asking."))
    play.wait_until(15)
    play.sign()
    told = escalation_document(play.standing(), play.standing().escalation(raised.id))["thread"]
    assert [(r["what"], r["by"], r["text"]) for r in told] == [
        ("raised", "system", told[0]["text"]),
        ("acknowledged", "lead.product", "I call them."),
        ("comment", "frontline.city-a", "The shops are asking."),
        ("expired", "system", None),
        ("advanced", "system", None),
        ("resolved", "system", None),
    ]
    assert [r["to"] and r["to"]["role"] for r in told] == ["lead", None, None, None, "head", None]


@pytest.mark.parametrize(
    ("person", "code"),
    [("somebody.else", "not_yours"), ("frontline.city-b", "not_yours"), ("admin", "not_yours")],
)
def test_only_the_involved_comment(person: str, code: str) -> None:
    play = overdue(single_step())
    [raised] = play.open_escalations()
    assert play.refused(person, acts.CommentOnEscalation(raised.id, "Well.")) == code


def test_on_what_is_settled_nothing_is_said() -> None:
    play = overdue(single_step())
    [raised] = play.open_escalations()
    play.do(SPONSOR, acts.StopLaunch("Wait."))
    play.do("lead.product", acts.CommentOnEscalation(raised.id, "In a stop one may talk."))
    play.do(SPONSOR, acts.ResolveEscalation(raised.id, "dismiss", "Known."))
    comment = acts.CommentOnEscalation(raised.id, "But.")
    assert play.refused("lead.product", comment) == "wrong_state"


# -- people who stand in -------------------------------------------------------------------------


def test_who_stands_in_is_woken_before_the_holder() -> None:
    play = Play(single_step())
    away = acts.Delegate("product", "somebody.else", at(60), "On leave.")
    play.do("lead.product", away)
    play.wait_until(16)
    raised = [e.event for e in play.entries if isinstance(e.event, events.EscalationRaised)]
    moved = [e.event for e in play.entries if isinstance(e.event, events.EscalationAdvanced)]
    assert (raised[0].to.role, raised[0].to.person) == ("lead", "somebody.else")
    assert (moved[0].to.role, moved[0].to.person) == ("head", None), "the head is at the desk"


def test_who_stands_in_answers_the_escalation() -> None:
    play = Play(single_step())
    play.do("lead.product", acts.Delegate("product", "somebody.else", at(60), "On leave."))
    play.wait_until(11)
    [raised] = play.open_escalations()
    [item] = [i for i in inbox_items(play.standing()) if i.kind == "escalation"]
    assert (item.person, item.posts) == ("somebody.else", ())
    play.do("somebody.else", acts.AcknowledgeEscalation(raised.id))
    play.do("lead.product", acts.CommentOnEscalation(raised.id, "I am back tomorrow."))


def test_a_rung_that_reassigns_reaches_who_stands_in() -> None:
    play = Play(single_step(ladder=(rung(0, "lead", "reassign"),)))
    play.do("lead.product", acts.Delegate("product", "somebody.else", at(60), "On leave."))
    play.wait_until(11)
    performer = play.step().performer
    assert performer is not None
    assert (performer.role, performer.person) == ("lead", None)
    play.sign(person="somebody.else")
    [signed] = play.step().signatures
    assert (signed.role, signed.person) == ("delegate", "somebody.else")


def test_a_delegation_ends_whatever_was_reassigned_or_put_to_the_delegate() -> None:
    """I5: it expires, also where a rung of the ladder has reached who stood in."""
    ladder = (rung(0, "head"), rung(2, "head", "reassign"))
    play = Play(single_step(ladder=ladder))
    play.do("head.product", acts.Delegate("product", "frontline.city-a", at(15), "At the fair."))
    play.wait_until(13)
    [raised] = play.open_escalations()
    assert ("sign", "product") in play.inbox("frontline.city-a")
    assert ("escalation", "product") in play.inbox("frontline.city-a")
    play.wait_until(20)
    settled = acts.ResolveEscalation(raised.id, "dismiss", "Mine.")
    assert play.refused("frontline.city-a", settled) == "not_yours"
    signed = acts.Sign("product", play.step().digest)
    assert play.refused("frontline.city-a", signed) == "not_yours"
    assert play.inbox("frontline.city-a") == []
    assert {("sign", "product"), ("escalation", "product")} <= {*play.inbox("head.product")}
    play.sign(person="head.product")


def test_who_stood_in_for_another_post_does_not_after_a_reassignment() -> None:
    play = Play(single_step(ladder=(rung(0, "head", "reassign"),)))
    play.do("lead.product", acts.Delegate("product", "somebody.else", at(60), "On leave."))
    play.wait_until(11)
    signed = acts.Sign("product", play.step().digest)
    assert play.refused("somebody.else", signed) == "not_yours"
    play.sign(person="head.product")


def test_once_it_is_over_the_holder_is_woken() -> None:
    play = Play(chain_of_five())
    play.do("lead.product", acts.Delegate("product", "somebody.else", at(5), "This morning."))
    play.wait_until(10)
    [raised] = play.open_escalations()
    assert (raised.to.role, raised.to.person) == ("lead", None)
