"""From an organisation file to an Organisation, or to all its errors at once.

What later checks read (pools, limits, themes, rules) is judged here and kept as written; nothing is
stored, and importing the same file again reads the same organisation.
"""

import re

from api.calendars import known_countries, known_zones
from api.intake.document import read
from api.intake.errors import Faults
from api.intake.instants import read_date
from api.intake.organisation_document import (
    IdentityDocument,
    ModuleDocument,
    NameDocument,
    OrganisationDocument,
    PersonDocument,
)
from api.intake.organisation_rules import read_rules
from domain.organisation import (
    MODULE_POSTS,
    CalendarOverride,
    Identity,
    Module,
    Name,
    Organisation,
    Person,
)
from domain.template import PLANNER

_CUTOFF = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_PLAIN_POSTS = ("planner", "sponsor", "executive", "facilitator", "admin")


def read_organisation(raw: object) -> Organisation:
    """The organisation of a decoded file; InvalidDocument carries every error of it."""
    faults = Faults()
    document = read(OrganisationDocument, raw, faults)
    identity = _identity(document.organisation or IdentityDocument(), faults)
    modules = _modules(document.modules or [], faults)
    # Where a module lost its key, an unknown name may be that module.
    is_known = document.modules is not None and all(m and m.key for m in document.modules)
    known = tuple(module.key for module in modules) if is_known else None
    people = _people(document.people or [], known, faults)
    rules = read_rules(document, known, faults)
    faults.raise_if_any()
    return Organisation(identity=identity, modules=modules, people=people, rules=rules)


def _identity(document: IdentityDocument, faults: Faults) -> Identity:
    zone, country, cutoff = document.zone, document.country, document.cutoff
    if zone is not None and zone not in known_zones():
        faults.unknown("organisation.zone", "zone", zone, ("Asia/Shanghai", *sorted(known_zones())))
    if country is not None and country not in known_countries():
        message = "no public holidays are known for it; use a code such as CN or DE-BY"
        faults.add("organisation.country", "unknown", message)
    if cutoff is not None and not _CUTOFF.fullmatch(cutoff):
        faults.add("organisation.cutoff", "bad_format", "must be a time of day such as “18:00”")
    return Identity(
        name=document.name or "",
        zone=zone or "",
        country=country or "",
        cutoff=cutoff or "",
        overrides=_overrides(document, faults),
    )


def _overrides(document: IdentityDocument, faults: Faults) -> tuple[CalendarOverride, ...]:
    entries = document.overrides or []
    faults.once(
        [entry.date if entry else None for entry in entries], "organisation.overrides", "date"
    )
    found: list[CalendarOverride] = []
    for index, entry in enumerate(entries):
        if entry is None:
            continue
        day = read_date(entry.date, f"organisation.overrides[{index}].date", faults)
        if day is not None:
            found.append(CalendarOverride(date=day, working=bool(entry.working)))
    return tuple(found)


def _modules(entries: list[ModuleDocument | None], faults: Faults) -> tuple[Module, ...]:
    faults.once([entry.key if entry else None for entry in entries], "modules", "key")
    for index, entry in enumerate(entries):
        if entry is not None and entry.key == PLANNER:
            message = "stands for the person who plans a launch; choose another key"
            faults.add(f"modules[{index}].key", "reserved", message)
    return tuple(Module(key=e.key or "", name=_name(e.name)) for e in entries if e is not None)


def _people(
    entries: list[PersonDocument | None], modules: tuple[str, ...] | None, faults: Faults
) -> tuple[Person, ...]:
    faults.once([entry.id if entry else None for entry in entries], "people", "id")
    return tuple(
        _person(entry, f"people[{index}]", modules, faults)
        for index, entry in enumerate(entries)
        if entry is not None
    )


def _person(
    entry: PersonDocument, path: str, modules: tuple[str, ...] | None, faults: Faults
) -> Person:
    if entry.email is not None and not _EMAIL.fullmatch(entry.email):
        faults.add(f"{path}.email", "bad_format", "must be a mail address such as ana@example.org")
    for index, role in enumerate(entry.roles or ()):
        if role is not None:
            _judge_role(role, f"{path}.roles[{index}]", modules, faults)
    return Person(
        id=entry.id or "",
        name=_name(entry.name),
        email=entry.email,
        department=entry.department,
        roles=faults.distinct(entry.roles, f"{path}.roles"),
    )


def _judge_role(role: str, path: str, modules: tuple[str, ...] | None, faults: Faults) -> None:
    post, colon, place = role.partition(":")
    if post in MODULE_POSTS:
        if not place:
            faults.add(path, "bad_format", f"must name its module, as in {post}:product")
        elif modules is not None and place not in modules:
            faults.unknown(path, "module", place, modules)
    elif post == "frontline":
        if not place.strip():
            faults.add(path, "bad_format", "must name its region, as in frontline:city-a")
    elif post not in _PLAIN_POSTS:
        known = (*(f"{post}:…" for post in MODULE_POSTS), "frontline:…", *_PLAIN_POSTS)
        faults.unknown(path, "role", role, known)
    elif colon:
        faults.add(path, "bad_format", f"must be just “{post}”; it belongs to no module")


def _name(document: NameDocument | None) -> Name:
    given = document or NameDocument()
    return Name(en=given.en or "", zh=given.zh or "")
