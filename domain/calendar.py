"""Business days and durations, computed from a calendar that is data: no clock, no zone files.

A duration is elapsed time (ISO 8601) or a number of business days in the organisation's zone; a
request after the cut-off or on a free day counts from the next working day, and due is the
cut-off of the n-th working day after it.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

LONGEST_ELAPSED = timedelta(days=3660)
LONGEST_BUSINESS_DAYS = 2500
_DAY = timedelta(days=1)
_DAY_MS = 86_400_000
_BUSINESS_DAYS = re.compile(r"([0-9]{1,9})bd", re.ASCII)
_ELAPSED = re.compile(
    r"P(?:(?P<weeks>[0-9]{1,9})W)?(?:(?P<days>[0-9]{1,9})D)?"
    r"(?:T(?:(?P<hours>[0-9]{1,9})H)?(?:(?P<minutes>[0-9]{1,9})M)?"
    r"(?:(?P<seconds>[0-9]{1,9})(?:\.(?P<fraction>[0-9]{1,3}))?S)?)?",
    re.ASCII,
)
_YEARS_OR_MONTHS = re.compile(r"P[0-9.,]*[YM]", re.ASCII)


class DurationError(ValueError):
    """A text is not a duration, or one this product does not take; the message is for planners."""


@dataclass(frozen=True, slots=True)
class Duration:
    """Either elapsed `milliseconds` or `business_days`; exactly one is set, none is negative."""

    milliseconds: int | None = None
    business_days: int | None = None

    def __post_init__(self) -> None:
        if (self.milliseconds is None) == (self.business_days is None):
            message = "a duration is either elapsed time or business days"
            raise DurationError(message)
        if (self.milliseconds or 0) < 0 or (self.business_days or 0) < 0:
            message = "a duration cannot be negative"
            raise DurationError(message)

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read `2bd`, `PT30S`, `PT1.5S`, `P2D`, `P1W`; DurationError says what is wrong."""
        if match := _BUSINESS_DAYS.fullmatch(text):
            return cls._checked(cls(business_days=int(match[1])))
        match = _ELAPSED.fullmatch(text)
        if match is None or text.endswith(("P", "T")):
            raise DurationError(_why_refused(text))
        part = {name: int(value or 0) for name, value in match.groupdict().items()}
        fraction = int((match["fraction"] or "0").ljust(3, "0"))
        hours = (part["weeks"] * 7 + part["days"]) * 24 + part["hours"]
        seconds = (hours * 60 + part["minutes"]) * 60 + part["seconds"]
        return cls._checked(cls(milliseconds=seconds * 1000 + fraction))

    @staticmethod
    def _checked(duration: "Duration") -> "Duration":
        if duration.business_days is not None:
            too_long = duration.business_days > LONGEST_BUSINESS_DAYS
        else:
            too_long = (duration.milliseconds or 0) > LONGEST_ELAPSED // timedelta(milliseconds=1)
        if too_long:
            message = f"longer than {LONGEST_BUSINESS_DAYS}bd or P{LONGEST_ELAPSED.days}D"
            raise DurationError(message)
        return duration

    @property
    def is_zero(self) -> bool:
        """Whether it is no time at all: `PT0S` or `0bd`."""
        return not self.milliseconds and not self.business_days

    @property
    def elapsed(self) -> timedelta | None:
        """The elapsed time, or None where the duration counts business days."""
        return None if self.milliseconds is None else timedelta(milliseconds=self.milliseconds)

    def __str__(self) -> str:
        """The shortest text `parse` reads back as an equal duration: `2bd`, `P2D`, `PT1M30S`."""
        if self.milliseconds is None:
            return f"{self.business_days}bd"
        days, rest = divmod(self.milliseconds, _DAY_MS)
        hours, rest = divmod(rest, 3_600_000)
        minutes, rest = divmod(rest, 60_000)
        seconds, fraction = divmod(rest, 1000)
        date_part = f"{days}D" if days else ""
        decimals = f".{fraction:03}".rstrip("0") if fraction else ""
        clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        if seconds or fraction or not (date_part or clock):
            clock += f"{seconds}{decimals}S"
        return f"P{date_part}" + (f"T{clock}" if clock else "")


def _why_refused(text: str) -> str:
    if _YEARS_OR_MONTHS.match(text):
        return "years and months have no fixed length; use days (P30D) or business days (20bd)"
    if text.startswith("-"):
        return "a duration cannot be negative"
    return "not a duration; write business days (2bd) or ISO 8601 (PT30S, PT4H, P2D, P1W)"


