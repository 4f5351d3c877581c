"""Plan and organisation files from disk, decoded by their ending into plain trees.

Plans are written as YAML, JSON or a workbook (`api.intake.workbook` says how). In plan files dates
may be relative to the day of reading: `today`, `today+30d`, `today-2d`, or to the moment:
`now+PT30S`. The API takes no such dates; they are resolved here, before a plan is sent.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from api.intake.errors import WHOLE_DOCUMENT, FieldError, InvalidDocument
from api.intake.organisation import read_organisation
from api.intake.text import LARGEST_TEXT, load_json, load_yaml
from api.intake.workbook import load_workbook
from domain.calendar import Duration, DurationError
from domain.organisation import Organisation

_LOADERS: Mapping[str, Callable[[bytes], object]] = {
    ".yaml": load_yaml,
    ".yml": load_yaml,
    ".json": load_json,
    ".xlsx": load_workbook,
}
_TODAY = re.compile(r"today(?:(?P<sign>[+-])(?P<days>[0-9]{1,4})d)?", re.ASCII)
_NOW = re.compile(r"now(?:\+(?P<duration>P[A-Z0-9.]+))?", re.ASCII)


def read_plan_file(path: Path, *, now: datetime) -> object:
    """The submitted form of a plan, relative dates resolved; `now` is aware, its date is today.

    Raises InvalidDocument where the file cannot be read; what it says is judged by whoever
    resolves the plan.
    """
    return with_dates(_load(path, _LOADERS), now)


def read_organisation_file(path: Path) -> Organisation:
    """The organisation of a YAML or JSON file; InvalidDocument carries every error."""
    loaders = {ending: load for ending, load in _LOADERS.items() if load is not load_workbook}
    return read_organisation(_load(path, loaders))


def with_dates(raw: object, now: datetime) -> object:
    """The same plan with relative dates written out, in the fields that hold dates."""
    if not isinstance(raw, dict):
        return raw
    resolved = dict(raw)
    for section, names in (
        ("window", ("start", "end")),
        ("resources", ("needed_by",)),
        ("steps", ("deliver_by",)),
    ):
        if section in raw:
            resolved[section] = _resolved(raw[section], names, now)
    return resolved


def _resolved(section: object, names: tuple[str, ...], now: datetime) -> object:
    if isinstance(section, list):
        return [_resolved(item, names, now) for item in section]
    if not isinstance(section, dict):
        return section
    return {key: _date(v, now) if key in names else v for key, v in section.items()}


def _date(value: object, now: datetime) -> object:
    """The date meant by a relative one; anything else is left for the rules to judge."""
    if not isinstance(value, str):
        return value
    if match := _TODAY.fullmatch(value):
        days = int(match["days"] or 0) * (-1 if match["sign"] == "-" else 1)
        return (now.date() + timedelta(days=days)).isoformat()
    if match := _NOW.fullmatch(value):
        return _after(now, match["duration"] or "PT0S") or value
    return value


def _after(now: datetime, text: str) -> str | None:
    try:
        elapsed = Duration.parse(text).elapsed
    except DurationError:
        return None
    return None if elapsed is None else (now + elapsed).isoformat()


def _load(path: Path, loaders: Mapping[str, Callable[[bytes], object]]) -> object:
    loader = loaders.get(path.suffix.lower())
    if loader is None:
        message = f"is no file this reads; its name must end in {', '.join(loaders)}"
        raise InvalidDocument([FieldError(WHOLE_DOCUMENT, "unknown_file", message)])
    try:
        with path.open("rb") as file:
            # One byte more than any loader takes, so that a huge file is refused unread.
            content = file.read(LARGEST_TEXT + 1)
    except OSError as wrong:
        message = f"cannot be opened: {wrong.strerror or 'it is no readable file'}"
        raise InvalidDocument([FieldError(WHOLE_DOCUMENT, "unreadable_file", message)]) from wrong
    return loader(content)
