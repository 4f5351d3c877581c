"""Events as the ledger keeps them: type and step in columns of their own, the rest as JSON.

`data` is RFC 8785 JSON, so that the same event always is the same text and hashes the same.
"""

import json
from typing import Annotated, Any, Final

from pydantic import Field, TypeAdapter, ValidationError

from domain.canonical import canonical_text, plain
from domain.events import Event

_EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
_EMPTY: Final = "{}"


class EventUnknown(ValueError):
    """A row holds no event this build knows: another type, or fields that do not fit."""


def encode(event: Event) -> str:
    """The `data` of an event, as text."""
    return canonical_text(fields_of(event))


def fields_of(event: Event) -> dict[str, Any]:
    """The `data` of an event: its fields without kind and step."""
    fields: dict[str, Any] = plain(event)
    del fields["kind"]
    fields.pop("step", None)
    return fields


def decode(kind: str, step: str | None, data: str) -> Event:
    """The event of a row. Raises EventUnknown."""
    head = json.dumps({"kind": kind, "step": step})
    # Of a name that stands twice the last one counts: the columns win over the data.
    text = head if data == _EMPTY else f"{data[:-1]},{head[1:]}"
    try:
        return _EVENT.validate_json(text, strict=True)
    except ValidationError as error:
        raise EventUnknown(f"{kind}: {error.errors()[0]['msg']}") from error
