"""Which template a document starts from."""

from typing import Final

from api.intake.errors import shown
from api.intake.reading import Reading
from domain.plan import Template
from domain.template import STANDARD_LAUNCH, find_template

DEFAULT: Final = STANDARD_LAUNCH.key


def read_template(name: str | None, reading: Reading) -> Template:
    """The template named, its latest version or `@N`; the standard one where none is."""
    found = find_template(name or DEFAULT, reading.templates)
    if found is not None:
        return found
    key = (name or "").partition("@")[0]
    versions = tuple(str(t.version) for t in reading.templates if t.key == key)
    if versions:
        message = f"there is no such version of {key}; known: {', '.join(versions)}"
        reading.faults.add("template", "unknown", message)
    else:
        known = tuple(dict.fromkeys(template.key for template in reading.templates))
        reading.faults.unknown("template", "template", shown(name or ""), known)
    return STANDARD_LAUNCH
