"""Calendars from public data: holidays, make-up workdays and zone offsets for an organisation.

This is the only place that asks the `holidays` package and the zone database. What it builds is
plain data, so that domain and workflows count days without either; the same year always builds the
same calendar.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo, available_timezones

import holidays

from domain.calendar import Calendar, ZoneOffset
from domain.organisation import Identity

YEARS_BACK = 1
YEARS_OF_HOLIDAYS = 2
YEARS_OF_OFFSETS = 11
"""Windows reach further ahead than holidays are known; their wall clock must still be right."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=64)
def build_calendar(identity: Identity, year: int) -> Calendar:
    """The organisation's calendar as known in `year`: from the year before to two years after.

    Holidays on weekends and make-up days on weekdays change nothing and are left out. In countries
    whose make-up days are decreed year by year, a year without any is provisional.
    """
    first, last = year - YEARS_BACK, year + YEARS_OF_HOLIDAYS
    public = _public_holidays(identity.country, tuple(range(first, last + 1)))
    weekend = tuple(sorted(public.weekend))
    overrides = {override.date: override.working for override in identity.overrides}
    free = {day for day in public if day.weekday() not in weekend}
    working = {day for day in public.weekend_workdays if day.weekday() in weekend}
    for day, is_working in overrides.items():
        free.discard(day)
        working.discard(day)
        if is_working == (day.weekday() in weekend):
            (working if is_working else free).add(day)
    return Calendar(
        zone=identity.zone,
        cutoff=time.fromisoformat(identity.cutoff),
        offsets=_offsets(identity.zone, first, year + YEARS_OF_OFFSETS),
        free=tuple(sorted(free)),
        working=tuple(sorted(working)),
        provisional_from=_provisional_from(public, first, last),
        weekend=weekend,
    )


@lru_cache(maxsize=1)
def known_countries() -> frozenset[str]:
    """Two-letter country codes whose public holidays are known, and their subdivisions: `DE-BY`."""
    listed = holidays.list_supported_countries(include_aliases=False)
    countries = {code: parts for code, parts in listed.items() if len(code) == len("CN")}
    parts = {f"{code}-{part}" for code, parts in countries.items() for part in parts}
    return frozenset(countries) | parts


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """Names of the zone database."""
    return frozenset(available_timezones())


@lru_cache(maxsize=64)
def holiday_names(country: str, year: int, lang: str) -> Mapping[date, str]:
    """What the public holidays of a year are called, as far as that is known in a language."""
    code, _, subdivision = country.partition("-")
    known = holidays.country_holidays(code).supported_languages
    wanted = {"zh": "zh_CN", "en": "en_US"}.get(lang, lang)
    return MappingProxyType(
        dict(
            holidays.country_holidays(
                code,
                subdiv=subdivision or None,
                years=(year,),
                language=wanted if wanted in known else None,
            )
        )
    )


def _public_holidays(country: str, years: tuple[int, ...]) -> holidays.HolidayBase:
    code, _, subdivision = country.partition("-")
    return holidays.country_holidays(code, subdiv=subdivision or None, years=years, expand=False)


def _provisional_from(public: holidays.HolidayBase, first: int, last: int) -> date | None:
    decreed = {day.year for day in public.weekend_workdays if first <= day.year <= last}
    if not decreed or max(decreed) == last:
        return None
    return date(max(decreed) + 1, 1, 1)


def _offsets(zone: str, first: int, last: int) -> tuple[ZoneOffset, ...]:
    """The offset at the start of `first` and every change until the end of `last`."""
    start, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    info = ZoneInfo(zone)
    changes = tuple(_changes(info, start, end))
    return (ZoneOffset(start, _offset(info, start)), *changes)


def _changes(info: ZoneInfo, start: datetime, end: datetime) -> Iterator[ZoneOffset]:
    day = start
    while day < end:
        if _offset(info, day) != _offset(info, day + _DAY):
            since = _change_between(info, day, day + _DAY)
            yield ZoneOffset(since, _offset(info, since))
        day += _DAY


def _change_between(info: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second of the offset valid at `after`, found by halving."""
    while after - before > _SECOND:
        middle = before + _SECOND * ((after - before) // _SECOND // 2)
        if _offset(info, middle) == _offset(info, before):
            before = middle
        else:
            after = middle
    return after


def _offset(info: ZoneInfo, instant: datetime) -> int:
    offset = instant.astimezone(info).utcoffset() or timedelta()
    return int(offset.total_seconds())
