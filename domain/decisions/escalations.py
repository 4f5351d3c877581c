"""Escalations by hand: raised, acknowledged and settled."""

from datetime import datetime
from typing import assert_never

from domain import acts, events
from domain.commitment import Commitment
from domain.decisions import launches
from domain.decisions.guards import figures_of
from domain.decisions.ladder import next_escalation
from domain.decisions.planning import postpone
from domain.decisions.terms import is_beyond
from domain.decisions.waivers import waive
from domain.errors import AlreadyAnswered, Invalid, WrongState
from domain.escalation import Addressee, Escalation
from domain.launch import Launch


def escalate(launch: Launch, act: acts.Escalate) -> tuple[events.Event, ...]:
    """Put to the sponsor, with the reason; stays until somebody settles it."""
    return (
        events.EscalationRaised(
            escalation=next_escalation(launch),
            step=act.step,
            cause="manual",
            level=1,
            rung=1,
            to=Addressee(role="sponsor"),
            do="notify",
            reason=act.reason,
            clock=None,
            next_at=None,
        ),
    )


def acknowledge(
    launch: Launch, act: acts.AcknowledgeEscalation, now: datetime
) -> tuple[events.Event, ...]:
    """Somebody takes it up for a while; the ladder goes on until it is settled."""
    escalation = launch.escalation(act.escalation)
    _check_open(escalation)
    if escalation.state == "acknowledged":
        raise AlreadyAnswered("This escalation is acknowledged already.", id=escalation.id)
    within = launch.plan.policy.acknowledged_for
    until = None if within is None else launch.calendar.add(now, within)
    return (events.EscalationAcknowledged(escalation.id, escalation.step, act.note, until),)


def comment(launch: Launch, act: acts.CommentOnEscalation) -> tuple[events.Event, ...]:
    """Said to everybody, as long as it is open."""
    escalation = launch.escalation(act.escalation)
    _check_open(escalation)
    return (events.EscalationCommented(escalation.id, escalation.step, act.text),)


def resolve(
    launch: Launch, act: acts.ResolveEscalation, *, role: str, now: datetime
) -> tuple[events.Event, ...]:
    """Settle it the way the act says; what that does to the step happens in the same decision."""
    escalation = launch.escalation(act.escalation)
    _check_open(escalation)
    settled = events.EscalationResolved(escalation.id, escalation.step, act.resolution, act.reason)
    match act.resolution:
        case "dismiss":
            return (settled,)
        case "cancel":
            return (settled, *launches.cancel(act.reason, role))
        case "extend":
            return (settled, _extended(launch, _step(launch, escalation), act, now))
        case "reassign":
            return (settled, _reassigned(launch, _step(launch, escalation), act, now))
        case "postpone":
            if act.window is None:
                raise Invalid("window", "Postponing takes the window it is postponed to.")
            postponed = postpone(launch, act.window, reason=act.reason, role=role, now=now)
            return (settled, *postponed)
        case "waive":
            return _waived(launch, act, settled)
        case _:
            assert_never(act.resolution)


def _check_open(escalation: Escalation) -> None:
    if not escalation.is_open:
        message = f"This escalation is settled already ({escalation.resolution})."
        raise WrongState(message, id=escalation.id, state=escalation.state, possible=[])


def _step(launch: Launch, escalation: Escalation) -> Commitment:
    if escalation.step is None:
        message = "This escalation is about the whole launch; resume, cancel or dismiss it."
        raise Invalid("resolution", message)
    return launch.step(escalation.step)


def _check_waiting(commitment: Commitment) -> None:
    if commitment.answer is None or commitment.state != "requested":
        message = f"“{commitment.key}” is {commitment.state}; no answer is waited for."
        raise WrongState(message, **figures_of(commitment))


def _extended(
    launch: Launch, commitment: Commitment, act: acts.ResolveEscalation, now: datetime
) -> events.AnswerExtended:
    is_possible = act.answer_by is not None and now < act.answer_by
    if act.answer_by is None or not is_possible or is_beyond(act.answer_by, launch.plan.end):
        message = "Extending takes an answer_by after now and not after the end of the campaign."
        raise Invalid("answer_by", message)
    _check_waiting(commitment)
    return events.AnswerExtended(commitment.key, act.answer_by)


def _reassigned(
    launch: Launch, commitment: Commitment, act: acts.ResolveEscalation, now: datetime
) -> events.PerformerReassigned:
    if act.to is None:
        raise Invalid("to", "Reassigning takes the person who is to perform this attempt.")
    _check_waiting(commitment)
    answer_by = launch.calendar.add(now, commitment.plan.answer_within)
    return events.PerformerReassigned(commitment.key, None, act.to, answer_by)


def _waived(
    launch: Launch, act: acts.ResolveEscalation, settled: events.EscalationResolved
) -> tuple[events.Event, ...]:
    """Two people all the same: the first opens the waiver and the escalation stays open."""
    commitment = _step(launch, launch.escalation(act.escalation))
    happened = waive(launch, acts.Waive(commitment.key, act.reason))
    is_effective = isinstance(happened[0], events.CommitmentWaived)
    return (settled, *happened) if is_effective else happened
