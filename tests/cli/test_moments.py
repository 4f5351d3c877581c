"""Instants in the organisation's zone, with how long that is from now."""

from datetime import UTC, date, datetime, time

import pytest
import time_machine

from api.moments import Moments, length_of
from domain.calendar import Calendar, ZoneOffset

CALENDAR = Calendar(
    zone="Asia/Shanghai",
    cutoff=time(18),
    offsets=(ZoneOffset(datetime(1970, 1, 1, tzinfo=UTC), 28_800),),
    free=(date(2026, 11, 26),),
    working=(date(2026, 11, 28),),
)
NOW = "2026-11-24T02:00:00Z"  # Tuesday, ten in the morning in Shanghai


@pytest.mark.parametrize(
    ("instant", "en", "zh"),
    [
        ("2026-11-24T02:00:00.400Z", "now", "此刻"),
        ("2026-11-24T02:00:04Z", "in 4.0 s", "4.0秒后"),
        ("2026-11-24T02:12:00Z", "in 12 min", "12分钟后"),
        ("2026-11-24T05:00:00Z", "in 3 working hours", "3个工作小时后"),
        ("2026-11-24T10:00:00Z", "in 8 working hours", "8个工作小时后"),
        ("2026-11-24T03:30:00Z", "in 1 working hour", "1个工作小时后"),
        ("2026-11-24T11:00:00Z", "in 9 h", "9小时后"),
        ("2026-11-24T22:00:00Z", "in 20 h", "20小时后"),
        ("2026-11-24T01:20:00Z", "40 min ago", "40分钟前"),
        ("2026-11-25T10:00:00Z", "in 1 working day", "1个工作日后"),
        ("2026-11-27T10:00:00Z", "in 2 working days", "2个工作日后"),
        ("2026-11-28T10:00:00Z", "in 3 working days", "3个工作日后"),
        ("2026-11-20T01:00:00Z", "2 working days ago", "2个工作日前"),
    ],
)
def test_how_long_that_is(instant: str, en: str, zh: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert Moments(CALENDAR).relative(instant) == en
        assert Moments(CALENDAR, "zh").relative(instant) == zh


def test_a_free_day_has_no_working_hours() -> None:
    with time_machine.travel("2026-11-26T02:00:00Z", tick=False):
        assert Moments(CALENDAR).relative("2026-11-26T05:00:00Z") == "in 3 h"
    with time_machine.travel("2026-11-28T12:00:00Z", tick=False):
        assert Moments(CALENDAR).relative("2026-11-29T13:00:00Z") == "in 25 h"


def test_nobody_works_at_night() -> None:
    with time_machine.travel("2026-11-23T16:30:00Z", tick=False):  # half past midnight
        assert Moments(CALENDAR).relative("2026-11-24T10:00:00Z") == "in 18 h"


@pytest.mark.parametrize(
    ("instant", "en", "zh"),
    [
        ("2026-11-24T02:05:30Z", "10:05:30", "10:05:30"),
        ("2026-11-24T10:00:00Z", "18:00", "18:00"),
        ("2026-11-24T16:30:00Z", "Wed 25 Nov 00:30", "11月25日 00:30"),
        ("2027-01-05T16:00:00Z", "Wed 6 Jan 2027 00:00", "2027年1月6日 00:00"),
    ],
)
def test_when_that_is(instant: str, en: str, zh: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert Moments(CALENDAR).at(instant) == en
        assert Moments(CALENDAR, "zh").at(instant) == zh


def test_a_window_is_told_by_its_days() -> None:
    whole = {"start": "2026-12-31T16:00:00Z", "end": "2027-01-10T16:00:00Z"}
    timed = {"start": "2026-12-01T01:30:00Z", "end": "2026-12-10T16:00:00Z"}
    with time_machine.travel(NOW, tick=False):
        assert Moments(CALENDAR).span(whole) == "Fri 1 Jan 2027 – Sun 10 Jan 2027"
        assert Moments(CALENDAR, "zh").span(whole) == "2027年1月1日 – 2027年1月10日"
        assert Moments(CALENDAR).span(timed) == "Tue 1 Dec 09:30 – Fri 11 Dec 00:00"


def test_what_is_not_known_is_a_dash() -> None:
    assert Moments(CALENDAR).at(None) == "–"
    assert Moments(CALENDAR).due(None) == "–"
    assert Moments(CALENDAR).relative(None) == ""


def test_without_a_calendar_days_are_days() -> None:
    with time_machine.travel(NOW, tick=False):
        assert Moments().relative("2026-11-28T02:00:00Z") == "in 4 days"
        assert Moments().zone


def test_one_unit_is_enough() -> None:
    assert [length_of(seconds) for seconds in (0, 0.44, 59, 90, 7200)] == [
        "0 s",
        "0.4 s",
        "59 s",
        "2 min",
        "2 h",
    ]
