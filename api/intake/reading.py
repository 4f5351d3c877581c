"""What the rules of a plan look things up in, and the readings several of them share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from api.intake.errors import Faults
from api.intake.instants import InstantError
from domain.calendar import Calendar, Duration
from domain.organisation import Organisation
from domain.plan import Template
from domain.template import BUILT_IN

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """One plan being read: for whom, against which organisation, at what time."""

    organisation: Organisation
    calendar: Calendar
    planner: str
    now: datetime
    faults: Faults = field(default_factory=Faults)
    templates: tuple[Template, ...] = BUILT_IN

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


def duration(text: str | None) -> Duration | None:
    """The duration of a text whose form was checked before."""
    return None if text is None else Duration.parse(text)


def present(value: T | None) -> T:
    """A value that a document without faults always has."""
    if value is None:
        raise AssertionError("a rule lost a value without noting a fault")
    return value
