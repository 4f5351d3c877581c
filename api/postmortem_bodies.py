"""Request bodies about post-mortems, and the taxonomy and wording they are held against."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Final

import yaml
from pydantic import Field, StrictInt

from api.shapes import Name, Shape, Text
from domain.blameless.hints import Blaming
from domain.errors import Invalid
from domain.organisation import Name as Named
from domain.organisation import Organisation
from domain.postmortem.record import FACTORS, State

Texts = Annotated[tuple[Text, ...], Field(max_length=50)]
SIDES: Final = ("company", "customer", "partner", "employee")


class SidesBody(Shape):
    """Each side by itself; what is not given stays, null takes it back."""

    company: Text | None = None
    customer: Text | None = None
    partner: Text | None = None
    employee: Text | None = None


class PostMortemChange(Shape):
    """The fields that change, the state it goes to, and the `seq` that was read, if it matters."""

    state: State | None = None
    seq: StrictInt | None = None
    summary: Text | None = None
    surprises: Text | None = None
    factors: Annotated[tuple[Name, ...], Field(max_length=50)] | None = None
    factor_notes: Annotated[dict[Name, Text], Field(max_length=50)] | None = None
    went_well: Texts | None = None
    thanks: Texts | None = None
    sides: SidesBody | None = None

    def values(self, taxonomy: Mapping[str, object]) -> dict[str, Any]:
        """The content that changes, by the record's own names. Raises Invalid for factors that are
        not in the taxonomy, or named twice.
        """
        _check_factors(self.factors or (), taxonomy, "factors")
        _check_factors(tuple(self.factor_notes or ()), taxonomy, "factor_notes")
        empty: dict[str, Any] = {
            "factors": (),
            "factor_notes": {},
            "went_well": (),
            "thanks": (),
            "sides": {},
        }
        said = self.model_fields_set - {"state", "seq"}
        given = {name: getattr(self, name) for name in type(self).model_fields if name in said}
        given = {n: empty.get(n) if value is None else value for n, value in given.items()}
        if isinstance(sides := given.get("sides"), SidesBody):
            given["sides"] = {side: getattr(sides, side) for side in sides.model_fields_set}
        elif "sides" in given:
            given["sides"] = dict.fromkeys(SIDES)
        if "factor_notes" in given:
            given["notes"] = given.pop("factor_notes")
        return given


class CommentCreate(Shape):
    text: Text


class ActionCreate(Shape):
    """What is asked for, of which module, until when: a date of the organisation, or an instant."""

    module: Name
    deliverable: Text
    deliver_by: Name
    conditions: Annotated[tuple[Text, ...], Field(max_length=50)] = ()


class PostMortemReveal(Shape):
    reason: Text


class PostMortemOpen(Shape):
    """Nothing is to be said to open one."""


def taxonomy_of(organisation: Organisation) -> dict[str, Named]:
    """The factors of this organisation by key, those everybody has first."""
    own = organisation.rules.get("factors") or ()
    known = {key: Named(en, zh) for key, (en, zh) in FACTORS.items()}
    if isinstance(own, list | tuple):
        known |= {f["key"]: Named(f["name"]["en"], f["name"]["zh"]) for f in own}
    return known


@cache
def blaming() -> tuple[Blaming, ...]:
    """The wording that gets a hint."""
    text = files("api").joinpath("data/blaming.yaml").read_text(encoding="utf-8")
    listed = yaml.safe_load(text)
    return tuple(Blaming(tuple(one["words"]), Named(**one["say"])) for one in listed)


def _check_factors(keys: tuple[str, ...], taxonomy: Mapping[str, object], path: str) -> None:
    for place, key in enumerate(keys):
        where = f"{path}[{place}]" if path == "factors" else f"{path}.{key}"
        if key not in taxonomy:
            message = f"“{key}” is no known factor; the known ones are {', '.join(taxonomy)}."
            raise Invalid(where, message)
        if key in keys[:place]:
            raise Invalid(where, f"“{key}” is named already.")
