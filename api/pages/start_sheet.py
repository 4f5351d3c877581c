"""The form a launch is started with: its fields by name as a plan document, and where in the form
each part of that document was filled in.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.intake.cells import CellError, rung
from api.intake.errors import FieldError
from api.pages.forms import document_of
from api.problems import invalid

WHOLE: Final = ("audience.size", "contact.messages_per_customer")
OFFER: Final = (
    *("key", "product", "pay", "get", "currency"),
    *("segments[]", "channels[]", "key_message"),
)
RESOURCE: Final = ("pool", "quantity", "step", "needed_by")
POLICY: Final = (
    *("answer_within", "silence", "repair_within", "gate_grace"),
    *("remind_before", "acknowledged_for", "ladder[]"),
)
STEP: Final = (
    *("deliverable", "conditions[]", "lead_time", "signers"),
    *("module", "after[]", "customer", "answer_within", "silence", "remind_before", "ladder[]"),
)
SPARE: Final = 1
"""So many empty groups stand below those that are filled in."""

_GROUPS: Final = ("offers", "resources", "steps")
_GROUPED: Final = re.compile(r"(offers|resources|steps)\[(\d{1,3})\]\.(.+)")
_INDEXED: Final = re.compile(r"(\w+)\[(\d+)\](?:\.(.+))?")
_OF_STEP: Final = re.compile(r"steps\.([^.]+)\.(.+)")
_LISTS: Final = frozenset({"regions", "segments", "channels", "conditions", "after", "ladder"})
_MOST: Final = 1000
_DIGITS: Final = 18
"""A number of more digits stays a text, and is refused by its path."""
_OWN: Final = frozenset({"key", "own"})
"""What makes a step of the plan's own; a step of the template has its key from the form."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A plan, and for each group the numbers in the form that its entries have; `keys` are the
    numbers of steps by their keys.
    """

    plan: dict[str, Any]
    places: Mapping[str, tuple[int, ...]]
    keys: Mapping[str, int]

    def field_of(self, path: str) -> str:
        """The field of the form in which a path of the plan was filled in."""
        if match := _OF_STEP.fullmatch(path):
            known = self.keys.get(match[1])
            return path if known is None else _as_field(f"steps[{known}].{match[2]}")
        match = _INDEXED.fullmatch(path)
        if match is None or match[1] not in self.places:
            return _as_field(path)
        places, at = self.places[match[1]], int(match[2])
        place = places[at] if at < len(places) else at
        return _as_field(f"{match[1]}[{place}].{match[3] or _first_of(match[1])}")


def sheet_of(fields: Mapping[str, str]) -> Sheet:
    """The plan a form stands for; groups nobody filled in are not there, texts that are numbers
    become numbers, lines of ladders rungs. Raises 400 for fields that contradict each other, 422
    for a line that is no rung.
    """
    filled = {name: text for name, text in fields.items() if text.strip()}
    unsaid = {at for at, names in _numbered(filled, "steps").items() if not _says(names)}
    kept = {name: text for name, text in filled.items() if _number(name, "steps") not in unsaid}
    plan = document_of(kept)
    places = {name: tuple(sorted(_numbered(kept, name))) for name in _GROUPS}
    numbers = places["steps"]
    for path in WHOLE:
        group, _, name = path.partition(".")
        _make_number(plan.get(group), name)
    for resource in _entries(plan, "resources"):
        _make_number(resource, "quantity")
    _make_rungs(plan.get("policy"), "policy.ladder[]")
    for at, step in enumerate(_entries(plan, "steps")):
        _make_number(step, "signers")
        _make_rungs(step, f"steps[{numbers[at]}].ladder[]")
        if isinstance(step, dict) and step.pop("own", None):
            step.setdefault("after", [])
    return Sheet(plan, places, keys_of(fields))


def rows_of(fields: Mapping[str, str], group: str, *, spare: int = SPARE) -> tuple[int, ...]:
    """The numbers of the groups a form shows: those with something in them, and empty ones."""
    filled = {name: text for name, text in fields.items() if text.strip()}
    return _with_spare(_numbered(filled, group), spare)


@dataclass(frozen=True, slots=True)
class StepRows:
    """The numbers that steps have in a form: the template's by their keys, then the plan's own."""

    template: Mapping[str, int]
    own: tuple[int, ...]


def step_rows(
    fields: Mapping[str, str], template: Iterable[str], *, spare: int = SPARE
) -> StepRows:
    """Each step of the template where the form has it already, whatever template that was for."""
    filled = {name: text for name, text in fields.items() if text.strip()}
    known, numbered = keys_of(fields), _numbered(filled, "steps")
    keys = tuple(template)
    said = {at for at, names in numbered.items() if _says(names)}
    own = said - {known[key] for key in keys if key in known}
    taken = own | set(known.values())
    free = (at for at in range(_MOST) if at not in taken)
    rows = {key: known[key] if key in known else next(free) for key in keys}
    behind = _with_spare({*own, *rows.values()}, spare)
    return StepRows(rows, tuple(at for at in behind if at not in rows.values()))


def keys_of(fields: Mapping[str, str]) -> dict[str, int]:
    """The numbers of steps in the form by their keys; of two with one key the first."""
    numbers = sorted(_numbered(fields, "steps"))
    keys = ((fields.get(f"steps[{at}].key", "").strip(), at) for at in reversed(numbers))
    return {key: at for key, at in keys if key}


def _with_spare(numbers: Collection[int], spare: int) -> tuple[int, ...]:
    behind = max(numbers, default=-1) + 1
    return (*sorted(numbers), *range(behind, min(behind + spare, _MOST)))


def _numbered(fields: Iterable[str], group: str) -> dict[int, set[str]]:
    """The names of fields by the number of their entry in a group."""
    found: dict[int, set[str]] = {}
    for name in fields:
        match = _GROUPED.fullmatch(name)
        if match and match[1] == group:
            found.setdefault(int(match[2]), set()).add(match[3])
    return found


def _number(name: str, group: str) -> int | None:
    match = _GROUPED.fullmatch(name)
    return int(match[2]) if match and match[1] == group else None


def _says(names: set[str]) -> bool:
    """Whether an entry of the steps says more than which step it is."""
    return bool(names - _OWN) or names == _OWN


def _as_field(path: str) -> str:
    """The name of a field: lists have one for all their lines, a window one for each end."""
    name = re.sub(r"(ladder)?\[\d+\](?(1)(?:\..+)?)$", r"\1", path)
    if name == "window":
        return "window.start"
    return f"{name}[]" if name.rpartition(".")[2] in _LISTS else name


def _first_of(group: str) -> str:
    return "pool" if group == "resources" else "key"


def _entries(plan: Mapping[str, Any], group: str) -> list[Any]:
    entries = plan.get(group)
    return entries if isinstance(entries, list) else []


def _make_number(group: object, name: str) -> None:
    """What is no number stays a text, which is then refused by its path."""
    text = str(group.get(name, "")).strip() if isinstance(group, dict) else ""
    if isinstance(group, dict) and text.isdecimal() and len(text) <= _DIGITS:
        group[name] = int(text)


def _make_rungs(group: object, field: str) -> None:
    if not isinstance(group, dict) or "ladder" not in group:
        return
    try:
        group["ladder"] = [rung(line) for line in group["ladder"]]
    except CellError as error:
        raise invalid((FieldError(field, "bad_format", str(error)),)) from error
