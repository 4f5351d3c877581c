"""What people act upon: something that is waited for, for the first, second, n-th time.

The same occasion is found again in the same run told differently, where its times are others.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain import acts
from domain.clocks import Deadline, StepClockKind
from domain.launch import Launch

STOP: Final = "stop"
UNDOING: Final = "undoing"

ON_OFFER: Final[tuple[StepClockKind, ...]] = ("counter",)
ON_DELIVERY: Final[tuple[StepClockKind, ...]] = ("delivery",)
ON_REPORT: Final[tuple[StepClockKind, ...]] = ("acceptance",)
ON_RELEASE: Final[tuple[StepClockKind, ...]] = ("release",)
ON_ANYTHING: Final[tuple[StepClockKind, ...]] = (
    *("answer", "counter", "condition", "acceptance", "delivery", "repair"),
)
ACTED_UPON: Final[Mapping[str, tuple[StepClockKind, ...]]] = {
    "reply": ("reply",),
    "accept-counter": ON_OFFER,
    "withdraw-counter": ON_OFFER,
    "report": ON_DELIVERY,
    "revoke": ON_DELIVERY,
    "request-release": ON_DELIVERY,
    "accept": ON_REPORT,
    "reject": ON_REPORT,
    "retract-report": ON_REPORT,
    "allow-release": ON_RELEASE,
    "refuse-release": ON_RELEASE,
    "request": ("repair",),
    "confirm": ("condition",),
}
"""The clocks that run for who does it; the first one that does run. Any, where it is not named."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """The `number`-th time, from 1, that `what` of a step was waited for: one of its clocks, the
    end of a stop, the undoing of the step, or an escalation by its cause.
    """

    step: str
    what: str
    number: int


@dataclass(slots=True)
class _Open:
    number: int = 0
    mark: object = None


class Occasions:
    """The occasions of a run as it goes on, and how long each has been there.

    Time in which the launch stands still is no time: nobody is to act in it.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], _Open] = {}
        self._since: dict[Occasion, datetime] = {}
        self._escalations: dict[Occasion, str] = {}
        self._seen = 0
        self._stops: list[tuple[datetime, datetime | None]] = []

    def see(self, launch: Launch, at: datetime) -> tuple[Occasion, ...]:
        """The occasions that are new in the launch as it stands at that instant."""
        self._see_stop(launch, at)
        running = dict(_running(launch))
        for key in [key for key in self._known if key not in running]:
            self._known[key].mark = None
        new = [self._opened(*key, mark) for key, mark in running.items() if self._is_new(key, mark)]
        new += self._see_escalations(launch)
        self._since.update(dict.fromkeys(new, at))
        return tuple(new)

    def age(self, occasion: Occasion, at: datetime) -> timedelta:
        """How long it has been there; without stops, but for that of a stop itself."""
        since = self._since[occasion]
        stood = timedelta() if occasion.what == STOP else self.stood_still(since, at)
        return at - since - stood

    def stood_still(self, since: datetime, until: datetime) -> timedelta:
        """How much of a time the launch stood still."""
        stood = ((max(since, start), min(until, end or until)) for start, end in self._stops)
        return sum((max(b - a, timedelta()) for a, b in stood), timedelta())

    def of_clock(self, deadline: Deadline) -> Occasion | None:
        """The occasion whose clock a deadline is of."""
        known = self._known.get((deadline.step, deadline.clock))
        if deadline.kind != "clock" or known is None or known.mark is None:
            return None
        return Occasion(deadline.step, deadline.clock, known.number)

    def of_act(self, launch: Launch, act: acts.Act) -> Occasion | None:
        """What an act is done upon, in the launch it meets; None where it is upon nothing."""
        if isinstance(act, acts.EscalationAct):
            named = (o for o, known in self._escalations.items() if known == act.escalation)
            return next(named, None)
        if isinstance(act, acts.ResumeLaunch):
            return self._now("", STOP)
        if isinstance(act, acts.ReportCompensation):
            return self._now(act.step, UNDOING)
        if not isinstance(act, acts.StepAct):
            return None
        running = {clock.kind for clock in launch.step(act.step).clocks}
        kinds = ACTED_UPON.get(act.kind, ON_ANYTHING)
        upon = (self._now(act.step, kind) for kind in kinds if kind in running)
        return next(upon, None)

    def escalation(self, occasion: Occasion) -> str | None:
        """The id that an escalation has in this run."""
        return self._escalations.get(occasion)

    def _now(self, step: str, what: str) -> Occasion | None:
        known = self._known.get((step, what))
        return None if known is None else Occasion(step, what, known.number)

    def _is_new(self, key: tuple[str, str], mark: object) -> bool:
        known = self._known.setdefault(key, _Open())
        return known.mark != mark

    def _opened(self, step: str, what: str, mark: object) -> Occasion:
        known = self._known[step, what]
        known.number, known.mark = known.number + 1, mark
        return Occasion(step, what, known.number)

    def _see_stop(self, launch: Launch, at: datetime) -> None:
        standing = bool(self._stops) and self._stops[-1][1] is None
        if launch.is_stopped and not standing:
            self._stops.append((at, None))
        elif standing and not launch.is_stopped:
            self._stops[-1] = (self._stops[-1][0], at)

    def _see_escalations(self, launch: Launch) -> Iterator[Occasion]:
        """Escalations are never taken out of a launch."""
        for escalation in launch.escalations[self._seen :]:
            what = f"escalation {escalation.cause}"
            self._known.setdefault((escalation.step or "", what), _Open())
            occasion = self._opened(escalation.step or "", what, escalation.id)
            self._escalations[occasion] = escalation.id
            yield occasion
        self._seen = len(launch.escalations)


def _running(launch: Launch) -> Iterator[tuple[tuple[str, str], object]]:
    for commitment in launch.steps:
        for clock in commitment.clocks:
            yield (commitment.key, clock.kind), clock.since
    if launch.stop is not None:
        yield ("", STOP), launch.stop.at
    for pending in launch.compensations[:1]:
        if pending.error is None:
            yield (pending.step, UNDOING), pending.step
