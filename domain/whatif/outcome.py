"""What a run came to, in so few values that two runs can be laid side by side."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from domain import events
from domain.commitment import CommitmentState
from domain.events import Entry
from domain.evolve import fold
from domain.launch import Outcome


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """How one step ended, and when it passed its milestones: each the first time but for
    `promised_at`, `reported_at` and `accepted_at`, which are the last. `overdue` counts how often
    somebody was late.
    """

    key: str
    state: CommitmentState
    requested_at: datetime | None
    answered_at: datetime | None
    promised_at: datetime | None
    reported_at: datetime | None
    accepted_at: datetime | None
    overdue: int


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """How a run ended, when its gate was first held and when it went live."""

    outcome: Outcome | None
    held_at: datetime | None
    live_at: datetime | None
    closed_at: datetime | None
    steps: tuple[StepOutcome, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """One value that is another in the second run. `seconds` is how much later it came there."""

    step: str | None
    what: str
    recorded: object
    recomputed: object
    seconds: float | None


def outcome_of(entries: Sequence[Entry]) -> RunOutcome:
    """What these entries came to."""
    launch = fold(entries)
    return RunOutcome(
        outcome=launch.outcome,
        held_at=_first(entries, None, (events.GateHeld,)),
        live_at=launch.gate.passed_at,
        closed_at=launch.closed_at,
        steps=tuple(_step(c.key, c.state, entries) for c in launch.steps),
    )


def moved(recorded: RunOutcome, recomputed: RunOutcome) -> tuple[Moved, ...]:
    """Everything that is different, in the order of the chain, then of the run."""
    again = {step.key: step for step in recomputed.steps}
    pairs = ((step, again[step.key]) for step in recorded.steps)
    of_steps = [found for one, other in pairs for found in _differences(one.key, one, other)]
    return (*of_steps, *_differences(None, recorded, recomputed))


ANSWERED: Final = (
    events.SignatureGiven,
    events.CommitmentSigned,
    events.SignedConditionally,
    events.CounterOffered,
    events.CommitmentDeclined,
)
LATE: Final = (events.AnswerOverdue, events.ClockOverdue)


def _step(key: str, state: CommitmentState, entries: Sequence[Entry]) -> StepOutcome:
    own = [entry for entry in entries if events.step_of(entry.event) == key]
    promised = [entry for entry in own if _is_promise(entry.event)]
    return StepOutcome(
        key=key,
        state=state,
        requested_at=_first(own, key, (events.CommitmentRequested,)),
        answered_at=_first(own, key, ANSWERED),
        promised_at=promised[-1].at if promised else None,
        reported_at=_first(reversed(own), key, (events.DeliveryReported,)),
        accepted_at=_first(reversed(own), key, (events.DeliveryAccepted,)),
        overdue=sum(isinstance(entry.event, LATE) for entry in own),
    )


def _is_promise(event: events.Event) -> bool:
    """From here on the module owes it."""
    match event:
        case events.CounterAccepted() | events.ConditionMet():
            return event.answer_by is None
        case events.CommitmentSigned() | events.CommitmentDeemed():
            return True
        case _:
            return False


def _first(
    entries: Iterable[Entry], step: str | None, kinds: tuple[type[events.Event], ...]
) -> datetime | None:
    found = (
        entry.at
        for entry in entries
        if isinstance(entry.event, kinds) and events.step_of(entry.event) == step
    )
    return next(found, None)


def _differences(
    step: str | None, recorded: StepOutcome | RunOutcome, recomputed: StepOutcome | RunOutcome
) -> Iterator[Moved]:
    for field in fields(recorded):
        before, after = getattr(recorded, field.name), getattr(recomputed, field.name)
        if before != after and field.name != "steps":
            yield Moved(step, field.name, before, after, _later(before, after))


def _later(before: object, after: object) -> float | None:
    if isinstance(before, datetime) and isinstance(after, datetime):
        return (after - before).total_seconds()
    return None
