"""Dates and instants as planners write them, read into instants of the organisation's calendar."""

import re
from datetime import UTC, date, datetime, timedelta

from api.intake.errors import Faults
from domain.calendar import Calendar

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    r"(?P<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)


class InstantError(ValueError):
    """A text is neither a date nor an instant; the message is for planners."""


def read_start(text: str, calendar: Calendar) -> datetime:
    """The instant itself, or 00:00 of the date; aware UTC."""
    moment = _read(text)
    if isinstance(moment, datetime):
        return moment
    return calendar.instant(datetime.combine(moment, datetime.min.time()))


def read_end(text: str, calendar: Calendar) -> datetime:
    """The instant itself, or 24:00 of the date; aware UTC."""
    moment = _read(text)
    if isinstance(moment, datetime):
        return moment
    return calendar.instant(datetime.combine(moment + timedelta(days=1), datetime.min.time()))


def read_date(text: str | None, path: str, faults: Faults) -> date | None:
    """A date, or None where there is none or the reason is noted."""
    if text is None:
        return None
    if not _DATE.fullmatch(text):
        faults.add(path, "bad_date", "must be a date such as 2026-12-01")
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.add(path, "bad_date", "is a day that does not exist")
        return None


def _read(text: str) -> date | datetime:
    """A calendar date, or an instant in UTC. Years are kept away from the ends of the calendar."""
    match = _INSTANT.fullmatch(text)
    if match and match["offset"] is None:
        message = "needs its offset from UTC, for example 2026-12-01T09:00:00+08:00"
        raise InstantError(message)
    if not match and not _DATE.fullmatch(text):
        message = (
            "must be a date (2026-12-01) or an instant with offset (2026-12-01T09:00:00+08:00)"
        )
        raise InstantError(message)
    try:
        moment = datetime.fromisoformat(text.upper()) if match else date.fromisoformat(text)
    except ValueError as wrong:
        message = "is a day or time that does not exist"
        raise InstantError(message) from wrong
    if not 1970 <= moment.year <= 9000:  # noqa: PLR2004 -- far from what datetime overflows at
        message = "is a year out of any campaign's reach"
        raise InstantError(message)
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment
