"""What one closed run adds to the figures over many: lengths and counts by interface and step, made
once when it closes. No person is in it, nor could be found by it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, TypeAlias

from domain import events
from domain.calendar import Calendar
from domain.clocks import StepClockKind
from domain.commitment import Commitment
from domain.events import Entry
from domain.launch import Launch
from domain.telling import Frame, frames

Document = dict[str, Any]
Spell: TypeAlias = tuple[datetime, datetime]

ANSWERS: Final[Mapping[StepClockKind, tuple[type[events.Event], ...]]] = {
    "answer": (
        events.CommitmentSigned,
        events.SignedConditionally,
        events.CounterOffered,
        events.CommitmentDeclined,
    ),
    "delivery": (events.DeliveryReported,),
    "acceptance": (events.DeliveryAccepted, events.DeliveryRejected),
}
"""The waits that are measured, by their clock, with the events that end them by an answer."""
REWORK: Final = {
    "countered": events.CounterOffered,
    "amended": events.TermsAmended,
    "voided": events.CommitmentSuperseded,
    "rejected": events.DeliveryRejected,
    "retracted": events.ReportRetracted,
    "renewed": events.AttemptRenewed,
}
"""What is done again, by the event that says so."""
LATE: Final = (events.AnswerOverdue, events.ClockOverdue)


@dataclass(slots=True)
class _Step:
    """What is counted of one step. Lengths are (seconds, of them on working days)."""

    lengths: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


def digest_of(entries: Sequence[Entry]) -> Document:
    """`{outcome, department, length, held, stops, steps}` of a closed run, as JSON."""
    told = frames(entries)
    last = told[-1].launch
    counted = {commitment.key: _Step() for commitment in last.steps}
    stops = tuple(_spells(told, _is_stopped))
    for before, after in pairwise(told):
        _count(counted, before, after, stops)
    return {
        "outcome": last.outcome,
        "department": last.plan.department,
        "length": (told[-1].at - told[0].at).total_seconds(),
        "held": [_seconds(spell) for spell in _spells(told, is_held)],
        "stops": [_seconds(spell) for spell in stops],
        "steps": [_step(commitment, counted[commitment.key]) for commitment in last.steps],
    }


def _step(commitment: Commitment, counted: _Step) -> Document:
    plan = commitment.plan
    if commitment.breached:
        counted.count("broken")
    return {
        "step": plan.key,
        "interface": f"{plan.module}→{plan.customer}",
        "lengths": {kind: [list(pair) for pair in all_] for kind, all_ in counted.lengths.items()},
        "counts": counted.counts,
    }


def _count(
    counted: Mapping[str, _Step], before: Frame, after: Frame, stops: Sequence[Spell]
) -> None:
    event = after.entry.event
    if isinstance(event, events.GateHeld):
        for reason in event.reasons:
            key = reason.partition(":")[0]
            if key in counted:
                counted[key].count("held")
    step = events.step_of(event)
    if step is None:
        return
    mine = counted[step]
    for kind, ended_by in ANSWERS.items():
        clock = before.launch.step(step).clock(kind)
        if clock is not None and isinstance(event, ended_by):
            length = _length(after.launch.calendar, (clock.since, after.at), stops)
            mine.lengths.setdefault(kind, []).append(length)
    for what in _what(event, before.launch.step(step)):
        mine.count(what)


def _what(event: events.Event, before: Commitment) -> Iterator[str]:
    """What an event counts as."""
    yield from (what for what, kind in REWORK.items() if isinstance(event, kind))
    match event:
        case events.CommitmentRequested():
            yield "asked"
        case events.CommitmentSigned():
            yield "promised"
        case events.CounterAccepted(answer_by=None) | events.ConditionMet(answer_by=None):
            yield "promised"
        case events.CommitmentDeclined():
            yield "declined"
        case events.CommitmentLapsed() | events.CommitmentDeemed():
            yield "silent"
        case events.DeliveryAccepted():
            yield "kept"
            if before.deliveries and before.deliveries[-1].at <= before.due:
                yield "kept_on_time"
        case events.CommitmentRevoked():
            yield "broken"
        case events.CommitmentReleased() | events.CommitmentWaived():
            yield "excused"
        case _:
            if isinstance(event, LATE):
                yield "overdue"


def _length(calendar: Calendar, spell: Spell, stops: Sequence[Spell]) -> tuple[float, float]:
    """Without the time in which the launch stood still."""
    since, until = spell
    elapsed, working = until - since, calendar.working_time(since, until)
    for start, end in stops:
        begun, ended = max(since, start), min(until, end)
        if begun < ended:
            elapsed -= ended - begun
            working -= calendar.working_time(begun, ended)
    return elapsed.total_seconds(), working.total_seconds()


def _spells(told: Sequence[Frame], holds: Callable[[Launch], bool]) -> Iterator[Spell]:
    """From when until when something was so, each time."""
    since: datetime | None = None
    for frame in told:
        if since is None and holds(frame.launch):
            since = frame.at
        elif since is not None and not holds(frame.launch):
            yield since, frame.at
            since = None


def _seconds(spell: Spell) -> float:
    return (spell[1] - spell[0]).total_seconds()


def is_held(launch: Launch) -> bool:
    """The window has begun, and something stands against going live."""
    waits = launch.phase in ("committing", "preparing")
    return waits and launch.gate.held_since is not None


def _is_stopped(launch: Launch) -> bool:
    return launch.is_stopped
