"""After the promise: the performer reports, the customer accepts or rejects."""

from datetime import datetime

from domain import acts, events
from domain.decisions.guards import check_state
from domain.errors import Invalid
from domain.launch import Launch

BEST_SCORE = 5


def report(launch: Launch, act: acts.Report, now: datetime) -> tuple[events.Event, ...]:
    """Delivery claimed; the customer's clock starts."""
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    judge_by = launch.calendar.add(now, commitment.plan.answer_within)
    return (events.DeliveryReported(act.step, act.evidence, act.link, judge_by),)


def retract(launch: Launch, act: acts.RetractReport) -> tuple[events.Event, ...]:
    """Not delivered after all; the promise stands and its delivery clock goes on where it was."""
    check_state(launch, launch.step(act.step), act)
    return (events.ReportRetracted(act.step, act.note),)


def accept(launch: Launch, act: acts.Accept) -> tuple[events.Event, ...]:
    """The only success; each rating must name a condition of the terms."""
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    for place, rating in enumerate(act.ratings):
        if rating.condition not in commitment.terms.conditions:
            message = f"The terms have no condition “{rating.condition}”."
            raise Invalid(f"ratings[{place}].condition", message)
        if not 1 <= rating.score <= BEST_SCORE:
            raise Invalid(f"ratings[{place}].score", "A score is a whole number from 1 to 5.")
    ratings = tuple((rating.condition, rating.score) for rating in act.ratings)
    return (events.DeliveryAccepted(act.step, ratings, act.note),)


def reject(launch: Launch, act: acts.Reject) -> tuple[events.Event, ...]:
    """Not taken; the promise stands and its delivery clock goes on where it was."""
    check_state(launch, launch.step(act.step), act)
    return (events.DeliveryRejected(act.step, act.reason),)
