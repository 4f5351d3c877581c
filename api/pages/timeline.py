"""Launches as bars on a common line of time: where they stand in a drawing, in its units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from api.moments import Moments, read_instant

Document = Mapping[str, Any]

WIDTH: Final = 1000.0
ROW: Final = 26.0
TOP: Final = 24.0
LEAST: Final = 3.0
"""The narrowest bar that can still be seen."""
LONGEST: Final = timedelta(days=400)
"""Windows that reach further are cut off: one of them would leave no room for the others."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One launch: from its request to the start of its window, and the window."""

    launch: Document
    y: float
    asked: float
    opens: float
    closes: float


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """`now` is where the line of this moment is; None where it lies outside."""

    height: float
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    now: float | None
    width: float = WIDTH


def draw_timeline(launches: Sequence[Document], moments: Moments, now: datetime) -> Timeline | None:
    """None where there is nothing to draw."""
    spans = [(launch, *_span(launch)) for launch in launches if launch["window"]]
    if not spans:
        return None
    first = min((now, *(asked for _, asked, _, _ in spans)))
    last = min(max(closes for *_, closes in spans), max(now, first) + LONGEST)
    whole = max((last - first).total_seconds(), 1.0)

    def place(instant: datetime) -> float:
        return min(max((instant - first).total_seconds() / whole, 0.0), 1.0) * WIDTH

    bars = tuple(
        Bar(
            launch,
            TOP + row * ROW,
            place(asked),
            place(opens),
            max(place(closes), place(opens) + LEAST),
        )
        for row, (launch, asked, opens, closes) in enumerate(spans)
    )
    ticks = tuple(Tick(place(at), label) for at, label in _months(first, last, moments))
    here = place(now) if first <= now <= last else None
    return Timeline(TOP + len(bars) * ROW + 4, bars, ticks, here)


def _span(launch: Document) -> tuple[datetime, datetime, datetime]:
    opens, closes = (read_instant(launch["window"][edge]) for edge in ("start", "end"))
    asked = [read_instant(s["requested_at"]) for s in launch["steps"] if s["requested_at"]]
    return min((*asked, opens)), opens, closes


def _months(first: datetime, last: datetime, moments: Moments) -> Sequence[tuple[datetime, str]]:
    """The first of each month, fewer where there are many; of each day in a very short time."""
    start, end = moments.local(first).date(), moments.local(last).date()
    if (end - start).days <= 31:  # noqa: PLR2004 - about a month
        step = max(1, (end - start).days // 8)
        days = [start + timedelta(days=n) for n in range(1, (end - start).days + 1, step)]
    else:
        months = (end.year - start.year) * 12 + end.month - start.month
        step = max(1, months // 10)
        days = [_month(start, n) for n in range(1, months + 1, step)]
    return [(_midnight(day, moments), _named(day, moments)) for day in days]


def _month(start: date, number: int) -> date:
    months = start.year * 12 + start.month - 1 + number
    return date(months // 12, months % 12 + 1, 1)


def _midnight(day: date, moments: Moments) -> datetime:
    local = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the organisation's wall clock
    return moments.calendar.instant(local) if moments.calendar else local.replace(tzinfo=UTC)


def _named(day: date, moments: Moments) -> str:
    if moments.lang == "zh":
        return f"{day.month}月{day.day}日" if day.day != 1 else f"{day.year}年{day.month}月"
    return day.strftime("%d %b") if day.day != 1 else day.strftime("%b %Y")