@dataclass(frozen=True, slots=True)
class ZoneOffset:
    """From this instant (UTC) on, the zone is this many seconds east of UTC."""

    since: datetime
    seconds: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days as data: `weekend` (Monday is 0), excepted by `free` and `working`, both sorted.

    `offsets` are the zone's transitions in order, the first standing for all time before it and
    the last for all time after. Beyond the days named only weekends are free.
    `provisional_from` is the first date whose public holidays are not decreed yet.
    """

    zone: str
    cutoff: time
    offsets: tuple[ZoneOffset, ...]
    free: tuple[date, ...] = ()
    working: tuple[date, ...] = ()
    provisional_from: date | None = None
    weekend: tuple[int, ...] = (5, 6)

    def __post_init__(self) -> None:
        # Look-ups are binary searches and the walk over days must meet a working one.
        since = [offset.since for offset in self.offsets]
        if not since or not all(_ascends(row) for row in (since, self.free, self.working)):
            message = "offsets, free and working days must be in ascending order, offsets not empty"
            raise ValueError(message)
        if set(self.weekend) >= set(range(7)):
            message = "a week must have a working day"
            raise ValueError(message)

    def add(self, instant: datetime, duration: Duration) -> datetime:
        """The due instant (UTC) of something asked at `instant` with this much time to answer.

        With `0bd` due is the cut-off of the day it counts from.
        """
        if duration.elapsed is not None:
            return instant + duration.elapsed
        day = self._counting_day(instant)
        for _ in range(duration.business_days or 0):
            day = self._next_working(day + _DAY)
        return self._cutoff_of(day)

    def before(self, instant: datetime, duration: Duration) -> datetime:
        """The instant (UTC) this lead time before `instant`.

        n business days: the cut-off of the n-th working day before the local date of `instant`;
        without any time ahead (`0bd`) it is `instant` itself.
        """
        if duration.elapsed is not None:
            return instant - duration.elapsed
        if duration.is_zero:
            return instant
        day = self.local(instant).date()
        for _ in range(duration.business_days or 0):
            day = self._working_before(day)
        return self._cutoff_of(day)

    def working_time(self, since: datetime, until: datetime) -> timedelta:
        """How much of the time between two instants lies on working days, the whole of each."""
        total = timedelta()
        day, last = self.local(since).date(), self.local(until).date()
        while day <= last:
            if self.is_working(day):
                begins, ends = self._midnight_of(day), self._midnight_of(day + _DAY)
                total += max(min(until, ends) - max(since, begins), timedelta())
            day += _DAY
        return total

    def is_working(self, day: date) -> bool:
        """Whether people of the organisation are at work on that day."""
        if _holds(self.working, day):
            return True
        return day.weekday() not in self.weekend and not _holds(self.free, day)

    def is_provisional(self, day: date) -> bool:
        """Whether the public holidays of that day are an estimate, not decreed yet."""
        return self.provisional_from is not None and day >= self.provisional_from

    def local(self, instant: datetime) -> datetime:
        """The wall clock of the zone at an aware instant, as a naive datetime."""
        index = bisect_right(self.offsets, instant, key=_since) - 1
        seconds = self.offsets[max(index, 0)].seconds
        return instant.astimezone(UTC).replace(tzinfo=None) + timedelta(seconds=seconds)

    def instant(self, local: datetime) -> datetime:
        """The instant (UTC) of a naive wall clock time.

        A time that a change of offset skips or repeats is read with the offset before the change,
        as `datetime` does with `fold=0`.
        """
        index = bisect_right(range(1, len(self.offsets)), local, key=self._wall_change)
        seconds = self.offsets[index].seconds
        return local.replace(tzinfo=UTC) - timedelta(seconds=seconds)

    def _wall_change(self, number: int) -> datetime:
        before, after = self.offsets[number - 1], self.offsets[number]
        ahead = timedelta(seconds=max(before.seconds, after.seconds))
        return after.since.replace(tzinfo=None) + ahead

    def _cutoff_of(self, day: date) -> datetime:
        return self.instant(datetime.combine(day, self.cutoff))

    def _midnight_of(self, day: date) -> datetime:
        return self.instant(datetime.combine(day, time()))

    def _counting_day(self, instant: datetime) -> date:
        day = self.local(instant).date()
        if self.is_working(day) and instant <= self._cutoff_of(day):
            return day
        return self._next_working(day + _DAY)

    def _next_working(self, day: date) -> date:
        while not self.is_working(day):
            day += _DAY
        return day

    def _working_before(self, day: date) -> date:
        day -= _DAY
        while not self.is_working(day):
            day -= _DAY
        return day


def _since(offset: ZoneOffset) -> datetime:
    return offset.since


def _ascends(row: "tuple[date, ...] | list[datetime]") -> bool:
    return all(earlier < later for earlier, later in pairwise(row))


def _holds(days: tuple[date, ...], day: date) -> bool:
    index = bisect_left(days, day)
    return index < len(days) and days[index] == day
