from dataclasses import replace
from datetime import date

from api.calendars import build_calendar
from api.pages.months import Month, following, month_of, weekdays
from domain.organisation import CalendarOverride
from domain.words.signs import Lang
from tests.stack import DEMO


def month(first: date, lang: Lang = "en") -> Month:
    overrides = (
        CalendarOverride(date(2026, 10, 12), working=False),
        CalendarOverride(date(2026, 10, 17), working=True),
    )
    identity = replace(DEMO.identity, overrides=overrides)
    return month_of(identity, build_calendar(identity, 2026), first, lang)


def test_october_in_china_has_every_kind_of_day() -> None:
    october = month(date(2026, 10, 1), "zh")
    assert october.title == "2026年10月"
    assert {day.date.day: day.kind for day in october.unusual} == {
        **dict.fromkeys((1, 2, 5, 6, 7), "holiday"),
        10: "make_up",
        12: "set_free",
        17: "set_working",
    }
    assert october.unusual[0].name == "国庆节"
    assert october.working == 18
    first = october.weeks[0]
    assert [day and day.date.day for day in first] == [None, None, None, 1, 2, 3, 4]
    assert all(len(week) == 7 for week in october.weeks)


def test_a_year_that_is_not_decreed_is_marked() -> None:
    january = month(following(date(2026, 12, 1)))
    assert january.title == "January 2027"
    days = [day for week in january.weeks for day in week if day is not None]
    assert len(days) == 31
    assert january.is_provisional
    assert not month(date(2026, 12, 1)).is_provisional


def test_weeks_begin_on_monday() -> None:
    assert weekdays("en")[0][1] == "Monday"
    assert weekdays("zh")[6][1] == "星期日"
