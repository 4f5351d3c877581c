"""An object of an event log, and what its attributes were when."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from domain.canonical import rfc3339
from domain.insights.ocel.vocabulary import OBJECT_TYPES, ObjectType, Qualifier

Value: TypeAlias = str | int | bool | datetime
Values: TypeAlias = Mapping[str, Value | None]

ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""When an attribute has the value it begins with, as the standard has it."""


class Course:
    """The course of one object. An attribute has one value at a time; None leaves it as it is,
    since the standard knows no value that ends.
    """

    def __init__(self, key: str, of: ObjectType) -> None:
        self.key = key
        self.relations: dict[tuple[str, Qualifier], None] = {}
        self._type = of
        self._values: dict[str, list[tuple[datetime, Value]]] = {}

    def note(self, at: datetime, values: Values) -> None:
        """What the attributes are from then on. Of several values at one instant the last stays."""
        for name, value in values.items():
            if value is not None:
                _note(self._values.setdefault(name, []), at, value)

    def relate(self, other: str, qualifier: Qualifier) -> None:
        """Once, however often it is said."""
        self.relations[other, qualifier] = None

    def document(self) -> dict[str, Any]:
        """The object as the standard writes it; attributes stand in the order of their type."""
        return {
            "id": self.key,
            "type": self._type,
            "attributes": [
                {"name": name, "time": rfc3339(at), "value": written(value)}
                for name in OBJECT_TYPES[self._type]
                for at, value in self._values.get(name, ())
            ],
            "relationships": [
                {"objectId": other, "qualifier": qualifier} for other, qualifier in self.relations
            ],
        }


def written(value: Value) -> str | int | bool:
    """An attribute's value as JSON."""
    return rfc3339(value) if isinstance(value, datetime) else value


def _note(course: list[tuple[datetime, Value]], at: datetime, value: Value) -> None:
    if course and course[-1][1] == value:
        return
    if course and course[-1][0] == at:
        course.pop()
    if not course or course[-1][1] != value:
        course.append((at, value))
