"""Clocks: the instants somebody is waited on until, as values that stop, shift and climb a ladder.

A clock never looks at the time. `next_at` is when it next has something to say; what it then says
is decided elsewhere.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from domain.changing import replace

StepClockKind = Literal[
    "answer", "condition", "counter", "reply", "delivery", "release", "acceptance", "repair"
]
ClockKind = StepClockKind | Literal["gate", "stop"]
STEP_CLOCKS: Final[tuple[StepClockKind, ...]] = get_args(StepClockKind)


@dataclass(frozen=True, slots=True)
class Clock:
    """One running clock.

    `due` is the instant the waited-on party should have acted; `next_at` the instant at which the
    clock fires next (the due itself, then one rung after the other), None at the top of the ladder.
    `rung` counts ladder rungs already reached, `level` those that found somebody, `escalation` is
    the escalation this clock has raised. `reminded`: whoever is waited on was told that the due
    is near. `renewed_at` is when the due was set, where that is not `since`.
    """

    kind: ClockKind
    since: datetime
    due: datetime
    next_at: datetime | None
    overdue: bool = False
    rung: int = 0
    level: int = 0
    escalation: str | None = None
    reminded: bool = False
    renewed_at: datetime | None = None

    def shifted(self, by: timedelta) -> "Clock":
        """The same clock after having been frozen for `by`."""
        later = None if self.next_at is None else self.next_at + by
        return replace(self, due=self.due + by, next_at=later)


def started(kind: ClockKind, since: datetime, due: datetime) -> Clock:
    """A clock that will first fire at its due."""
    return Clock(kind=kind, since=since, due=due, next_at=due)


@dataclass(frozen=True, slots=True, order=True)
class Deadline:
    """Something that happens by itself at an instant. Ordered by instant, then place in chain."""

    at: datetime
    rank: int
    kind: Literal[
        "clock",
        "reminder",
        "delegation",
        "gate",
        "grace",
        "acknowledgement",
        "window_end",
        "breach",
    ]
    step: str = ""
    clock: str = ""
    escalation: str = ""
