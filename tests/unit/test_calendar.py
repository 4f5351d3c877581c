"""Durations and working days: examples from the rules, properties over any calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.calendar import Calendar, Duration, DurationError, ZoneOffset

SHANGHAI = Calendar(
    zone="Asia/Shanghai",
    cutoff=time(18),
    offsets=(ZoneOffset(datetime(2025, 1, 1, tzinfo=UTC), 8 * 3600),),
    free=(date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 5), date(2026, 10, 6)),
    working=(date(2026, 9, 20), date(2026, 10, 10)),
    provisional_from=date(2027, 1, 1),
)
BERLIN = Calendar(
    zone="Europe/Berlin",
    cutoff=time(2, 30),
    offsets=(
        ZoneOffset(datetime(2026, 1, 1, tzinfo=UTC), 3600),
        ZoneOffset(datetime(2026, 3, 29, 1, tzinfo=UTC), 7200),
        ZoneOffset(datetime(2026, 10, 25, 1, tzinfo=UTC), 3600),
    ),
)

durations = st.one_of(
    st.builds(Duration, milliseconds=st.integers(0, 3660 * 86_400_000)),
    st.builds(Duration, business_days=st.integers(0, 2500)),
)
instants = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 -- hypothesis takes naive bounds
    max_value=datetime(2032, 1, 1),  # noqa: DTZ001 -- hypothesis takes naive bounds
    timezones=st.just(UTC),
)
calendars = st.sampled_from((SHANGHAI, BERLIN))


def shanghai(*parts: int) -> datetime:
    return SHANGHAI.instant(datetime(*parts))  # type: ignore[arg-type]  # noqa: DTZ001 -- naive on purpose


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("PT0S", 0),
        ("PT30S", 30_000),
        ("PT1.5S", 1_500),
        ("PT0.05S", 50),
        ("PT4H", 14_400_000),
        ("P2D", 172_800_000),
        ("P1W", 604_800_000),
        ("P1W2DT3H4M5.006S", 788_645_006),
    ],
)
def test_elapsed_durations_are_read(text: str, milliseconds: int) -> None:
    assert Duration.parse(text) == Duration(milliseconds=milliseconds)


def test_business_days_are_read() -> None:
    assert Duration.parse("2bd") == Duration(business_days=2)
    assert Duration.parse("0bd").is_zero


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("P1Y", "years and months"),
        ("P1M", "years and months"),
        ("P1Y6M", "years and months"),
        ("-PT5S", "negative"),
        ("-2bd", "negative"),
        ("", "not a duration"),
        ("P", "not a duration"),
        ("PT", "not a duration"),
        ("P1DT", "not a duration"),
        ("2 bd", "not a duration"),
        ("2bd\n", "not a duration"),
        ("PT5", "not a duration"),
        ("PT1.2345S", "not a duration"),
        ("PT٣S", "not a duration"),
        ("2501bd", "longer than"),
        ("P3661D", "longer than"),
    ],
)
def test_what_is_no_duration_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(DurationError, match=says):
        Duration.parse(text)


@pytest.mark.parametrize("text", ["PT0S", "PT1M30S", "P2D", "P1DT1H", "PT0.5S", "2bd", "P7D"])
def test_a_canonical_text_is_given_back(text: str) -> None:
    assert str(Duration.parse(text)) == text


@given(durations)
def test_a_duration_survives_text_and_json(duration: Duration) -> None:
    adapter = TypeAdapter(Duration)
    assert Duration.parse(str(duration)) == duration
    assert adapter.validate_json(adapter.dump_json(duration)) == duration


def test_a_duration_is_one_of_the_two_and_never_negative() -> None:
    for wrong in ({}, {"milliseconds": 1, "business_days": 1}, {"milliseconds": -1}):
        with pytest.raises(DurationError):
            Duration(**wrong)


@given(calendars)
def test_a_calendar_survives_json(calendar: Calendar) -> None:
    adapter = TypeAdapter(Calendar)
    assert adapter.validate_json(adapter.dump_json(calendar)) == calendar


@pytest.mark.parametrize(
    ("asked", "days", "due"),
    [
        ((2026, 9, 28, 9), 0, (2026, 9, 28, 18)),
        ((2026, 9, 28, 9), 1, (2026, 9, 29, 18)),
        ((2026, 9, 28, 18), 1, (2026, 9, 29, 18)),
        ((2026, 9, 28, 18, 0, 1), 1, (2026, 9, 30, 18)),
        ((2026, 9, 30, 9), 1, (2026, 10, 7, 18)),
        ((2026, 10, 3, 9), 1, (2026, 10, 8, 18)),
        ((2026, 10, 9, 19), 1, (2026, 10, 12, 18)),
        ((2026, 9, 19, 9), 1, (2026, 9, 21, 18)),
    ],
)
def test_due_is_the_cutoff_of_the_nth_working_day(
    asked: tuple[int, ...], days: int, due: tuple[int, ...]
) -> None:
    assert SHANGHAI.add(shanghai(*asked), Duration(business_days=days)) == shanghai(*due)


@pytest.mark.parametrize(
    ("start", "days", "cutoff"),
    [
        ((2026, 12, 1, 0), 1, (2026, 11, 30, 18)),
        ((2026, 12, 1, 20), 1, (2026, 11, 30, 18)),
        ((2026, 12, 1, 0), 3, (2026, 11, 26, 18)),
        ((2026, 10, 12, 0), 1, (2026, 10, 10, 18)),
        ((2026, 10, 7, 0), 1, (2026, 9, 30, 18)),
    ],
)
def test_lead_time_counts_back_from_the_local_date(
    start: tuple[int, ...], days: int, cutoff: tuple[int, ...]
) -> None:
    assert SHANGHAI.before(shanghai(*start), Duration(business_days=days)) == shanghai(*cutoff)


@given(calendars, instants, st.integers(0, 30))
def test_due_is_never_before_the_request_and_always_at_a_working_cutoff(
    calendar: Calendar, asked: datetime, days: int
) -> None:
    due = calendar.add(asked, Duration(business_days=days))
    assert due >= asked
    assert calendar.is_working(calendar.local(due).date())
    assert due == calendar.instant(datetime.combine(calendar.local(due).date(), calendar.cutoff))


@given(calendars, instants, st.integers(0, 20), st.integers(0, 20))
def test_days_add_up(calendar: Calendar, asked: datetime, first: int, second: int) -> None:
    due = calendar.add(asked, Duration(business_days=first))
    assert calendar.add(due, Duration(business_days=second)) == calendar.add(
        asked, Duration(business_days=first + second)
    )


@given(calendars, instants, st.timedeltas(timedelta(0), timedelta(days=9)), st.integers(0, 20))
def test_a_later_request_is_never_due_earlier(
    calendar: Calendar, asked: datetime, later: timedelta, days: int
) -> None:
    duration = Duration(business_days=days)
    assert calendar.add(asked, duration) <= calendar.add(asked + later, duration)


@given(calendars, instants, durations)
def test_lead_time_ends_before_the_start(
    calendar: Calendar, start: datetime, lead: Duration
) -> None:
    assert calendar.before(start, lead) <= start


@given(calendars, instants, st.integers(1, 30))
def test_going_back_and_forth_between_cutoffs_is_the_same_way(
    calendar: Calendar, start: datetime, days: int
) -> None:
    duration = Duration(business_days=days)
    cutoff = calendar.add(start, Duration(business_days=0))
    assert calendar.before(calendar.add(cutoff, duration), duration) == cutoff


@given(calendars, instants, st.integers(0, 10**12))
def test_elapsed_time_ignores_the_calendar(
    calendar: Calendar, instant: datetime, milliseconds: int
) -> None:
    duration = Duration(milliseconds=milliseconds % (3660 * 86_400_000))
    assert calendar.before(calendar.add(instant, duration), duration) == instant


def test_a_skipped_and_a_repeated_hour_are_read_with_the_offset_before() -> None:
    naive = datetime.fromisoformat
    assert BERLIN.instant(naive("2026-03-29T02:30")) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert BERLIN.instant(naive("2026-10-25T02:30")) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_undecreed_days_are_provisional() -> None:
    assert not SHANGHAI.is_provisional(date(2026, 12, 31))
    assert SHANGHAI.is_provisional(date(2027, 1, 1))
    assert not BERLIN.is_provisional(date(2030, 1, 1))


def test_data_out_of_order_is_refused() -> None:
    with pytest.raises(ValueError, match="ascending"):
        Calendar("UTC", time(18), SHANGHAI.offsets, free=(date(2026, 2, 2), date(2026, 2, 1)))
    with pytest.raises(ValueError, match="ascending"):
        Calendar("UTC", time(18), ())
    with pytest.raises(ValueError, match="working day"):
        Calendar("UTC", time(18), SHANGHAI.offsets, weekend=tuple(range(7)))


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("2026-11-25T09:00", "2026-11-25T17:00", 8),
        ("2026-11-25T22:00", "2026-11-26T02:00", 4),
        ("2026-11-27T12:00", "2026-11-30T12:00", 24),  # over a weekend
        ("2026-11-28T00:00", "2026-11-29T23:00", 0),
        ("2026-11-25T09:00", "2026-11-25T09:00", 0),
    ],
)
def test_working_time_is_the_time_on_working_days(since: str, until: str, hours: int) -> None:
    calendar = Calendar("UTC", time(18), (ZoneOffset(datetime(2026, 1, 1, tzinfo=UTC), 0),))
    instants = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (since, until)]
    assert calendar.working_time(*instants) == timedelta(hours=hours)


def test_a_day_of_another_length_counts_as_long_as_it_is() -> None:
    """At the change to summer time a working Sunday has 23 hours."""
    calendar = replace(BERLIN, working=(date(2026, 3, 29),))
    day = [calendar.instant(datetime(2026, 3, n)) for n in (29, 30)]  # noqa: DTZ001 -- wall clock
    assert calendar.working_time(*day) == timedelta(hours=23)


@given(calendars, st.lists(instants, min_size=3, max_size=3).map(sorted))
def test_working_time_adds_up(calendar: Calendar, moments: list[datetime]) -> None:
    first, middle, last = moments
    parts = calendar.working_time(first, middle) + calendar.working_time(middle, last)
    assert parts == calendar.working_time(first, last)
    assert timedelta() <= parts <= last - first
