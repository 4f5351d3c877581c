"""The kinds of text a document is made of, with the sentence that says what is expected."""

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from domain.calendar import Duration, DurationError

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?", re.ASCII)
_NEGATIVE = re.compile(r"-[0-9.]+", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def refuse(code: str, message: str) -> PydanticCustomError:
    """An error for a validator to raise; code and message reach the planner as they are."""
    return PydanticCustomError(code, message)


def _matching(pattern: re.Pattern[str], message: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise refuse("bad_format", message)
        return text

    return check


def _filled(longest: int, *, lines: bool) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not text.strip():
            raise refuse("missing", "must not be empty")
        if len(text) > longest:
            raise refuse("too_long", f"has more than {longest} characters")
        if not lines and len(text.splitlines()) > 1:
            raise refuse("bad_text", "must be a single line")
        return text

    return check


def _amount(text: str) -> str:
    if _NEGATIVE.fullmatch(text):
        raise refuse("out_of_range", "cannot be negative")
    if not _AMOUNT.fullmatch(text):
        message = "must be an amount such as “100.00”: at most 12 digits before the point, 4 after"
        raise refuse("bad_format", message)
    return text


def _duration(text: str) -> str:
    try:
        Duration.parse(text)
    except DurationError as wrong:
        raise refuse("bad_duration", str(wrong)) from wrong
    return text


def _described(**schema: object) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **schema})


Key = Annotated[
    str,
    AfterValidator(
        _matching(_KEY, "must be 1–64 letters, digits, “-”, “_”, “.”, first a letter or digit")
    ),
    _described(pattern=f"^{_KEY.pattern}$"),
]
"""A name that others refer to and that stands in addresses."""

ShortLine = Annotated[
    str, AfterValidator(_filled(64, lines=False)), _described(minLength=1, maxLength=64)
]
Line = Annotated[
    str, AfterValidator(_filled(200, lines=False)), _described(minLength=1, maxLength=200)
]
Text = Annotated[
    str, AfterValidator(_filled(2000, lines=True)), _described(minLength=1, maxLength=2000)
]
Amount = Annotated[str, AfterValidator(_amount), _described(pattern=f"^{_AMOUNT.pattern}$")]
Currency = Annotated[
    str,
    AfterValidator(_matching(_CURRENCY, "must be a currency of three letters such as CNY")),
    _described(pattern=f"^{_CURRENCY.pattern}$"),
]
DurationText = Annotated[
    str,
    AfterValidator(_duration),
    _described(description="Business days (`2bd`) or ISO 8601 without years and months (`PT30S`)."),
]
Count = Annotated[int, Field(ge=0)]
AtLeastOne = Annotated[int, Field(ge=1)]
