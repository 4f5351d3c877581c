"""The commitment: what a module owes in one step, and where that stands.

A commitment is a value; `evolve` makes the next one. Nothing here decides who may act or when.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from domain.clocks import Clock, StepClockKind
from domain.plan import StepPlan
from domain.terms import Conditional, Proposal, Signature, Terms, Version

CommitmentState = Literal[
    "pending",
    "requested",
    "countered",
    "signed",
    "reported",
    "accepted",
    "declined",
    "withdrawn",
    "released",
    "revoked",
    "cancelled",
    "lapsed",
    "waived",
]

SATISFIED: frozenset[CommitmentState] = frozenset({"signed", "reported", "accepted", "waived"})
"""The step before is promised (or excused): the next one may be requested."""

PROMISED: frozenset[CommitmentState] = SATISFIED - {"waived"}
"""By the performer, whatever becomes of the steps before."""

DELIVERED: frozenset[CommitmentState] = frozenset({"accepted", "waived"})
"""Nothing is owed any more."""

UNHAPPY: frozenset[CommitmentState] = frozenset(
    {"declined", "withdrawn", "released", "revoked", "cancelled", "lapsed"}
)
"""Ended without the promise; the planner repairs with a new attempt, or the launch fails."""

WAIVABLE: frozenset[CommitmentState] = UNHAPPY | {"requested", "countered", "signed", "reported"}
"""Something is owed, or was, that two people may excuse."""

OPEN: frozenset[CommitmentState] = frozenset(
    {"pending", "requested", "countered", "signed", "reported"}
)
"""Still on its way; cancelled when the launch is."""


@dataclass(frozen=True, slots=True)
class Delegate:
    """Who acts too until `until`, for `by`, who stays accountable: for the module that performs,
    or for the planner.
    """

    to: str
    until: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReleaseAsked:
    """The performer wants the promise back; the planner allows or refuses."""

    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed delivery and what the customer said to it, or that it was taken back."""

    by: str
    at: datetime
    evidence: str
    link: str | None = None
    judged_by: str | None = None
    judged_at: datetime | None = None
    accepted: bool | None = None
    reason: str | None = None
    retracted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """The first of the two people a waiver takes."""

    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Performer:
    """Who performs this attempt after a reassignment; with one signer instead of the module."""

    role: str | None
    person: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A finished attempt, kept as it ended."""

    attempt: int
    state: CommitmentState
    version: int
    digest: str
    terms: Terms
    signatures: tuple[Signature, ...]
    requested_at: datetime | None
    ended_at: datetime
    reason: str | None
    proposal: Proposal | None = None
    versions: tuple[Version, ...] = ()
    deemed: bool = False


@dataclass(frozen=True, slots=True)
class Commitment:
    """Where one step stands.

    `ran_seq` is the place in the ledger at which the step's own work after signature finished
    (None: not yet); compensation goes through these backwards. `shift` is what stops have added
    to the due. `versions` are the terms of this attempt beside the current ones, the last one being
    what a counter-offer was made to. `answer` to `repair` are the clocks now running. `answer_left`
    is what is left of the answer time while a counter-offer is open, `repair_left` of the repair
    time while a new attempt is.
    """

    plan: StepPlan
    terms: Terms
    digest: str
    state: CommitmentState = "pending"
    attempt: int = 1
    version: int = 1
    requested_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str | None = None
    signatures: tuple[Signature, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    ran_seq: int | None = None
    deemed: bool = False
    breached: bool = False
    acknowledged: bool = False
    performer: Performer | None = None
    waiver: Waiver | None = None
    attempts: tuple[Attempt, ...] = ()
    upstream_open: bool = False
    shift: timedelta = timedelta()
    proposal: Proposal | None = None
    versions: tuple[Version, ...] = ()
    conditional: Conditional | None = None
    release_asked: ReleaseAsked | None = None
    delegate: Delegate | None = None
    reminded_at: datetime | None = None
    answer: Clock | None = None
    condition: Clock | None = None
    counter: Clock | None = None
    reply: Clock | None = None
    delivery: Clock | None = None
    release: Clock | None = None
    acceptance: Clock | None = None
    repair: Clock | None = None
    answer_left: timedelta | None = None
    repair_left: timedelta | None = None

    @property
    def key(self) -> str:
        return self.plan.key

    @property
    def next_version(self) -> int:
        """The number of the next version of this attempt's terms; none is given twice."""
        return 1 + max(self.version, *(v.version for v in self.versions), 0)

    @property
    def asked_version(self) -> int:
        """The version that was asked for: a counter-offer is not until it is accepted."""
        return self.versions[-1].version if self.state == "countered" else self.version

    @property
    def is_satisfied(self) -> bool:
        """Promised or excused, in the current terms version."""
        return self.state in SATISFIED

    @property
    def is_unhappy(self) -> bool:
        return self.state in UNHAPPY

    @property
    def due(self) -> datetime:
        """The instant the deliverable is owed: the term plus granted shifts."""
        return self.terms.deliver_by + self.shift

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """The clocks somebody is waited on by in this state, in a fixed order.

        A delivery clock is kept, at rest, while a report waits for its judgement.
        """
        running = (
            self.answer if self.state == "requested" else None,
            self.condition,
            self.counter,
            self.reply,
            self.delivery if self.state == "signed" else None,
            self.release,
            self.acceptance if self.state == "reported" else None,
            self.repair if self.is_unhappy else None,
        )
        return tuple(clock for clock in running if clock is not None)

    def clock(self, kind: StepClockKind) -> Clock | None:
        """The running clock of that kind."""
        return next((clock for clock in self.clocks if clock.kind == kind), None)

    @property
    def is_overdue(self) -> bool:
        """Some party's overdue event of this version is unanswered."""
        return any(clock.overdue for clock in self.clocks)
