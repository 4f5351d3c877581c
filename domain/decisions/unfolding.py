"""A decision in the making: events so far, and the launch as it would be after them."""

from datetime import datetime

from domain.acts import Command
from domain.errors import CountersignError
from domain.events import SYSTEM, Entry, Event
from domain.evolve import evolve
from domain.launch import Launch

MOST_EVENTS = 2_000


class EndlessDecisionError(CountersignError):
    """One decision does not come to rest: a fault of the rules, never of the caller."""


class Unfolding:
    """Collects the events of one decision; `launch` always stands after the last of them."""

    def __init__(self, launch: Launch | None, command: Command, now: datetime) -> None:
        self._launch = launch
        self._command = command
        self.now = now
        self.entries: list[Entry] = []

    @property
    def has_begun(self) -> bool:
        return self._launch is not None

    @property
    def launch(self) -> Launch:
        """The launch after the events so far."""
        if self._launch is None:
            message = "the launch has not started"
            raise CountersignError(message)
        return self._launch

    def add(self, *events: Event, by_system: bool = False) -> None:
        """Let these happen, in order; `by_system` marks what merely follows from the act."""
        for event in events:
            entry = self._entry(event, by_system=by_system)
            self._launch = evolve(self._launch, entry)
            self.entries.append(entry)
        if len(self.entries) > MOST_EVENTS:
            message = f"no rest after {MOST_EVENTS} events"
            raise EndlessDecisionError(message)

    def _entry(self, event: Event, *, by_system: bool) -> Entry:
        actor = self._command.actor
        seq = (self._launch.seq if self._launch is not None else 0) + 1
        return Entry(
            seq=seq,
            at=self.now,
            actor=SYSTEM if actor is None or by_system else actor.person,
            command=self._command.id,
            jws=self._command.jws if not self.entries else None,
            event=event,
        )
