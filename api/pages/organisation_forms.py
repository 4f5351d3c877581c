"""Quick changes of the organisation: what a short form means in its document.

Each gives a way from one organisation to the next, judged by the rules of the whole file; what is
wrong is named by the fields of the form.
"""

from collections.abc import Callable, Mapping
from typing import Any

from api.intake.errors import FieldError, InvalidDocument
from api.intake.organisation import read_organisation
from api.intake.organisation_dump import organisation_document
from api.pages.forms import Form, lines_of
from api.problems import missing
from domain.organisation import Organisation

Make = Callable[[Organisation], Organisation]


def with_person(form: Form, editing: str) -> Make:
    """Somebody new, or somebody known as the form has them."""
    person = _person(form, editing)

    def make(before: Organisation) -> Organisation:
        document = organisation_document(before)
        people: list[dict[str, Any]] = document["people"]
        if not editing:
            people.append(person)
            return _judged(document, f"people[{len(people) - 1}]", "person")
        at = next((i for i, known in enumerate(people) if known["id"] == editing), None)
        if at is None:
            raise missing("person", editing)
        people[at] = person
        return _judged(document, f"people[{at}]", "person")

    return make


def without_person(person: str) -> Make:
    """Somebody leaves; who is gone already stays gone."""

    def make(before: Organisation) -> Organisation:
        document = organisation_document(before)
        document["people"] = [known for known in document["people"] if known["id"] != person]
        return read_organisation(document)

    return make


def with_blackout(form: Form) -> Make:
    entry = {
        "from": _text(form, "blackout.from"),
        "to": _text(form, "blackout.to"),
        "channels": lines_of(form.get("blackout.channels[]")),
        "reason": _text(form, "blackout.reason"),
    }

    def make(before: Organisation) -> Organisation:
        document = organisation_document(before)
        document["blackouts"] = [*document["blackouts"], entry]
        return _judged(document, f"blackouts[{len(document['blackouts']) - 1}]", "blackout")

    return make


def without_blackout(form: Form) -> Make:
    """The one with these days, this reason and these channels; of two that are the same one."""
    wanted = {name: form.get(f"blackout.{name}") for name in ("from", "to", "reason")}
    channels = lines_of(form.get("blackout.channels[]"))

    def make(before: Organisation) -> Organisation:
        document = organisation_document(before)
        blackouts: list[dict[str, Any]] = document["blackouts"]
        for at, one in enumerate(blackouts):
            if one.items() >= wanted.items() and lines_of("\n".join(one["channels"])) == channels:
                document["blackouts"] = [*blackouts[:at], *blackouts[at + 1 :]]
                break
        return read_organisation(document)

    return make


def with_override(form: Form) -> Make:
    entry = {
        "date": _text(form, "override.date"),
        "working": form.get("override.working") == "true",
    }

    def make(before: Organisation) -> Organisation:
        document = organisation_document(before)
        overrides: list[dict[str, Any]] = document["organisation"]["overrides"]
        overrides.append(entry)
        return _judged(document, f"organisation.overrides[{len(overrides) - 1}]", "override")

    return make


def without_override(form: Form) -> Make:
    day = form.get("override.date")

    def make(before: Organisation) -> Organisation:
        document = organisation_document(before)
        identity = document["organisation"]
        identity["overrides"] = [one for one in identity["overrides"] if one["date"] != day]
        return read_organisation(document)

    return make


def _person(form: Form, editing: str) -> dict[str, Any]:
    held = [text for name, text in form.said.items() if name.startswith("person.roles[")]
    regions = lines_of(form.get("person.regions[]"))
    return {
        "id": editing or _text(form, "person.id"),
        "name": {lang: _text(form, f"person.name.{lang}") for lang in ("en", "zh")},
        "email": _text(form, "person.email") or None,
        "department": _text(form, "person.department") or None,
        "roles": [*held, *(f"frontline:{region}" for region in regions)],
    }


def _text(form: Form, name: str) -> str:
    return form.get(name).strip()


def _judged(document: Mapping[str, Any], place: str, group: str) -> Organisation:
    """The organisation; what is wrong in the entry at `place` is named by fields of `group`."""
    try:
        return read_organisation(document)
    except InvalidDocument as wrong:
        raise InvalidDocument(
            FieldError(_renamed(one.path, place, group), one.code, one.message)
            for one in wrong.errors
        ) from wrong


def _renamed(path: str, place: str, group: str) -> str:
    if not path.startswith(place):
        return path
    inner = path.removeprefix(place).partition("[")[0]
    return f"{group}{inner}"
