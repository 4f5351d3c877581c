"""A launch played by hand: people act, time passes, and everything that happens is kept."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from domain import acts
from domain.clocks import StepClockKind
from domain.commitment import Commitment
from domain.deadlines import next_deadline
from domain.decide import decide
from domain.errors import Refusal
from domain.escalation import Escalation
from domain.events import Entry, Event
from domain.evolve import fold
from domain.inbox import inbox_items
from domain.launch import Launch
from domain.plan import Plan
from tests.plans import PEOPLE, START, Moment, at, start_of


class Play:
    """One launch from its start. `now` moves only when told to."""

    def __init__(
        self,
        planned: Plan,
        *,
        people: Mapping[str, Iterable[str]] = PEOPLE,
        now: Moment = START,
        launch: str = "L1",
    ) -> None:
        self.people = people
        self.now = at(now)
        self.launch: Launch | None = None
        self.entries: list[Entry] = []
        self.commands = 0
        self.effective: list[acts.Command] = []
        self.carry_out(start_of(planned, launch=launch, people=people))

    def standing(self) -> Launch:
        """The launch as it now stands."""
        assert self.launch is not None
        return self.launch

    def step(self, key: str = "product") -> Commitment:
        return self.standing().step(key)

    def open_escalations(self) -> tuple[Escalation, ...]:
        return tuple(e for e in self.standing().escalations if e.is_open)

    def due(self, kind: StepClockKind, step: str = "product") -> float | None:
        """When that clock of the step is due, in seconds from START; None where none runs."""
        clock = self.step(step).clock(kind)
        return None if clock is None else seconds(clock.due)

    def inbox(self, person: str) -> list[tuple[str, str | None]]:
        """What waits for that person: kind and step."""
        posts = {*self.people[person]}
        return [
            (item.kind, item.step)
            for item in inbox_items(self.standing())
            if person not in item.without and (person == item.person or posts & {*item.posts})
        ]

    def command(
        self, person: str, act: acts.PersonAct, *, roles: Iterable[str] = ()
    ) -> acts.Command:
        """That person's command, with a new id and the posts the person holds."""
        self.commands += 1
        posts = tuple(roles) or tuple(self.people.get(person, ()))
        actor = acts.Actor(person, "", posts)
        return acts.Command(act, f"c{self.commands}", actor, f"jws of c{self.commands}")

    def carry_out(self, command: acts.Command) -> tuple[Event, ...]:
        """Decide at this moment and keep what happened; a Refusal changes nothing."""
        entries = decide(self.launch, command, self.now)
        self.entries.extend(entries)
        if entries:
            self.launch = fold(self.entries)
            self.effective.append(command)
        return tuple(entry.event for entry in entries)

    def do(self, person: str, act: acts.PersonAct) -> tuple[Event, ...]:
        """The person acts; what happens is given back."""
        return self.carry_out(self.command(person, act))

    def refused(self, person: str, act: acts.PersonAct) -> str:
        """The code with which this act is refused; empty where it is not. Changes nothing."""
        try:
            decide(self.standing(), self.command(person, act), self.now)
        except Refusal as refusal:
            return refusal.code
        return ""

    def wait_until(self, moment: Moment) -> tuple[Event, ...]:
        """Time passes; every deadline on the way fires at its own instant."""
        happened: list[Event] = []
        while (deadline := next_deadline(self.standing())) and deadline.at <= at(moment):
            self.now = max(self.now, deadline.at)
            happened.extend(self.carry_out(acts.Command(acts.Elapse())))
        self.now = at(moment)
        return tuple(happened)

    def sleep_until(self, moment: Moment) -> tuple[Event, ...]:
        """Nobody looks at the clock before that moment: all deadlines until then fire late."""
        self.now = at(moment)
        return self.carry_out(acts.Command(acts.Elapse()))

    def wait(self, seconds: float) -> tuple[Event, ...]:
        return self.wait_until(self.now + timedelta(seconds=seconds))

    def sign(self, step: str = "product", person: str | None = None) -> tuple[Event, ...]:
        """Signed by the lead, or that person, on the terms as they stand."""
        act = acts.Sign(step, self.step(step).digest)
        return self.do(person or f"lead.{step}", act)

    def deliver(self, step: str = "product") -> tuple[Event, ...]:
        """The lead reports and the customer accepts."""
        customer = self.step(step).plan.customer
        judge = self.standing().plan.planner if customer == "planner" else f"lead.{customer}"
        reported = self.do(f"lead.{step}", acts.Report(step, "It is there."))
        return (*reported, *self.do(judge, acts.Accept(step)))

    def sign_all(self) -> None:
        """Every step is signed, in the order of the chain."""
        for commitment in self.standing().steps:
            self.sign(commitment.key)

    def happened(self, kind: type[Event]) -> list[Event]:
        """Every event of that class so far."""
        return [entry.event for entry in self.entries if isinstance(entry.event, kind)]

    def when(self, kind: type[Event]) -> list[float]:
        """When events of that class happened, in seconds from START."""
        found = (entry for entry in self.entries if isinstance(entry.event, kind))
        return [(entry.at - START).total_seconds() for entry in found]


def seconds(instant: datetime | None) -> float | None:
    """An instant in seconds from START."""
    return None if instant is None else (instant - START).total_seconds()


def kinds(happened: Iterable[Event]) -> list[str]:
    """The classes of events, by name."""
    return [event.kind for event in happened]
