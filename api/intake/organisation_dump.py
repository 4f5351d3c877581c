"""An organisation written as its file again, in the form in which it is read."""

from typing import Any

import yaml

from domain.organisation import Identity, Name, Organisation


def organisation_document(organisation: Organisation) -> dict[str, Any]:
    """The organisation as JSON; read again, it is the same organisation."""
    return {
        "organisation": _identity(organisation.identity),
        "modules": [{"key": m.key, "name": _name(m.name)} for m in organisation.modules],
        "people": [
            {
                "id": person.id,
                "name": _name(person.name),
                "email": person.email,
                "department": person.department,
                "roles": list(person.roles),
            }
            for person in organisation.people
        ],
        **organisation.rules,
    }


def organisation_text(organisation: Organisation) -> str:
    """The organisation as YAML, one entry a line where it fits."""
    document = organisation_document(organisation)
    return yaml.safe_dump(
        document, allow_unicode=True, sort_keys=False, default_flow_style=None, width=120
    )


def _identity(identity: Identity) -> dict[str, Any]:
    return {
        "name": identity.name,
        "zone": identity.zone,
        "country": identity.country,
        "cutoff": identity.cutoff,
        "overrides": [
            {"date": override.date.isoformat(), "working": override.working}
            for override in identity.overrides
        ],
    }


def _name(name: Name) -> dict[str, str]:
    return {"en": name.en, "zh": name.zh}
