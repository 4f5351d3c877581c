"""Calendars built from public data, against two independent oracles."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.calendars import build_calendar, known_countries, known_zones
from domain.organisation import CalendarOverride, Identity

CHINA = Identity(name="Feiteng", zone="Asia/Shanghai", country="CN", cutoff="18:00")
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_chinese_working_days_are_those_of_the_state_council(year: int) -> None:
    calendar = build_calendar(CHINA, year)
    day = date(year, 1, 1)
    while day.year == year:
        assert calendar.is_working(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


@example("Europe/Berlin", datetime(2032, 10, 31, 1, tzinfo=UTC))
@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2025, 1, 2), datetime(2037, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001 -- hypothesis takes naive bounds
)
def test_wall_clocks_agree_with_the_zone_database(zone: str, instant: datetime) -> None:
    calendar = build_calendar(Identity("Any", zone, "CN", "18:00"), 2026)
    # Of an hour that comes twice, a text means the first.
    local = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    assert calendar.local(instant) == local
    assert calendar.instant(local) == local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_overrides_win_over_weekends_holidays_and_make_up_days() -> None:
    days = {
        date(2026, 10, 1): True,
        date(2026, 10, 10): False,
        date(2026, 11, 28): True,
        date(2026, 11, 30): False,
        date(2026, 12, 1): True,
        date(2026, 12, 5): False,
    }
    overrides = tuple(CalendarOverride(day, working) for day, working in days.items())
    calendar = build_calendar(Identity("Any", "UTC", "CN", "09:30", overrides), 2026)
    assert {day: calendar.is_working(day) for day in days} == days
    assert calendar.cutoff == time(9, 30)
    assert date(2026, 12, 1) not in calendar.working


def test_a_year_without_decree_is_provisional() -> None:
    assert build_calendar(CHINA, 2023).provisional_from is None
    undecreed = build_calendar(CHINA, 2026).provisional_from
    assert undecreed is not None
    assert undecreed.month == 1
    assert undecreed.year > 2026


def test_other_weeks_and_countries_are_known() -> None:
    riyadh = build_calendar(Identity("Any", "Asia/Riyadh", "SA", "17:00"), 2026)
    assert not riyadh.is_working(date(2026, 6, 5))
    assert riyadh.is_working(date(2026, 6, 7))
    assert riyadh.provisional_from is None
    bavaria = build_calendar(Identity("Any", "Europe/Berlin", "DE-BY", "17:00"), 2026)
    assert not bavaria.is_working(date(2026, 1, 6))
    assert {"CN", "DE-BY"} <= known_countries()
    assert "CHN" not in known_countries()
    assert "Asia/Shanghai" in known_zones()


def test_the_same_year_builds_the_same_calendar() -> None:
    build_calendar.cache_clear()
    first = build_calendar(CHINA, 2026)
    assert build_calendar(CHINA, 2026) is first
    build_calendar.cache_clear()
    assert build_calendar(CHINA, 2026) == first
