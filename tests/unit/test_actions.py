"""An action: a launch of one step without window and gate, over with what was asked for."""

from dataclasses import replace
from typing import Any

import pytest

from domain import acts
from domain.blameless.scrub import Scrubber
from domain.events import AnswerOverdue, LaunchCancelled
from domain.plan import Window
from domain.plan_change import PlanChange
from domain.postmortem.actions import Wish, action_document, action_plan
from domain.postmortem.follow_ups import Asking
from domain.terms import TermsChange
from domain.view import launch_document
from tests.plans import SPONSOR, at, chain_of_five
from tests.unit.play import Play

FACILITATOR = "facilitator"
NOBODY = Scrubber((), str)
WISH = Wish("service", "Training is booked with the plan.", at(60), ("Every outlet has a date.",))


def asked(**changes: Any) -> Play:  # noqa: ANN401 - fields of a wish
    """An action after a run whose plan is the chain of five."""
    wish = replace(WISH, **changes)
    asking = Asking(chain_of_five(), "L0", FACILITATOR, SPONSOR)
    return Play(action_plan(asking, wish, "A1"))


def outcome(play: Play) -> tuple[str, str | None]:
    return play.standing().phase, play.standing().outcome


def test_it_is_asked_for_at_once_and_nothing_is_checked() -> None:
    play = asked(deliver_by=at(1))
    assert play.step("service").state == "requested"
    assert play.standing().findings == ()
    assert play.standing().plan.kind == "action"
    assert launch_document(play.standing())["gate"] is None


def test_silence_escalates_for_ever() -> None:
    play = asked()
    play.wait_until(100_000)
    assert play.happened(AnswerOverdue)
    assert outcome(play) == ("committing", None)
    [escalation] = play.open_escalations()
    assert escalation.to.role == "sponsor"


def test_it_is_completed_with_the_delivery() -> None:
    play = asked()
    play.sign("service")
    assert outcome(play) == ("preparing", None)
    play.wait_until(70)
    play.do("lead.service", acts.Report("service", "It is booked."))
    play.do(FACILITATOR, acts.Accept("service"))
    assert outcome(play) == ("closed", "completed")
    assert play.open_escalations() == ()


@pytest.mark.parametrize(
    ("person", "act"),
    [
        ("lead.service", acts.Decline("service", "No room.")),
        (FACILITATOR, acts.Withdraw("service", "Not needed.")),
        (FACILITATOR, acts.CancelLaunch("Not needed.")),
    ],
)
def test_any_other_end_cancels_it(person: str, act: acts.PersonAct) -> None:
    play = asked()
    play.do(person, act)
    assert outcome(play) == ("closed", "cancelled")
    assert play.happened(LaunchCancelled)


def test_a_promise_taken_back_ends_it() -> None:
    play = asked()
    play.sign("service")
    play.do("lead.service", acts.Revoke("service", "No room."))
    assert outcome(play) == ("closed", "cancelled")


def test_it_is_cancelled_after_a_promise_and_undone() -> None:
    play = asked()
    play.sign("service")
    play.do(FACILITATOR, acts.CancelLaunch("Not needed."))
    assert outcome(play) == ("closing", None)
    play.carry_out(acts.Command(acts.ReportCompensation("service")))
    assert outcome(play) == ("closed", "cancelled")


def test_it_ends_in_no_stop() -> None:
    play = asked()
    play.do("lead.service", acts.StopLaunch("Wait."))
    play.wait(1_000_000)
    assert outcome(play) == ("committing", None)
    play.do(SPONSOR, acts.ResumeLaunch("Go on."))
    play.sign("service")
    assert play.step("service").state == "signed"


@pytest.mark.parametrize(
    "change",
    [
        PlanChange(("theme",), theme="x"),
        PlanChange(("window",), window=Window(at(100), at(200))),
        PlanChange(("title", "regions"), title="Other", regions=("city-a",)),
    ],
)
def test_only_its_title_changes(change: PlanChange) -> None:
    play = asked()
    assert play.refused(FACILITATOR, acts.AmendPlan(change, "x")) == "invalid"
    assert play.refused("lead.service", acts.Counter("service", None, "x", change)) == "invalid"
    play.do(FACILITATOR, acts.AmendPlan(PlanChange(("title",), title="Other"), "Clearer."))
    assert play.standing().plan.title == "Other"
    assert play.step("service").state == "requested"


def test_it_is_not_postponed() -> None:
    play = asked()
    play.wait_until(30)
    [escalation] = play.open_escalations()
    later = acts.ResolveEscalation(escalation.id, "postpone", "Later.", window=Window(at(1), at(2)))
    assert play.refused(SPONSOR, later) == "invalid"


def test_its_terms_have_no_end() -> None:
    play = asked()
    later = TermsChange(deliver_by=at(10_000_000))
    play.do("lead.service", acts.Counter("service", later, "More time."))
    play.do(FACILITATOR, acts.AcceptCounter("service", play.step("service").digest))
    assert play.step("service").due == at(10_000_000)


def test_who_asks_never_signs() -> None:
    play = asked()
    sign = acts.Sign("service", play.step("service").digest)
    assert play.refused(FACILITATOR, sign) in {"four_eyes", "not_yours"}


def test_it_is_overdue_where_somebody_is() -> None:
    play = asked()
    shown = [
        action_document(launch_document(play.standing()), NOBODY, at(moment))["overdue"]
        for moment in (9, 11)
    ]
    assert shown == [False, True]
    play.sign("service")
    later = [
        action_document(launch_document(play.standing()), NOBODY, at(moment))["overdue"]
        for moment in (59, 61)
    ]
    assert later == [False, True]
