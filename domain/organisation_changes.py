"""What differs between two organisations, entry by entry: read before one takes the other's place.

Entries have a name where they have a key; of the others the whole text is the name.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

from domain.organisation import Module, Organisation, Person

Kind = Literal["added", "removed", "changed"]
Warning_ = Literal["no_admin", "not_admin", "no_lead"]

ADMIN: Final = "admin"
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "pools": ("key", "region"),
    "factors": ("key",),
    "channel_rules": ("product", "segment", "channel"),
    "call_rates": ("product", "channel"),
    "blackouts": ("from", "to"),
    "themes": ("from", "to"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a section that is new, gone or other; `field` where only that is other."""

    kind: Kind
    section: str
    name: str
    field: str | None = None
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Caution:
    """What is allowed, and rarely meant: `about` is the module or person it concerns."""

    kind: Warning_
    about: str = ""


def changes(before: Organisation, after: Organisation) -> tuple[Change, ...]:
    """Everything that `after` says otherwise; empty where it says the same."""
    return (
        *_identity(before, after),
        *_compared("modules", _modules(before.modules), _modules(after.modules)),
        *_compared("people", _people(before.people), _people(after.people)),
        *(change for name in _sections(before, after) for change in _rules(name, before, after)),
    )


def cautions(before: Organisation, after: Organisation, person: str) -> tuple[Caution, ...]:
    """What somebody should see before `person` makes this change."""
    found = []
    if before.holders(ADMIN) and not after.holders(ADMIN):
        found.append(Caution("no_admin"))
    elif person in before.holders(ADMIN) and person not in after.holders(ADMIN):
        found.append(Caution("not_admin", person))
    led = {module.key for module in before.modules if before.holders(f"lead:{module.key}")}
    known = {module.key for module in before.modules}
    found += [
        Caution("no_lead", module.key)
        for module in after.modules
        if not after.holders(f"lead:{module.key}")
        and (module.key in led or module.key not in known)
    ]
    return tuple(found)


def _identity(before: Organisation, after: Organisation) -> Iterator[Change]:
    old, new = before.identity, after.identity
    for name in (one.name for one in fields(old) if one.name != "overrides"):
        was, becomes = getattr(old, name), getattr(new, name)
        if was != becomes:
            yield Change("changed", "organisation", name, None, was, becomes)
    yield from _compared(
        "overrides",
        {o.date.isoformat(): {"working": o.working} for o in old.overrides},
        {o.date.isoformat(): {"working": o.working} for o in new.overrides},
    )


def _modules(modules: Sequence[Module]) -> dict[str, dict[str, Any]]:
    return {one.key: {"name.en": one.name.en, "name.zh": one.name.zh} for one in modules}


def _people(people: Sequence[Person]) -> dict[str, dict[str, Any]]:
    return {
        one.id: {
            "name.en": one.name.en,
            "name.zh": one.name.zh,
            "email": one.email,
            "department": one.department,
            "roles": list(one.roles),
        }
        for one in people
    }


def _sections(before: Organisation, after: Organisation) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*before.rules, *after.rules)))


def _rules(name: str, before: Organisation, after: Organisation) -> Iterator[Change]:
    was, becomes = before.rules.get(name), after.rules.get(name)
    if name == "segments":
        was, becomes = _inner(was, "overlaps"), _inner(becomes, "overlaps")
    if isinstance(was, list) or isinstance(becomes, list):
        yield from _compared(name, _entries(name, was), _entries(name, becomes))
        return
    for key in dict.fromkeys((*_mapping(was), *_mapping(becomes))):
        old, new = _mapping(was).get(key), _mapping(becomes).get(key)
        if old != new:
            yield Change("changed", name, str(key), None, _said(old), _said(new))


def _compared(
    section: str, before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> Iterator[Change]:
    for name, entry in after.items():
        if name not in before:
            yield Change("added", section, name, after=_whole(name, entry))
    for name, entry in before.items():
        if name not in after:
            yield Change("removed", section, name, before=_whole(name, entry))
            continue
        for key in dict.fromkeys((*entry, *after[name])):
            old, new = entry.get(key), after[name].get(key)
            if old != new:
                yield Change("changed", section, name, key, _said(old), _said(new))


def _entries(name: str, section: object) -> dict[str, dict[str, Any]]:
    """A list by the names of its entries; one that comes twice is told apart by its number."""
    found: dict[str, dict[str, Any]] = {}
    for entry in section if isinstance(section, list) else ():
        keys = _KEYS.get(name, ())
        named = isinstance(entry, dict) and bool(keys)
        title = _title(entry, keys) if named else _said(entry)
        while title in found:
            title += " ′"
        rest = {k: v for k, v in entry.items() if k not in keys} if named else {}
        found[title] = rest
    return found


def _title(entry: Mapping[str, Any], keys: Sequence[str]) -> str:
    return " · ".join(said for key in keys if (said := _said(entry.get(key))))


def _whole(name: str, entry: Mapping[str, Any]) -> str:
    said = ((key, _said(value)) for key, value in entry.items())
    return "; ".join(f"{key}: {text}" for key, text in said if text) or name


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False)


def _inner(section: object, name: str) -> object:
    return _mapping(section).get(name)


def _mapping(section: object) -> Mapping[str, Any]:
    return section if isinstance(section, dict) else {}
