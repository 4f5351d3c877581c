"""What every request body is made of: exact fields, bounded texts, no coercion."""

import re
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    WithJsonSchema,
)

from api.intake.fields import refuse

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""Instants outside are typing errors, and sums with them could leave the calendar."""

_RFC3339: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_WEB: Final = re.compile(r"https?://[^\s/]\S*")


def instant_of(value: object) -> datetime:
    """An RFC 3339 text as an aware instant in UTC. What cannot be one is refused in words."""
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise refuse("bad_format", "must be an instant such as 2026-12-01T10:00:00Z")
    try:
        instant = datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise refuse("bad_format", "names a day or an hour that does not exist") from None
    if not EARLIEST <= instant < LATEST:
        message = f"must lie between the years {EARLIEST.year} and {LATEST.year}"
        raise refuse("out_of_range", message)
    return instant


def not_blank(text: str) -> str:
    """The text itself, refused where it holds nothing but blanks."""
    if not text.strip():
        raise refuse("missing", "must not be empty")
    return text


def web_address(text: str) -> str:
    """The text itself, refused where a click on it would do anything but open a page."""
    if not _WEB.fullmatch(text):
        raise refuse("bad_format", "must be a web address such as https://example.com/report")
    return text


Instant = Annotated[
    datetime,
    BeforeValidator(instant_of),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000), AfterValidator(not_blank)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(not_blank)]
Link = Annotated[str, StringConstraints(max_length=2000), AfterValidator(web_address)]


class Shape(BaseModel):
    """A body: unknown fields and values of another type are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
