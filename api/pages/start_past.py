"""A past launch as fields of the form that starts the next: what differs from its template, in a
window as long and as far ahead as it was then.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, Final

from api.moments import read_instant
from api.pages.plan_fields import content_fields, day_fields, fields_of
from api.pages.start_sheet import POLICY, STEP
from domain.calendar import Calendar
from domain.plan import Template
from domain.plan_document import template_document

Document = Mapping[str, Any]

_INHERITED: Final = ("answer_within", "silence", "remind_before", "ladder")
_NUMBERED: Final = re.compile(r"(.+)-([1-9]\d?)")
_LONGEST: Final = 60
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Past:
    """The fields; `is_dated` where the window could be moved, `is_whole` where the form has a field
    for everything the plan said of its own.
    """

    fields: dict[str, str]
    is_dated: bool
    is_whole: bool


def past_of(launch: Document, template: Template, calendar: Calendar, now: datetime) -> Past:
    """The fields for another launch like this one. It still needs a code."""
    plan = launch["plan"]
    standard = template_document(template)
    window = _moved(plan.get("window"), _begun(launch), calendar, now)
    policy = _differing(plan.get("policy") or {}, standard["policy"], _bare(POLICY))
    fields = {
        **{name: str(plan[name]) for name in ("department", "sponsor") if plan.get(name)},
        **window,
        "template": template.key,
        **_undated(content_fields(plan, calendar)),
        **dict(fields_of("policy", policy, POLICY)),
        **dict(_of_steps(plan, standard["steps"])),
    }
    return Past(fields, bool(window), _is_whole(plan, standard))


def codes_after(code: str) -> Iterator[str]:
    """Codes for the next launch like this one: `TOPUP-2` after `TOPUP`, `TOPUP-3` after that."""
    match = _NUMBERED.fullmatch(code)
    stem, number = (match[1], int(match[2])) if match else (code, 1)
    return (f"{stem[:_LONGEST]}-{one}" for one in count(number + 1))


def _begun(launch: Document) -> datetime | None:
    """When the launch was started: its first steps are requested then."""
    asked = [step["requested_at"] for step in launch["steps"] if step.get("requested_at")]
    return read_instant(min(asked)) if asked else None


def _moved(
    window: Document | None, begun: datetime | None, calendar: Calendar, now: datetime
) -> dict[str, str]:
    """The window as many days long, and as many working days ahead, at the same times of day; empty
    where it has none.
    """
    if not window or begun is None:
        return {}
    start, end = (calendar.local(read_instant(window[name])) for name in ("start", "end"))
    ahead = _working_days(calendar.local(begun).date(), start.date(), calendar)
    first = _later(calendar.local(now).date(), max(ahead, 1), calendar)
    later = first - start.date()
    return day_fields(start + later, end + later)


def _undated(fields: dict[str, str]) -> dict[str, str]:
    """Without the dates of resources, which were those of the past campaign."""
    return {name: text for name, text in fields.items() if not name.endswith(".needed_by")}


def _working_days(since: date, until: date, calendar: Calendar) -> int:
    days = range(1, (until - since).days + 1)
    return sum(calendar.is_working(since + day * _DAY) for day in days)


def _later(day: date, working_days: int, calendar: Calendar) -> date:
    while working_days:
        day += _DAY
        working_days -= calendar.is_working(day)
    return day


def _of_steps(plan: Document, standard: list[Document]) -> Iterator[tuple[str, str]]:
    """Of the template's steps what differs, with the numbers they have there; others whole."""
    known = {step["key"]: (at, step) for at, step in enumerate(standard)}
    behind = count(len(standard))
    for step in plan.get("steps") or ():
        at, usual = known.get(step["key"], (None, {}))
        number = next(behind) if at is None else at
        inherited = {name: (plan.get("policy") or {}).get(name) for name in _INHERITED}
        yield f"steps[{number}].key", step["key"]
        if at is None:
            yield f"steps[{number}].own", "1"
        differing = _differing(step, {**usual, **inherited}, _bare(STEP))
        yield from fields_of(f"steps[{number}]", differing, STEP)


def _is_whole(plan: Document, standard: Document) -> bool:
    usual = {step["key"]: step for step in standard["steps"]}
    steps = plan.get("steps") or ()
    return not (
        any(resource.get("needed_by") for resource in plan.get("resources") or ())
        or any(step.get("deliver_by") for step in steps)
        or any(_differing(step, usual.get(step["key"], step), ("material",)) for step in steps)
        or any(step["key"] in usual and not step["after"] and _waits(usual, step) for step in steps)
    )


def _waits(usual: Mapping[str, Document], step: Document) -> bool:
    """Whether the template lets a step wait: that a plan does not cannot be said in the form."""
    return bool(usual[step["key"]]["after"])


def _differing(given: Document, usual: Document, names: tuple[str, ...]) -> dict[str, Any]:
    """The values of a document that are not the usual ones; both may be tuples or lists."""
    same = (name for name in names if name in given)
    return {name: given[name] for name in same if _plain(given[name]) != _plain(usual.get(name))}


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _bare(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.removesuffix("[]") for name in names)
