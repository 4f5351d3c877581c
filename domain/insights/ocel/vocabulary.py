"""What an event log is made of: types of objects and events with their attributes, and in what part
an object belongs to an event or to another object.

Which attributes of an event go out is read from the types of its fields: whole numbers, instants
and words of closed lists. A field that holds a text, a person or anything made of them never does,
whatever it will be called.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

from domain.events import Event

AttributeType = Literal["string", "time", "integer", "boolean"]
Attributes = Mapping[str, AttributeType]
ObjectType = Literal["launch", "commitment", "module", "escalation", "finding"]
Qualifier = Literal[
    "part of", "about", "performer", "customer", "opens", "involves", "after", "renews"
]

OBJECT_TYPES: Final[Mapping[ObjectType, Attributes]] = {
    "launch": {
        "department": "string",
        "template": "string",
        "steps": "integer",
        "phase": "string",
        "stopped": "boolean",
        "held": "boolean",
        "outcome": "string",
    },
    "commitment": {
        "step": "string",
        "module": "string",
        "attempt": "integer",
        "signers": "integer",
        "silence": "string",
        "state": "string",
        "version": "integer",
        "answer_by": "time",
        "deliver_by": "time",
        "overdue": "boolean",
        "upstream_open": "boolean",
        "deemed": "boolean",
        "breached": "boolean",
    },
    "module": {"module": "string"},
    "escalation": {
        "cause": "string",
        "clock": "string",
        "level": "integer",
        "state": "string",
        "resolution": "string",
    },
    "finding": {"check": "string", "severity": "string", "state": "string"},
}
OF_EVERY_EVENT: Final[Attributes] = {"seq": "integer", "automatic": "boolean"}
"""Its place in the launch, and whether a clock or the chain brought it about, nobody's act."""
OF_A_STEP: Final[Attributes] = {"attempt": "integer", "version": "integer"}
"""The attempt and version that stand after the event, where the event itself names none."""

_NOT_SHOWN: Final = frozenset({"kind", "rung", "next_at"})
"""The type itself, and what only clocks need."""


def object_types() -> list[dict[str, Any]]:
    """`objectTypes` of the document."""
    return [_declared(name, attributes) for name, attributes in OBJECT_TYPES.items()]


def event_types() -> list[dict[str, Any]]:
    """`eventTypes` of the document: every event there is, by its own name."""
    return [_declared(kind, {**OF_EVERY_EVENT, **own}) for kind, own in OWN_ATTRIBUTES.items()]


def _declared(name: str, attributes: Attributes) -> dict[str, Any]:
    shown = [{"name": known, "type": of} for known, of in attributes.items()]
    return {"name": name, "attributes": shown}


def _own(kind: type[Any]) -> Iterator[tuple[str, AttributeType]]:
    """The fields of an event that may be shown; with one about a step, which attempt and version
    stand after it.
    """
    if any(field.name == "step" for field in fields(kind)):
        yield from OF_A_STEP.items()
    for field in fields(kind):
        found = _type_of(field.type)
        if found is not None and field.name not in _NOT_SHOWN:
            yield field.name, found


def _type_of(hint: Any) -> AttributeType | None:  # noqa: ANN401 - an annotation
    """How a field is shown; None: it is not."""
    if get_origin(hint) not in (Union, UnionType):
        return _type_of_one(hint)
    parts = {_type_of_one(part) for part in get_args(hint) if part is not NoneType}
    return parts.pop() if len(parts) == 1 else None


def _type_of_one(hint: Any) -> AttributeType | None:  # noqa: ANN401 - an annotation
    """Several words of one list are one text."""
    if get_origin(hint) is tuple:
        parts = [part for part in get_args(hint) if part is not ...]
        return "string" if all(get_origin(part) is Literal for part in parts) else None
    return "string" if get_origin(hint) is Literal else _PLAIN.get(hint)


_PLAIN: Final[Mapping[Any, AttributeType]] = {datetime: "time", int: "integer", bool: "boolean"}
OWN_ATTRIBUTES: Final[Mapping[str, Attributes]] = {
    kind.__name__: dict(_own(kind)) for kind in get_args(Event)
}
"""By the name of an event, what only some events have."""
