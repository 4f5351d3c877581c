"""Putting a changed part back into the launch it belongs to."""

from datetime import datetime, timedelta
from typing import Any

from domain.changing import replace
from domain.clocks import STEP_CLOCKS, Clock, ClockKind, StepClockKind
from domain.commitment import Commitment
from domain.escalation import Escalation
from domain.launch import Launch
from domain.terms import Terms


def with_step(launch: Launch, commitment: Commitment) -> Launch:
    """The launch with this commitment in its step's place."""
    steps = tuple(commitment if c.key == commitment.key else c for c in launch.steps)
    return replace(launch, steps=steps)


def with_escalation(launch: Launch, escalation: Escalation) -> Launch:
    """The launch with this escalation in place of the one of its id, or added."""
    if all(known.id != escalation.id for known in launch.escalations):
        return replace(launch, escalations=(*launch.escalations, escalation))
    placed = tuple(escalation if e.id == escalation.id else e for e in launch.escalations)
    return replace(launch, escalations=placed)


def with_clock(launch: Launch, step: str | None, kind: ClockKind, clock: Clock) -> Launch:
    """The launch with this clock where clocks of its kind stand, if one still runs there."""
    if kind == "gate":
        return replace(launch, gate=replace(launch.gate, clock=clock))
    if kind == "stop":
        if launch.stop is None:
            return launch
        return replace(launch, stop=replace(launch.stop, clock=clock))
    commitment = launch.step(step or "")
    return with_step(launch, with_step_clock(commitment, kind, clock))


def with_step_clock(commitment: Commitment, kind: StepClockKind, clock: Clock | None) -> Commitment:
    """The commitment with one of its clocks set."""
    changes: dict[str, Any] = {kind: clock}
    return replace(commitment, **changes)


def clock_of(launch: Launch, step: str | None, kind: ClockKind) -> Clock | None:
    """The clock of that kind, of the step or of the launch, if one runs."""
    if kind == "gate":
        return launch.gate.clock
    if kind == "stop":
        return launch.stop.clock if launch.stop else None
    clock: Clock | None = getattr(launch.step(step or ""), kind)
    return clock


def all_shifted(commitment: Commitment, by: timedelta, since: datetime) -> Commitment:
    """The commitment after the launch stood still for `by` from `since` on: its due and every clock
    move; one that began meanwhile by as long as it stood.
    """
    shifted = {
        kind: clock.shifted(_stood(clock, by, since))
        for kind in STEP_CLOCKS
        if (clock := getattr(commitment, kind)) is not None
    }
    return replace(postponed(commitment, by), **shifted)


def begun_by(commitment: Commitment, at: datetime) -> Commitment:
    """The commitment with no due set later than that."""
    later = {
        kind: replace(clock, renewed_at=at)
        for kind in STEP_CLOCKS
        if (clock := getattr(commitment, kind)) is not None and _set_at(clock) > at
    }
    return replace(commitment, **later) if later else commitment


def _set_at(clock: Clock) -> datetime:
    return clock.renewed_at or clock.since


def _stood(clock: Clock, by: timedelta, since: datetime) -> timedelta:
    """How much of the standing still came after the clock's due was set."""
    before = max(timedelta(), _set_at(clock) - since)
    return max(timedelta(), by - before)


def postponed(commitment: Commitment, by: timedelta) -> Commitment:
    """The commitment due later by that, in every version of this attempt; no clock moves."""
    versions = tuple(replace(v, shift=v.shift + by) for v in commitment.versions)
    return replace(commitment, shift=commitment.shift + by, versions=versions)


def kept_shift(commitment: Commitment, terms: Terms) -> timedelta:
    """What stops have added to the due, unless the terms now name another one."""
    is_kept = terms.deliver_by == commitment.terms.deliver_by
    return commitment.shift if is_kept else timedelta()


def without_clocks(commitment: Commitment) -> Commitment:
    """The commitment with nobody waited on."""
    stopped: dict[str, Any] = dict.fromkeys(STEP_CLOCKS)
    return replace(commitment, **stopped)


def left_of(clock: Clock | None, now: datetime) -> timedelta | None:
    """What is left of a clock's time, never negative; None where none runs."""
    return None if clock is None else max(timedelta(), clock.due - now)
