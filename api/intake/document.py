"""Reads a submitted tree into a model field by field, and says what is wrong in a planner's words.

Every field of a model is optional to pydantic and required only by `required`: what is wrong is
noted and taken out, and the rest stays readable for the rules that come after.
"""

from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Any, ClassVar, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from api.intake.errors import Faults, InvalidDocument, hint, join, shown
from api.intake.plain import cleaned


def _say_required(schema: dict[str, Any], model: type["Document"]) -> None:
    """Describe what is accepted: None in required fields and in lists only stands for an error."""
    if model.required:
        schema["required"] = list(model.required)
    for name, field in schema.get("properties", {}).items():
        for part in (field, *field.get("anyOf", ())):
            if "anyOf" in part.get("items", {}):
                part["items"] = _without_null(part["items"])
        if name in model.required:
            schema["properties"][name] = _without_null(field)


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    kept = [part for part in schema["anyOf"] if part != {"type": "null"}]
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    return rest | (kept[0] if len(kept) == 1 else {"anyOf": kept})


class Document(BaseModel):
    """A group of fields as submitted. None stands for what was not given or could not be read."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, json_schema_extra=_say_required
    )
    required: ClassVar[tuple[str, ...]] = ()


D = TypeVar("D", bound=Document)


def read(model: type[D], raw: object, faults: Faults) -> D:
    """The document as far as it can be read; everything else is in `faults`.

    Raises InvalidDocument only where nothing can be read: no group of fields, or far too large.
    """
    if not isinstance(raw, dict):
        faults.add("", "wrong_type", "must be a group of named fields")
        raise InvalidDocument(faults.found)
    document = _validated(model, cleaned(raw, faults), faults)
    for path, message in _missing(document, ""):
        if not faults.concerns(path):
            faults.add(path, "missing", message)
    return document


def _validated(model: type[D], tree: dict[str, Any], faults: Faults) -> D:
    """Each round takes out at least one wrong value, so that the last one succeeds."""
    while True:
        try:
            return model.model_validate(tree)
        except ValidationError as refused:
            for error in refused.errors(include_url=False):
                faults.add(_path(error["loc"]), *_reworded(error, model))
                _take_out(tree, error["loc"])


def _path(loc: tuple[int | str, ...]) -> str:
    path = ""
    for key in loc:
        path = join(path, key)
    return path


def _take_out(tree: dict[str, Any], loc: tuple[int | str, ...]) -> None:
    holder: Any = tree
    for key in loc[:-1]:
        holder = holder[key]
        if holder is None:
            return
    if isinstance(holder, list):
        holder[int(loc[-1])] = None
    else:
        holder.pop(loc[-1], None)


def _missing(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            if item is None:
                yield join(path, index), "is empty"
            yield from _missing(item, join(path, index))
    if isinstance(value, Document):
        for name, info in type(value).model_fields.items():
            field = join(path, info.alias or name)
            item = getattr(value, name)
            if item is None and (info.alias or name) in value.required:
                yield field, "is missing"
            yield from _missing(item, field)


_PLAIN_WORDS: Mapping[str, tuple[str, str]] = {
    "string_type": ("wrong_type", "must be text"),
    "int_type": ("wrong_type", "must be a whole number"),
    "int_from_float": ("wrong_type", "must be a whole number"),
    "float_type": ("wrong_type", "must be a number"),
    "bool_type": ("wrong_type", "must be true or false"),
    "list_type": ("wrong_type", "must be a list"),
    "dict_type": ("wrong_type", "must be a group of fields"),
    "model_type": ("wrong_type", "must be a group of fields"),
    "model_attributes_type": ("wrong_type", "must be a group of fields"),
    "greater_than_equal": ("out_of_range", "must be at least {ge}"),
    "less_than_equal": ("out_of_range", "must be at most {le}"),
    "literal_error": ("not_allowed", "must be one of {expected}"),
    "too_long": ("too_long", "has more than {max_length} entries"),
    "too_short": ("too_short", "needs at least {min_length} entries"),
}


def _reworded(error: ErrorDetails, model: type[Document]) -> tuple[str, str]:
    """Code and sentence of a pydantic error; our own rules bring theirs along."""
    kind = error["type"]
    if kind == "extra_forbidden":
        return "unknown_field", _unknown_field(error["loc"], model)
    if kind == "string_type" and isinstance(error["input"], int | float):
        return "wrong_type", "must be text; put it in quotes"
    code, words = _PLAIN_WORDS.get(kind, (kind, error["msg"]))
    context = {name: str(value).replace("'", "") for name, value in error.get("ctx", {}).items()}
    if "{" in words and not context:
        # A rule of ours under the name of one of pydantic's, such as a text that is too long.
        return code, error["msg"]
    return code, words.format(**context) if kind in _PLAIN_WORDS else words


def _unknown_field(loc: tuple[int | str, ...], model: type[Document]) -> str:
    name = str(loc[-1])
    holder = _model_at(model, loc[:-1])
    names = [info.alias or field for field, info in holder.model_fields.items()]
    return f"“{shown(name)}” is not a field here{hint(name, names)}"


def _model_at(model: type[Document], loc: tuple[int | str, ...]) -> type[Document]:
    for key in loc:
        fields = {info.alias or name: info for name, info in model.model_fields.items()}
        if key in fields:
            model = next(_documents_in(fields[str(key)].annotation), model)
    return model


def _documents_in(annotation: object) -> Iterator[type[Document]]:
    """The models named in an annotation such as `list[Offer | None] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, Document):
        yield annotation
    for part in get_args(annotation):
        if part is not NoneType:
            yield from _documents_in(part)
