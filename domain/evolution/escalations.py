"""Events of escalations and of the ladders they climb."""

from functools import partial
from typing import assert_never

from domain import events
from domain.changing import replace
from domain.clocks import ClockKind
from domain.escalation import Escalation, Remark
from domain.evolution.placing import clock_of, with_clock, with_escalation
from domain.launch import Launch


def evolve_escalation(launch: Launch, entry: events.Entry, event: events.EscalationEvent) -> Launch:
    """The launch after an escalation was raised, moved up, talked about or settled."""
    after = _moved(launch, entry, event)
    escalation = after.escalation(event.escalation)
    thread = (*escalation.thread, _remark(entry, event))
    return with_escalation(after, replace(escalation, thread=thread))


def _remark(entry: events.Entry, event: events.EscalationEvent) -> Remark:
    remark = partial(Remark, entry.at, entry.actor)
    match event:
        case events.EscalationRaised():
            return remark("raised", event.to, event.reason)
        case events.EscalationAdvanced():
            return remark("advanced", event.to)
        case events.EscalationAcknowledged():
            return remark("acknowledged", text=event.note)
        case events.AcknowledgementExpired():
            return remark("expired")
        case events.EscalationCommented():
            return remark("comment", text=event.text)
        case events.EscalationResolved():
            return remark("resolved", text=event.reason)
        case _:
            assert_never(event)


def _moved(launch: Launch, entry: events.Entry, event: events.EscalationEvent) -> Launch:
    match event:
        case events.EscalationRaised():
            raised = with_escalation(launch, _raised(entry, event))
            return _climbed(raised, event, event.clock)
        case events.EscalationAdvanced():
            known = launch.escalation(event.escalation)
            advanced = replace(_untaken(known), level=event.level, to=event.to)
            return _climbed(with_escalation(launch, advanced), event, event.clock)
        case events.EscalationAcknowledged():
            known = launch.escalation(event.escalation)
            seen = replace(
                known,
                state="acknowledged",
                acknowledged_at=entry.at,
                acknowledged_by=entry.actor,
                acknowledged_until=event.until,
            )
            return with_escalation(launch, seen)
        case events.AcknowledgementExpired():
            return with_escalation(launch, _untaken(launch.escalation(event.escalation)))
        case events.EscalationCommented():
            return launch
        case events.EscalationResolved():
            known = launch.escalation(event.escalation)
            settled = replace(
                known,
                state="resolved",
                resolved_at=entry.at,
                resolution=event.resolution,
                resolution_reason=event.reason,
            )
            return _settled(with_escalation(launch, settled), settled)
        case _:
            assert_never(event)


def _untaken(escalation: Escalation) -> Escalation:
    """In nobody's hands."""
    return replace(
        escalation,
        state="open",
        acknowledged_at=None,
        acknowledged_by=None,
        acknowledged_until=None,
    )


def _raised(entry: events.Entry, event: events.EscalationRaised) -> Escalation:
    return Escalation(
        id=event.escalation,
        step=event.step,
        cause=event.cause,
        level=event.level,
        to=event.to,
        raised_at=entry.at,
        raised_by=entry.actor,
        reason=event.reason,
        clock=event.clock,
    )


def _climbed(
    launch: Launch,
    event: events.EscalationRaised | events.EscalationAdvanced,
    kind: ClockKind | None,
) -> Launch:
    """The clock behind the escalation stands on the rung it reached."""
    clock = None if kind is None else clock_of(launch, event.step, kind)
    if kind is None or clock is None:
        return launch
    climbed = replace(
        clock,
        next_at=event.next_at,
        rung=event.rung,
        level=event.level,
        escalation=event.escalation,
    )
    return with_clock(launch, event.step, kind, climbed)


def _settled(launch: Launch, settled: Escalation) -> Launch:
    """The ladder that raised it rests, and a failed compensation may be tried again.

    A repair clock goes on: dismissing the question does not repair the step.
    """
    clock = clock_of(launch, settled.step, settled.clock) if settled.clock else None
    goes_on = settled.clock == "repair"
    if clock is not None and clock.escalation == settled.id and not goes_on:
        return with_clock(launch, settled.step, clock.kind, replace(clock, next_at=None))
    if not settled.is_incident:
        return launch
    compensations = tuple(
        replace(c, error=None) if c.step == settled.step else c for c in launch.compensations
    )
    return replace(launch, compensations=compensations)
