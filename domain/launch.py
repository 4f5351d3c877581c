"""The launch: one campaign on its way to customers, as a value.

A launch is exactly the fold of its ledger; `evolve` is the only function that makes one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Literal

from domain.calendar import Calendar
from domain.changing import replace
from domain.clocks import Clock
from domain.commitment import Commitment, Delegate
from domain.errors import NoSuchEscalation, NoSuchFinding, NoSuchStep
from domain.escalation import Addressee, Escalation
from domain.finding import Finding
from domain.plan import Plan
from domain.plan_change import PlanChange
from domain.shared import Shared

Phase = Literal["committing", "preparing", "live", "closing", "closed"]
Outcome = Literal["completed", "cancelled", "failed"]


@dataclass(frozen=True, slots=True)
class Post:
    """Who held a post (`head:product`, `executive`) when the launch started."""

    key: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """The launch stands still. `clock` is the stop's own ladder, which does not."""

    by: str
    reason: str
    at: datetime
    clock: Clock


@dataclass(frozen=True, slots=True)
class Gate:
    """The check before the launch goes live.

    `opens_at` is when it is first tried, None where nothing ever goes live; from then on, while
    held, `fails_at` is when the launch fails and `clock` climbs to the executive. `passed_at` is
    set once.
    """

    opens_at: datetime | None
    held_since: datetime | None = None
    fails_at: datetime | None = None
    clock: Clock | None = None
    passed_at: datetime | None = None

    def moved(self, by: timedelta, now: datetime) -> "Gate":
        """The same gate where the window starts later or earlier by that: it is closed again where
        it was held and has time now. A passed gate stays.
        """
        if self.opens_at is None or self.passed_at is not None or not by:
            return self
        opens_at = self.opens_at + by
        return Gate(opens_at) if opens_at > now else replace(self, opens_at=opens_at)

    def shifted(self, by: timedelta) -> "Gate":
        """The same gate after the launch stood still for `by`; a passed gate stays."""
        if self.opens_at is None or self.passed_at is not None:
            return self
        return Gate(
            opens_at=self.opens_at + by,
            held_since=self.held_since,
            fails_at=None if self.fails_at is None else self.fails_at + by,
            clock=None if self.clock is None else self.clock.shifted(by),
        )


@dataclass(frozen=True, slots=True)
class Amendment:
    """The plan as changed once it was started: whose decision, and the fields before and after."""

    by: str
    role: str
    reason: str
    at: datetime
    before: PlanChange
    after: PlanChange


@dataclass(frozen=True, slots=True)
class Compensation:
    """A step whose promise is being undone; `error` is set while that is an open incident."""

    step: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Launch:
    """Where a launch stands after `seq` events.

    `commands` maps each command that took effect to the seq of its last event, in order.
    `ending` is the outcome already certain while the launch is closing. `compensations` are still
    to be done, first one first. `breach_at` is when late deliveries stop being waited for.
    `delegate` stands in for the planner.
    """

    id: str
    seq: int
    plan: Plan
    calendar: Annotated[Calendar, Shared()]
    staff: Annotated[tuple[Post, ...], Shared()]
    started_at: datetime
    steps: tuple[Commitment, ...]
    gate: Gate
    phase: Phase = "committing"
    ending: Outcome | None = None
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    stop: Stop | None = None
    findings: tuple[Finding, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    compensations: tuple[Compensation, ...] = ()
    breach_at: datetime | None = None
    amendments: tuple[Amendment, ...] = ()
    delegate: Delegate | None = None
    commands: Mapping[str, int] = field(default_factory=dict)

    def step(self, key: str) -> Commitment:
        """The commitment of that step, or NoSuchStep."""
        for commitment in self.steps:
            if commitment.key == key:
                return commitment
        raise NoSuchStep(key)

    def escalation(self, escalation_id: str) -> Escalation:
        """The escalation of that id, or NoSuchEscalation."""
        for escalation in self.escalations:
            if escalation.id == escalation_id:
                return escalation
        raise NoSuchEscalation(escalation_id)

    def finding(self, finding_id: str) -> Finding:
        """The finding of that id, or NoSuchFinding."""
        for finding in self.findings:
            if finding.id == finding_id:
                return finding
        raise NoSuchFinding(finding_id)

    def holders(self, post: str) -> tuple[str, ...]:
        """The people who held that post at the start."""
        return next((entry.people for entry in self.staff if entry.key == post), ())

    def named(self, to: Addressee) -> str | None:
        """The one person an addressee means: by name, or as this launch's planner or sponsor."""
        people = {"planner": self.plan.planner, "sponsor": self.plan.sponsor}
        return to.person or people.get(to.role or "")

    @property
    def planners(self) -> tuple[str, ...]:
        """The planner, and who stands in for the planner."""
        given = () if self.delegate is None else (self.delegate.to,)
        return (self.plan.planner, *given)

    def upstream(self, commitment: Commitment) -> tuple[Commitment, ...]:
        """The commitments this one waits for."""
        return tuple(self.step(key) for key in commitment.plan.after)

    @property
    def is_stopped(self) -> bool:
        return self.stop is not None

    @property
    def is_open(self) -> bool:
        """Decisions are still possible: neither ending nor ended."""
        return self.phase in ("committing", "preparing", "live")
