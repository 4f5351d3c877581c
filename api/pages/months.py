"""A month of the organisation's calendar as a grid of weeks: which days are worked, and why not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from babel.dates import format_skeleton, get_day_names

from api.calendars import holiday_names
from api.pages.languages import LOCALES
from domain.calendar import Calendar
from domain.organisation import Identity
from domain.words.signs import Lang

WEEK: Final = 7
_USUAL: Final = ("working", "weekend")


@dataclass(frozen=True, slots=True)
class Day:
    """`kind` is a key of the vocabulary DAYS; `name` that of a holiday, where there is one."""

    date: date
    kind: str
    name: str = ""
    is_provisional: bool = False

    @property
    def is_usual(self) -> bool:
        return self.kind in _USUAL


@dataclass(frozen=True, slots=True)
class Month:
    """Weeks begin on Monday; what of a week lies in another month is None."""

    title: str
    weeks: tuple[tuple[Day | None, ...], ...]
    working: int

    @property
    def is_provisional(self) -> bool:
        """Whether the holidays of some day in it are an estimate."""
        return any(day.is_provisional for week in self.weeks for day in week if day is not None)

    @property
    def unusual(self) -> tuple[Day, ...]:
        return tuple(d for week in self.weeks for d in week if d is not None and not d.is_usual)


def month_of(identity: Identity, calendar: Calendar, first: date, lang: Lang) -> Month:
    """The month that begins with `first`."""
    overrides = {one.date: one.working for one in identity.overrides}
    names = holiday_names(identity.country, first.year, lang)
    days = [_day(calendar, day, overrides, names) for day in _days(first)]
    cells: list[Day | None] = [None] * first.weekday() + days
    cells += [None] * (-len(cells) % WEEK)
    weeks = tuple(tuple(cells[at : at + WEEK]) for at in range(0, len(cells), WEEK))
    worked = sum(calendar.is_working(day.date) for day in days)
    title = format_skeleton("yMMMM", first, locale=LOCALES[lang])
    return Month(title, weeks, worked)


def following(first: date) -> date:
    """The first day of the next month."""
    return (first + timedelta(days=31)).replace(day=1)


def weekdays(lang: Lang) -> tuple[tuple[str, str], ...]:
    """Short and full names, from Monday on."""
    short = get_day_names("short", locale=LOCALES[lang])
    wide = get_day_names("wide", locale=LOCALES[lang])
    return tuple((short[at], wide[at]) for at in range(WEEK))


def day_title(day: date, lang: Lang) -> str:
    """`Tue 6 Oct 2026`, the way instants are told."""
    if lang == "zh":
        return format_skeleton("yMMMEd", day, locale=LOCALES[lang])
    return day.strftime(f"%a {day.day} %b %Y")


def _days(first: date) -> Iterator[date]:
    day, end = first, following(first)
    while day < end:
        yield day
        day += timedelta(days=1)


def _day(
    calendar: Calendar, day: date, overrides: Mapping[date, bool], names: Mapping[date, str]
) -> Day:
    kind = _kind(calendar, day, overrides)
    name = names.get(day, "") if kind in ("holiday", "weekend") else ""
    return Day(day, kind, name, calendar.is_provisional(day))


def _kind(calendar: Calendar, day: date, overrides: Mapping[date, bool]) -> str:
    if day in overrides:
        return "set_working" if overrides[day] else "set_free"
    is_weekend = day.weekday() in calendar.weekend
    if calendar.is_working(day):
        return "make_up" if is_weekend else "working"
    return "weekend" if is_weekend else "holiday"
