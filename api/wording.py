"""What pydantic finds wrong, said in a planner's words: one FieldError per field, by its path."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from api.intake.errors import WHOLE_DOCUMENT, FieldError, hint, join, shown

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("missing", "is missing"),
    "string_type": ("wrong_type", "must be text"),
    "int_type": ("wrong_type", "must be a whole number"),
    "int_parsing": ("wrong_type", "must be a whole number"),
    "int_from_float": ("wrong_type", "must be a whole number"),
    "int_parsing_size": ("out_of_range", "is too large a number"),
    "bool_parsing": ("wrong_type", "must be true or false"),
    "list_type": ("wrong_type", "must be a list"),
    "tuple_type": ("wrong_type", "must be a list"),
    "model_type": ("wrong_type", "must be a group of fields"),
    "string_too_short": ("too_short", "must not be empty"),
    "string_too_long": ("too_long", "has more than {max_length} characters"),
    "too_long": ("too_long", "has more than {max_length} entries"),
    "too_short": ("too_short", "needs at least {min_length} entries"),
    "literal_error": ("not_allowed", "must be one of {expected}"),
    "enum": ("not_allowed", "must be one of {expected}"),
    "greater_than_equal": ("out_of_range", "must be at least {ge}"),
    "less_than_equal": ("out_of_range", "must be at most {le}"),
    "string_pattern_mismatch": ("bad_format", "does not have the expected form"),
}


def field_errors(
    found: Iterable[Mapping[str, Any]], *, known: Iterable[str] = (), skip: int = 0
) -> tuple[FieldError, ...]:
    """Pydantic's errors as ours, in order.

    `known` are the names an unknown field may have meant; `skip` drops leading places (`query`).
    """
    names = tuple(known)
    return tuple(_field_error(error, names, skip) for error in found)


def summary(errors: Sequence[FieldError]) -> str:
    """The sentence above a list of errors."""
    if len(errors) == 1:
        return f"{errors[0].path}: {errors[0].message.removesuffix('.')}."
    return f"{len(errors)} values cannot be used; each is named in `errors`."


def _field_error(error: Mapping[str, Any], known: tuple[str, ...], skip: int) -> FieldError:
    path = ""
    places = error["loc"][skip:]
    for place in places:
        path = join(path, place)
    kind = str(error["type"])
    if kind == "extra_forbidden":
        name = str(places[-1])
        guess = hint(name, known) if len(places) == 1 else ""
        return FieldError(path, "unknown_field", f"“{shown(name)}” is not a field here{guess}")
    code, words = _WORDS.get(kind, (kind, ""))
    context = {name: str(value).replace("'", "") for name, value in error.get("ctx", {}).items()}
    message = words.format(**context) if words else str(error["msg"])
    return FieldError(path or WHOLE_DOCUMENT, code, message)
