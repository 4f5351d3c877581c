"""Brings a submitted tree down to plain, bounded JSON values before anything else looks at it.

Text that cannot be stored or shown, numbers that JSON readers round, and depth or size beyond any
honest document are noted as errors and taken out: a field is dropped, a list entry becomes None.
"""

import re
from typing import Any, Final

from api.intake.errors import Faults, join, shown

DEEPEST = 16
MOST_VALUES = 60_000
LONGEST_TEXT = 4000
LARGEST_NUMBER = 2**53
"""Whole numbers above this are rounded by JSON readers that know doubles only."""

_DROPPED: Final = object()
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HALF = re.compile(r"[\ud800-\udfff]")


def cleaned(raw: dict[Any, Any], faults: Faults) -> dict[str, Any]:
    """A copy of the tree with only what may go on; what was wrong is in `faults`.

    Raises InvalidDocument at once when there are too many values (as with repeated aliases).
    """
    return _Cleaner(faults).group(raw, "", 0)


def wrong_text(text: str) -> tuple[str, str] | None:
    """Code and sentence for text that cannot be stored or shown; line breaks and tabs are fine."""
    if len(text) > LONGEST_TEXT:
        return "too_long", f"has more than {LONGEST_TEXT} characters"
    if control := _CONTROL.search(text):
        return "bad_text", f"contains the control character {shown(control[0])}"
    if _HALF.search(text):
        return "bad_text", "contains half of a character; type it again"
    return None


class _Cleaner:
    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._left = MOST_VALUES

    def group(self, raw: dict[Any, Any], path: str, depth: int) -> dict[str, Any]:
        kept = {}
        for key, item in raw.items():
            if not isinstance(key, str) or wrong_text(key):
                message = "field names must be text without control characters"
                self._faults.add(join(path, str(key)), "unknown_field", message)
                continue
            value = self._value(item, join(path, key), depth)
            if value is not _DROPPED:
                kept[key] = value
        return kept

    def _value(self, raw: object, path: str, depth: int) -> Any:  # noqa: ANN401 -- any JSON
        self._spend()
        if isinstance(raw, dict | list) and depth >= DEEPEST:
            return self._drop(path, "too_deep", "is nested too deeply")
        if isinstance(raw, dict):
            return self.group(raw, path, depth + 1)
        if isinstance(raw, list):
            items = (self._value(v, join(path, i), depth + 1) for i, v in enumerate(raw))
            return [None if item is _DROPPED else item for item in items]
        return self._scalar(raw, path)

    def _scalar(self, raw: object, path: str) -> object:
        if raw is None or isinstance(raw, bool):
            return raw
        if isinstance(raw, str):
            wrong = wrong_text(raw)
            return self._drop(path, *wrong) if wrong else raw
        if isinstance(raw, int | float):
            # Comparing is false for NaN and works for whole numbers of any length.
            if -LARGEST_NUMBER <= raw <= LARGEST_NUMBER:
                return raw
            return self._drop(path, "out_of_range", "is too large a number")
        return self._drop(path, "wrong_type", "is neither text, number, list nor group of fields")

    def _drop(self, path: str, code: str, message: str) -> object:
        self._faults.add(path, code, message)
        return _DROPPED

    def _spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            self._faults.add("", "too_large", f"has more than {MOST_VALUES} values")
            self._faults.raise_if_any()
