"""Instants as people of the organisation read them: in its zone, with how long that is from now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from pydantic import TypeAdapter

from domain.calendar import Calendar
from domain.words.signs import Lang

NOW: Final = timedelta(seconds=1)
NEAR: Final = timedelta(minutes=10)
"""Within this seconds are shown."""

SHORT: Final = 3600.0
"""Seconds of a run whose instants are told with seconds."""

HOUR: Final = timedelta(hours=1)
WORKING_DAY: Final = timedelta(hours=10)
"""The hours of a day that are taken for working hours: so many before its cut-off."""

LONG: Final = timedelta(days=1)
"""From here on working days are counted, below hours, minutes and seconds."""

_CALENDAR = TypeAdapter(Calendar)
_UNITS: Final = (("h", "小时", 3600), ("min", "分钟", 60), ("s", "秒", 1))


def read_instant(text: str) -> datetime:
    """An instant of the API as an aware datetime."""
    return datetime.fromisoformat(text).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Moments:
    """How instants are shown; without a calendar in this machine's zone and in plain days."""

    calendar: Calendar | None = None
    lang: Lang = "en"

    @classmethod
    def of(cls, calendar: Mapping[str, Any] | None, lang: Lang = "en") -> "Moments":
        """With the calendar that an event `LaunchStarted` carries."""
        return cls(None if calendar is None else _CALENDAR.validate_python(calendar), lang)

    @property
    def zone(self) -> str:
        return self.calendar.zone if self.calendar else str(datetime.now().astimezone().tzname())

    def local(self, instant: datetime) -> datetime:
        """The wall clock of the organisation, as a naive datetime."""
        if self.calendar:
            return self.calendar.local(instant)
        return instant.astimezone().replace(tzinfo=None)

    def at(self, text: str | None) -> str:
        """`Tue 24 Nov 18:00`; the year where it is another one, today only the time of day, with
        seconds where they count.
        """
        if text is None:
            return "–"
        instant, now = read_instant(text), _now()
        local, today = self.local(instant), self.local(now)
        clock = local.strftime("%H:%M:%S" if abs(instant - now) < NEAR else "%H:%M")
        return clock if local.date() == today.date() else f"{self._day(local)} {clock}"

    def span(self, window: Mapping[str, str]) -> str:
        """`Fri 29 Jan – Fri 12 Feb`: first and last day of a window of whole days; else from when
        until when.
        """
        start, end = (self.local(read_instant(window[name])) for name in ("start", "end"))
        if start.time() == end.time() == time():
            return f"{self._day(start)} – {self._day(end - timedelta(days=1))}"
        return f"{self.at(window['start'])} – {self.at(window['end'])}"

    def exactly(self, text: str | None) -> str:
        """The same with seconds, for what happened within minutes."""
        if text is None:
            return "–"
        day, blank, _ = self.at(text).rpartition(" ")
        return f"{day}{blank}{self.clock(text)}"

    def telling(self, seconds: float) -> Callable[[str | None], str]:
        """How instants of a run of that length are told apart."""
        return self.exactly if seconds < SHORT else self.at

    def clock(self, text: str) -> str:
        """`18:00:05`: the time of day alone."""
        return self.local(read_instant(text)).strftime("%H:%M:%S")

    def relative(self, text: str | None) -> str:
        """`in 3 working hours`, `in 2 working days`, `20 min ago`; `in 14 h` where no working time
        alone lies between.
        """
        if text is None:
            return ""
        instant, now = read_instant(text), _now()
        if abs(instant - now) < NOW:
            return "此刻" if self.lang == "zh" else "now"
        if instant - now >= HOUR and self._is_one_working_day(now, instant):
            length = self._hours((instant - now) // HOUR)
        else:
            length = self._length(min(instant, now), max(instant, now))
        if self.lang == "zh":
            return f"{length}后" if instant > now else f"{length}前"
        return f"in {length}" if instant > now else f"{length} ago"

    def due(self, text: str | None) -> str:
        """Both: `Tue 24 Nov 18:00 (in 2 working days)`."""
        return f"{self.at(text)} ({self.relative(text)})" if text else "–"

    def _day(self, local: datetime) -> str:
        is_now = local.year == self.local(_now()).year
        if self.lang == "zh":
            year = "" if is_now else f"{local.year}年"
            return f"{year}{local.month}月{local.day}日"
        return local.strftime(f"%a {local.day} %b" + ("" if is_now else " %Y"))

    def _length(self, start: datetime, end: datetime) -> str:
        days = self._days(start, end) if end - start >= LONG else 0
        if not days:
            return length_of((end - start).total_seconds(), self.lang)
        if self.calendar is None:
            return f"{days}天" if self.lang == "zh" else plural(days, "day")
        return f"{days}个工作日" if self.lang == "zh" else plural(days, "working day")

    def _days(self, start: datetime, end: datetime) -> int:
        first, last = self.local(start).date(), self.local(end).date()
        days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
        return sum(self.calendar is None or self.calendar.is_working(day) for day in days)

    def _hours(self, number: int) -> str:
        return f"{number}个工作小时" if self.lang == "zh" else plural(number, "working hour")

    def _is_one_working_day(self, start: datetime, end: datetime) -> bool:
        """Whether people are at work all the time between, as far as the calendar knows."""
        if self.calendar is None:
            return False
        since, until = self.local(start), self.local(end)
        ends = datetime.combine(since.date(), self.calendar.cutoff)
        whole = ends - WORKING_DAY <= since and until <= ends
        return whole and self.calendar.is_working(since.date())


def length_of(seconds: float, lang: Lang = "en") -> str:
    """`3 h`, `12 min`, `1.4 s`: one unit, the largest that fits."""
    for en, zh, size in _UNITS:
        if seconds >= size > 1:
            number = f"{seconds / size:.0f}"
            return f"{number}{zh}" if lang == "zh" else f"{number} {en}"
    number = f"{seconds:.1f}" if 0 < seconds < 10 else f"{seconds:.0f}"  # noqa: PLR2004 - tenths
    return f"{number}秒" if lang == "zh" else f"{number} s"


def plural(number: int, noun: str) -> str:
    """`1 run`, `2 runs`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _now() -> datetime:
    return datetime.now(UTC)
