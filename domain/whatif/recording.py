"""A run taken apart into what people did and when, so that it can be played again differently.

What somebody did is kept with what they had been waiting for it with: so long after being asked a
module signed, so long after a report it was judged. That length is what stays when the rest moves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Final

from domain import acts, events
from domain.clocks import Deadline
from domain.deadlines import deadlines
from domain.decide import decide
from domain.errors import CountersignError
from domain.events import Entry
from domain.evolve import evolve
from domain.launch import Launch
from domain.recall import Envelope, recall
from domain.whatif.occasions import Occasion, Occasions

JUST_AFTER: Final = 0.5


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """When something was decided. `at` never runs backwards; `behind` is how far the clock of that
    decision was behind it. `place` orders what happened at one instant.
    """

    at: datetime
    place: float
    behind: timedelta = timedelta()

    @property
    def is_late(self) -> bool:
        """It lies between two decisions: no earlier than after the first."""
        return self.place % 1 == JUST_AFTER

    @property
    def now(self) -> datetime:
        """The instant as it was decided with."""
        return self.at - self.behind


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did, `after` so long upon an occasion; upon none, and where it `is_fixed`, at
    that moment.

    The system's deeds are the outcomes of what it undoes.
    """

    command: acts.Command
    moment: Moment
    occasion: Occasion | None
    after: timedelta
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class Recording:
    """A run: its start, what was done, and when each deadline was noticed: one may come back.

    `silent` are the occasions whose due somebody let pass.
    """

    start: acts.Command
    started: Moment
    deeds: tuple[Deed, ...]
    noticed: Mapping[Deadline, Sequence[Moment]]
    silent: frozenset[Occasion]


def recorded(entries: Sequence[Entry], envelopes: Mapping[str, Envelope]) -> Recording:
    """The recording of a run from its LaunchStarted on; `envelopes` are those of its commands.

    KeyError for a command without an envelope, Untold for events that tell of no act.
    """
    first = entries[0]
    reader = _Reader(envelopes)
    rest = list(entries)
    while rest:
        del rest[: reader.read(rest)]
    return Recording(
        start=recall(None, [first.event], envelopes[first.command or ""]),
        started=Moment(first.at, first.seq),
        deeds=tuple(reader.deeds),
        noticed=reader.noticed,
        silent=frozenset(reader.silent),
    )


class _Reader:
    """Goes through a ledger, decision by decision."""

    def __init__(self, envelopes: Mapping[str, Envelope]) -> None:
        self.deeds: list[Deed] = []
        self.noticed: dict[Deadline, list[Moment]] = {}
        self.silent: set[Occasion] = set()
        self._envelopes = envelopes
        self._launch: Launch | None = None
        self._occasions = Occasions()
        self._latest = datetime.min.replace(tzinfo=UTC)

    def read(self, rest: Sequence[Entry]) -> int:
        """How many entries the decision has that these begin with."""
        first, launch = rest[0], self._launch
        self._latest = max(self._latest, first.at)
        moment = Moment(self._latest, first.seq, self._latest - first.at)
        told = list(takewhile(lambda e: (e.command, e.at) == (first.command, first.at), rest))
        is_elapse = launch is not None and first.command is None and not _is_undoing(first.event)
        if launch is not None and first.command is not None:
            events_told = [entry.event for entry in told]
            command = recall(launch, events_told, self._envelopes[first.command])
            self._do(launch, command, moment)
        elif launch is not None:
            told = self._by_system(launch, told, moment)
        for entry in told:
            if is_elapse and self._launch is not None:
                self._notice(self._launch, moment)
            self._launch = evolve(self._launch, entry)
            self._occasions.see(self._launch, self._latest)
        return len(told)

    def _by_system(self, launch: Launch, told: list[Entry], moment: Moment) -> list[Entry]:
        """The system's decisions of one instant stand side by side; where the first of them ends is
        found by deciding it again.
        """
        command = _command_of(told[0].event)
        if isinstance(command.act, acts.ReportCompensation):
            self._do(launch, command, moment)
        try:
            again = decide(launch, command, moment.now)
        except CountersignError:
            again = ()  # Today's rules tell this otherwise, which `faithful` says.
        return told[: len(again) or len(told)]

    def _do(self, launch: Launch, command: acts.Command, moment: Moment) -> None:
        self._overlook(_due(launch, moment), launch, moment)
        occasion = self._occasions.of_act(launch, command.act)
        after = timedelta() if occasion is None else self._occasions.age(occasion, moment.at)
        is_resumed = isinstance(command.act, acts.ResumeLaunch)
        is_fixed = occasion is None or (launch.is_stopped and not is_resumed)
        self.deeds.append(Deed(command, moment, occasion, after, is_fixed))

    def _overlook(self, due: Sequence[Deadline], launch: Launch, moment: Moment) -> None:
        """What is due, or was before the clock was set back, was not noticed before this."""
        later = Moment(moment.at, moment.place + JUST_AFTER, moment.behind)
        for deadline in deadlines(launch):
            known = self.noticed.get(deadline)
            if deadline in due or (known and known[-1].is_late):
                self._note(deadline, later)

    def _notice(self, launch: Launch, moment: Moment) -> None:
        due = _due(launch, moment)
        self._overlook((), launch, moment)
        for deadline in due:
            self._note(deadline, moment)
            silent = self._occasions.of_clock(deadline)
            if silent is not None:
                self.silent.add(silent)

    def _note(self, deadline: Deadline, moment: Moment) -> None:
        """What was overlooked till then takes the place of having been overlooked before."""
        known = self.noticed.setdefault(deadline, [])
        if known and known[-1].is_late:
            known.pop()
        if moment not in known:
            known.append(moment)


def _command_of(event: events.Event) -> acts.Command:
    match event:
        case events.StepCompensated():
            return acts.Command(acts.ReportCompensation(event.step))
        case events.CompensationFailed():
            return acts.Command(acts.ReportCompensation(event.step, event.error))
        case _:
            return acts.Command(acts.Elapse())


def _is_undoing(event: events.Event) -> bool:
    return isinstance(event, events.StepCompensated | events.CompensationFailed)


def _due(launch: Launch, moment: Moment) -> list[Deadline]:
    return [deadline for deadline in deadlines(launch) if deadline.at <= moment.now]
