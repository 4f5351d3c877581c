"""Forms of acts: which fields each has, and the body of the request they make."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from api.intake.errors import FieldError
from api.moments import Moments, read_instant
from api.pages.forms import document_of, lines_of
from api.problems import invalid

Document = Mapping[str, Any]

TERMS: Final = ("terms.deliverable", "terms.conditions[]", "quantities", "terms.deliver_by")
SHEETS: Final[Mapping[str, tuple[str, ...]]] = {
    "sign": ("terms_digest", "note"),
    "sign-if": ("terms_digest", "condition.fact", "condition.by", "note"),
    "accept-counter": ("terms_digest",),
    "counter": (*TERMS, "reason"),
    "suggest": ("plan", "reason"),
    "amend": (*TERMS, "reason"),
    "request": (*TERMS, "reason"),
    "ask": ("text",),
    "reply": ("text",),
    "acknowledge": ("answer_by",),
    "report": ("evidence", "link"),
    "accept": ("ratings", "note"),
    "confirm": ("fact",),
    "delegate": ("to", "until", "reason"),
    "remind": (),
    "take-up": ("note",),
    "comment": ("text",),
    "resolve": (
        *("resolution", "answer_by", "to"),
        *("window.start", "window.start_time", "window.end", "window.end_time", "reason"),
    ),
    "finding-waive": ("finding", "reason"),
    **dict.fromkeys(
        ("withdraw-counter", "retract-report", "allow-release", "refuse-release"), ("note",)
    ),
    **dict.fromkeys(
        (
            *("decline", "withdraw", "reject", "request-release", "revoke", "cancel", "waive"),
            *("stop", "resume", "escalate"),
        ),
        ("reason",),
    ),
}
"""Names of fields in the order in which they are filled in."""

INSTANTS: Final = frozenset({"terms.deliver_by", "answer_by", "until", "condition.by"})
VARIANTS: Final[Mapping[str, str]] = {"sign-if": "sign", "suggest": "counter"}
"""Forms of their own for what is one act of the API."""

_CLOCKS: Final = {"window.start_time": "window.start", "window.end_time": "window.end"}
"""Fields for a time of day, and the field of the day each belongs to."""
_LOCAL: Final = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
_NUMBERS: Final = (".quantity", ".score")
_DIGITS: Final = 18
_FIRST_YEAR: Final = 1000
"""Years before are typed by half, and are no years of four digits in an instant."""
_EMPTIED: Final[Mapping[str, object]] = {"deliverable": "", "conditions[]": (), "deliver_by": ""}
"""What is said of a term whose field was emptied: that it is gone, not that it stays."""


def body_of(
    fields: Mapping[str, str], moments: Moments, *, terms: Document | None = None
) -> dict[str, Any]:
    """The body a form makes. Local times become instants; of `terms`, those the form was filled in
    with, what stays as it is stays out.

    Raises 422 for what is no time and no number.
    """
    timed = with_clocks(fields, moments)
    read = {name: _read(name, text, moments) for name, text in timed.items()}
    document = document_of({name: text for name, text in read.items() if isinstance(text, str)})
    for name, number in read.items():
        if isinstance(number, int):
            _set_number(document, name, number)
    if "plan" in document:
        document["plan"] = _read_plan(str(document["plan"]))
    if "ratings" in document:
        document["ratings"] = [one for one in document["ratings"] if "score" in one]
    if terms is not None and isinstance(document.get("terms", {}), dict):
        changed = {**document.pop("terms", {}), **_emptied(fields)}
        if changed := {n: v for n, v in changed.items() if not _same(n, v, terms.get(n))}:
            document["terms"] = changed
    return document


def with_clocks(fields: Mapping[str, str], moments: Moments) -> dict[str, str]:
    """The fields with each day of a window that has a time of day beside it as one instant; a day
    alone stays a day. Raises 422 for what is no time.
    """
    given = {name: text for name, text in fields.items() if name not in _CLOCKS}
    for clock, name in _CLOCKS.items():
        day, time = fields.get(name, "").strip(), fields.get(clock, "").strip()
        if day and time:
            given[name] = instant_of(name, f"{day}T{time}", moments)
    return given


def local_text(moments: Moments, instant: str | None) -> str:
    """An instant as a field for local times shows it."""
    return moments.local(read_instant(instant)).strftime(_LOCAL[0]) if instant else ""


def _read(name: str, text: str, moments: Moments) -> str | int:
    if name in INSTANTS or name.endswith(".needed_by"):
        return instant_of(name, text.strip(), moments)
    if name.endswith(_NUMBERS) and text.strip():
        if not text.strip().isdecimal():
            raise invalid((FieldError(name, "wrong_type", "must be a whole number"),))
        if len(text.strip()) > _DIGITS:
            raise invalid((FieldError(name, "out_of_range", "is too large"),))
        return int(text.strip())
    return text


def instant_of(name: str, text: str, moments: Moments) -> str:
    """What a field for local times says, as an instant of the API. Raises 422."""
    if not text:
        return text
    if text.endswith("Z") and _is_instant(text):
        return text
    for form in _LOCAL:
        try:
            local = datetime.strptime(text, form)  # noqa: DTZ007 - the organisation's wall clock
        except ValueError:
            continue
        if moments.calendar is not None and local.year >= _FIRST_YEAR:
            return moments.calendar.instant(local).strftime("%Y-%m-%dT%H:%M:%SZ")
    raise invalid((FieldError(name, "bad_format", "must be a day and a time"),))


def _is_instant(text: str) -> bool:
    try:
        read_instant(text)
    except (ValueError, OverflowError):
        return False
    return True


def _read_plan(text: str) -> object:
    """A change of the plan that a page offers as a whole."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise invalid((FieldError("plan", "bad_format", "must be JSON"),)) from error


def _set_number(document: dict[str, Any], name: str, number: int) -> None:
    """Numbers were left out of the document; the groups they belong to are there."""
    *path, last = name.replace("[", ".").replace("]", "").split(".")
    place: Any = document
    for part in path:
        if isinstance(place, list) and part.isdecimal() and int(part) < len(place):
            place = place[int(part)]
        else:
            place = place.get(part) if isinstance(place, dict) else None
    if isinstance(place, dict):
        place[last] = number


def _emptied(fields: Mapping[str, str]) -> dict[str, object]:
    """The terms whose fields were sent with nothing in them."""
    return {
        name.removesuffix("[]"): nothing
        for name, nothing in _EMPTIED.items()
        if not fields.get(f"terms.{name}", "not sent").strip()
    }


def _same(name: str, given: Any, known: Any) -> bool:  # noqa: ANN401 - any part of terms
    """Whether a field says what is known, as far as a field can say it: a condition's own lines are
    lines of the field, and minutes have no seconds. What no form of ours sends is never the same.
    """
    match name:
        case "deliver_by":
            return isinstance(given, str) and given != "" and _same_minute(given, known)
        case "conditions":
            is_list = isinstance(given, list | tuple)
            return is_list and bool(list(given) == lines_of("\n".join(known)))
        case "quantities":
            return isinstance(given, list) and _bare(given) == _bare(known)
        case _:
            return bool(given == known)


def _same_minute(given: str, known: str) -> bool:
    """The field shows no seconds."""
    one, other = read_instant(given), read_instant(known)
    return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)


def _bare(quantities: list[Any]) -> list[Any]:
    return [(q.get("pool"), q.get("quantity")) if isinstance(q, dict) else q for q in quantities]
