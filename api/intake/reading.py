"""What the rules of a plan look things up in, and the lookups several of them share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from api.intake.errors import Faults, hint, join, shown
from api.intake.instants import InstantError
from domain.calendar import Calendar, Duration
from domain.organisation import Organisation

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """One plan being read: for whom, against which organisation, at what time."""

    organisation: Organisation
    calendar: Calendar
    planner: str
    now: datetime
    faults: Faults = field(default_factory=Faults)

    def instant(
        self, text: str | None, path: str, read: Callable[[str, Calendar], datetime]
    ) -> datetime | None:
        """The instant of a text, None when there is none or when it cannot be read."""
        if text is None:
            return None
        try:
            return read(text, self.calendar)
        except InstantError as wrong:
            self.faults.add(path, "bad_date", str(wrong))
            return None

    def unknown(self, path: str, noun: str, name: str, known: Sequence[str]) -> None:
        """Note that a name is not among the known ones."""
        self.faults.add(path, "unknown", f"unknown {noun} “{shown(name)}”{hint(name, known)}")

    def names(self, items: Sequence[str | None] | None, path: str) -> tuple[str, ...]:
        """The entries that could be read; repeated ones are noted."""
        kept: dict[str, None] = {}
        for index, item in enumerate(items or ()):
            if item in kept:
                self.faults.add(join(path, index), "duplicate", f"repeats “{shown(item)}”")
            elif item is not None:
                kept[item] = None
        return tuple(kept)

    def once(self, keys: Sequence[str | None], path: str, name: str) -> None:
        """Note every key that an earlier entry of the list has already."""
        seen: dict[str, int] = {}
        for index, key in enumerate(keys):
            if key is None:
                continue
            if key in seen:
                message = f"“{shown(key)}” is already the {name} of {join(path, seen[key])}"
                self.faults.add(join(join(path, index), name), "duplicate", message)
            seen.setdefault(key, index)


def duration(text: str | None) -> Duration | None:
    """The duration of a text whose form was checked before."""
    return None if text is None else Duration.parse(text)


def present(value: T | None) -> T:
    """A value that a document without faults always has."""
    if value is None:
        raise AssertionError("a rule lost a value without noting a fault")
    return value
