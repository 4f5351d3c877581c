"""What happens by itself, and when: every deadline a launch now has. A deadline is an object."""

from collections.abc import Iterator
from datetime import datetime

from domain.clocks import Clock, Deadline
from domain.commitment import Commitment
from domain.launch import Launch

GATE_RANK = 1_000
END_RANK = 2_000
NEVER_REMINDED = ("condition", "repair")
"""What waits for others than who would hear it, and what the sponsor hears of before its end."""


def next_deadline(launch: Launch) -> Deadline | None:
    """The earliest deadline, or None where the launch waits for people or effects only."""
    return min(deadlines(launch), default=None)


def due_deadline(launch: Launch, now: datetime) -> Deadline | None:
    """The earliest deadline if it has come."""
    deadline = next_deadline(launch)
    return deadline if deadline is not None and deadline.at <= now else None


def deadlines(launch: Launch) -> Iterator[Deadline]:
    """Every deadline, in no order. Of a stopped launch only what no stop freezes: its own ladder,
    who has taken an escalation up, its end.
    """
    if launch.phase == "closed" or launch.ending in ("cancelled", "failed"):
        return
    if launch.is_open and launch.plan.end is not None:
        yield Deadline(launch.plan.end, END_RANK, "window_end")
    yield from _acknowledged(launch)
    if launch.stop is not None:
        if launch.stop.clock.next_at is not None:
            yield Deadline(launch.stop.clock.next_at, 0, "clock", clock="stop")
        return
    yield from _steps(launch)
    if launch.delegate is not None:
        yield Deadline(launch.delegate.until, END_RANK, "delegation")
    if launch.phase in ("committing", "preparing"):
        yield from _gate(launch)
    if launch.breach_at is not None:
        yield Deadline(launch.breach_at, END_RANK, "breach")


def _steps(launch: Launch) -> Iterator[Deadline]:
    for rank, commitment in enumerate(launch.steps):
        for clock in commitment.clocks:
            if clock.next_at is not None:
                yield Deadline(clock.next_at, rank, "clock", commitment.key, clock.kind)
            remind_at = _remind_at(launch, commitment, clock)
            if remind_at is not None:
                yield Deadline(remind_at, rank, "reminder", commitment.key, clock.kind)
        if commitment.delegate is not None:
            yield Deadline(commitment.delegate.until, rank, "delegation", commitment.key)


def _remind_at(launch: Launch, commitment: Commitment, clock: Clock) -> datetime | None:
    """So long before the due, where there is so much time at all; once for each clock."""
    before = commitment.plan.remind_before
    if before is None or clock.reminded or clock.overdue or clock.kind in NEVER_REMINDED:
        return None
    remind_at = launch.calendar.before(clock.due, before)
    return remind_at if clock.since < remind_at < clock.due else None


def _acknowledged(launch: Launch) -> Iterator[Deadline]:
    for escalation in launch.escalations:
        until = escalation.acknowledged_until
        if escalation.state == "acknowledged" and until is not None:
            yield Deadline(until, END_RANK, "acknowledgement", escalation=escalation.id)


def _gate(launch: Launch) -> Iterator[Deadline]:
    gate = launch.gate
    if gate.opens_at is None:
        return
    if gate.held_since is None:
        yield Deadline(gate.opens_at, GATE_RANK, "gate")
        return
    if gate.clock is not None and gate.clock.next_at is not None:
        yield Deadline(gate.clock.next_at, GATE_RANK, "clock", clock="gate")
    if gate.fails_at is not None:
        yield Deadline(gate.fails_at, GATE_RANK + 1, "grace")
