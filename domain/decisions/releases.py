"""Taking a promise back: with the planner's consent, without it, or because it is not needed."""

from datetime import datetime

from domain import acts, events
from domain.decisions.answers import repair_times
from domain.decisions.guards import check_state
from domain.decisions.ladder import next_escalation
from domain.escalation import Addressee
from domain.launch import Launch


def ask(launch: Launch, act: acts.RequestRelease, now: datetime) -> tuple[events.Event, ...]:
    """The promise stands until the planner has decided; the planner's clock starts."""
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    decide_by = launch.calendar.add(now, commitment.plan.answer_within)
    return (events.ReleaseRequested(act.step, act.reason, decide_by),)


def allow(launch: Launch, act: acts.AllowRelease, now: datetime) -> tuple[events.Event, ...]:
    """The module owes nothing more; the repair time starts, or goes on."""
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    times = repair_times(launch, commitment, now)
    attempt, version = commitment.attempt, commitment.version
    return (events.CommitmentReleased(act.step, attempt, version, act.note, *times),)


def refuse(launch: Launch, act: acts.RefuseRelease) -> tuple[events.Event, ...]:
    """The promise stands as it was given."""
    check_state(launch, launch.step(act.step), act)
    return (events.ReleaseRefused(act.step, act.note),)


def revoke(launch: Launch, act: acts.Revoke, now: datetime) -> tuple[events.Event, ...]:
    """Always possible, and always put to the sponsor in the same decision."""
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    repair_by = repair_times(launch, commitment, now)[0] if launch.is_open else None
    attempt, version = commitment.attempt, commitment.version
    revoked = events.CommitmentRevoked(act.step, attempt, version, act.reason, repair_by)
    raised = events.EscalationRaised(
        escalation=next_escalation(launch),
        step=act.step,
        cause="revoked",
        level=1,
        rung=1,
        to=Addressee(role="sponsor"),
        do="notify",
        reason=f"“{act.step}” took its promise back: {act.reason}",
        clock=None if repair_by is None else "repair",
        next_at=repair_by,
    )
    return (revoked, raised)


def cancel(launch: Launch, act: acts.CancelCommitment, now: datetime) -> tuple[events.Event, ...]:
    """The planner needs it no more, or not so; a new attempt or a waiver takes its place."""
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    return (
        events.CommitmentCancelled(act.step, act.reason, *repair_times(launch, commitment, now)),
    )
