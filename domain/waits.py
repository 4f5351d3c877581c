"""Where the time of a run went: who was waited on for how long, and for which of those waits the
end of the run had to wait.

At every moment exactly one wait is critical, so that the critical parts add up to the run. They are
found backwards: what an event ended was waited for until then; what its beginning had been waiting
for comes before it; and so on to the start.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from typing import Literal

from domain.calendar import Calendar
from domain.chain import what_holds_the_gate
from domain.events import step_of
from domain.launch import Launch
from domain.telling import Frame
from domain.waiting import Party, Waiting, Wanted

Awaited = Wanted | Literal["window_start", "window_end", "compensation"]
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody who was waited on, or the calendar or the system where nobody was.

    `interface` is who owes and who gets it: `product→marketing`, or `sponsor→launch` for what is
    owed to the whole launch.
    """

    interface: str
    step: str | None
    party: Party | Literal["calendar", "system"]
    wanted: Awaited


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the critical path; it ends where the next one begins. `business` is as much of
    it as lies on working days.
    """

    wait: Wait
    since: datetime
    until: datetime
    business: timedelta


@dataclass(frozen=True, slots=True)
class Total:
    """What one wait came to in the whole run, on the critical path or beside it.

    `business` is as much of `elapsed` as lies on working days.
    """

    wait: Wait
    elapsed: timedelta
    business: timedelta
    critical: bool


@dataclass(frozen=True, slots=True)
class _Gap:
    """The time between two events, and what was waited for in it, each until its due.

    `ended` are those of them that the event at its end ended, `about` the step that it is about:
    "" for the whole launch, None where nothing happened, because it is now.
    """

    since: datetime
    until: datetime
    waits: Mapping[Wait, datetime]
    ended: frozenset[Wait]
    about: str | None


@dataclass(frozen=True, slots=True)
class Waits:
    """All waits of a run. The critical totals and the path both add up to its length."""

    totals: tuple[Total, ...]
    path: tuple[Stretch, ...]


def waits(frames: Sequence[Frame], until: datetime) -> Waits:
    """The waits of a run from its frames; `until` is the present of a run that is still open."""
    gaps = _gaps(frames, until)
    critical = _critical(gaps)
    calendar = frames[0].launch.calendar
    return Waits(_totals(calendar, gaps, critical), _path(calendar, gaps, critical))


def _gaps(frames: Sequence[Frame], until: datetime) -> tuple[_Gap, ...]:
    """What happened at one moment is one event: what is between its entries never was."""
    moments = [tuple(group) for _, group in groupby(frames, key=lambda frame: frame.at)]
    gaps = [_gap(before[-1], after[-1].at, after) for before, after in pairwise(moments)]
    last = moments[-1][-1]
    if last.launch.phase != "closed" and until > last.at:
        gaps.append(_gap(last, until, ()))
    return tuple(gaps)


def _gap(before: Frame, until: datetime, after: Sequence[Frame]) -> _Gap:
    running = _waits_of(before.launch, before.waiting)
    still = _waits_of(after[-1].launch, after[-1].waiting) if after else running
    return _Gap(
        since=before.at,
        until=until,
        waits=running,
        ended=frozenset(wait for wait in running if wait not in still),
        about=(step_of(after[0].entry.event) or "") if after else None,
    )


def _critical(gaps: Sequence[_Gap]) -> tuple[Wait, ...]:
    """For each gap the one wait that the end of the run had to wait for. What a stop interrupted is
    what went on after it.
    """
    chosen: list[Wait] = []
    place, later, last = len(gaps) - 1, None, None
    while place >= 0:
        goes_on = last is not None and last.wanted == "resume" and later in gaps[place].waits
        wait = later if goes_on and later is not None else _responsible(gaps[place])
        later, last = last, wait
        while place >= 0 and wait in gaps[place].waits:
            chosen.append(wait)
            place -= 1
    return tuple(reversed(chosen))


def _responsible(gap: _Gap) -> Wait:
    """What the event at the end ended comes first, and what it is about; then what was due first.
    A question holds up no answer, and a held gate is held by something else where there is any.
    """
    candidates = [wait for wait in gap.waits if wait in gap.ended] or list(gap.waits)

    def rank(wait: Wait) -> tuple[bool, bool, datetime]:
        is_beside = wait.wanted in ("reply", "gate")
        is_other = gap.about is not None and (wait.step or "") != gap.about
        return (is_beside, is_other, gap.waits[wait])

    return min(candidates, key=rank)


def _path(
    calendar: Calendar, gaps: Sequence[_Gap], critical: Sequence[Wait]
) -> tuple[Stretch, ...]:
    both = groupby(zip(gaps, critical, strict=True), key=lambda pair: pair[1])
    stretches = ((wait, [gap for gap, _ in group]) for wait, group in both)
    return tuple(_stretch(calendar, wait, run[0].since, run[-1].until) for wait, run in stretches)


def _stretch(calendar: Calendar, wait: Wait, since: datetime, until: datetime) -> Stretch:
    return Stretch(wait, since, until, calendar.working_time(since, until))


def _totals(
    calendar: Calendar, gaps: Sequence[_Gap], critical: Sequence[Wait]
) -> tuple[Total, ...]:
    """In the order in which they began; a wait that was critical for a while only is told twice."""
    sums: dict[tuple[Wait, bool], tuple[timedelta, timedelta]] = {}
    for gap, chosen in zip(gaps, critical, strict=True):
        elapsed, business = gap.until - gap.since, calendar.working_time(gap.since, gap.until)
        for wait in gap.waits:
            known = sums.get((wait, wait == chosen), (timedelta(), timedelta()))
            sums[wait, wait == chosen] = (known[0] + elapsed, known[1] + business)
    return tuple(Total(wait, *spent, is_critical) for (wait, is_critical), spent in sums.items())


def _waits_of(launch: Launch, waiting: Iterable[Waiting]) -> dict[Wait, datetime]:
    """Everything waited for, each until its due; of a closed launch nothing."""
    if launch.phase == "closed":
        return {}
    running = {_wait(launch, item): item.due or _NEVER for item in waiting}
    running.update(_background(launch))
    return running or {_nobody(launch): _NEVER}


def _wait(launch: Launch, item: Waiting) -> Wait:
    if item.step is None:
        return Wait(f"{item.party}→launch", None, item.party, item.wanted)
    plan = launch.step(item.step).plan
    whom = plan.customer if item.party == "performer" else plan.module
    return Wait(f"{item.module or item.party}→{whom}", item.step, item.party, item.wanted)


def _background(launch: Launch) -> Iterator[tuple[Wait, datetime]]:
    """A launch that has everything it needs waits for its window, a live one for the end of it."""
    if launch.is_stopped:
        return
    opens_at, end = launch.gate.opens_at, launch.plan.end
    is_early = launch.phase == "preparing" and launch.gate.held_since is None
    if opens_at is not None and is_early and not what_holds_the_gate(launch, opens_at):
        yield Wait("calendar→launch", None, "calendar", "window_start"), opens_at
    if launch.phase == "live" and end is not None:
        yield Wait("calendar→launch", None, "calendar", "window_end"), end


def _nobody(launch: Launch) -> Wait:
    """Nobody is waited on: what is promised is being undone, or the window is still to come."""
    if launch.phase == "closing":
        return Wait("system→launch", None, "system", "compensation")
    return Wait("calendar→launch", None, "calendar", "window_start")
