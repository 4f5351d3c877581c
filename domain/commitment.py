"""The commitment: what a module owes in one step, with its terms, signatures and state.

A commitment is a value; `evolve` makes the next one. Nothing here decides who may act or when.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from domain.canonical import digest
from domain.clocks import Clock, StepClockKind
from domain.plan import StepPlan

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

DELIVERED: frozenset[CommitmentState] = frozenset({"accepted", "waived"})
"""Nothing is owed any more."""

UNHAPPY: frozenset[CommitmentState] = frozenset(
    {"declined", "withdrawn", "released", "revoked", "lapsed"}
)
"""Ended without the promise; the planner repairs with a new attempt, or the launch fails."""

WAIVABLE: frozenset[CommitmentState] = UNHAPPY | {"requested", "countered", "signed", "reported"}
"""Something is owed, or was, that two people may excuse."""

OPEN: frozenset[CommitmentState] = frozenset(
    {"pending", "requested", "countered", "signed", "reported"}
)
"""Still on its way; cancelled when the launch is."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """Units of a pool a step needs, and from when."""

    pool: str
    quantity: int
    needed_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What is promised. `deliver_by` is a term; answer-by is a clock and stands elsewhere."""

    deliverable: str
    conditions: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    deliver_by: datetime


@dataclass(frozen=True, slots=True)
class TermsChange:
    """Changed fields of terms; None leaves a field as it is."""

    deliverable: str | None = None
    conditions: tuple[str, ...] | None = None
    quantities: tuple[Quantity, ...] | None = None
    deliver_by: datetime | None = None

    def applied_to(self, terms: Terms) -> Terms:
        """The terms with the change made."""
        return Terms(
            deliverable=terms.deliverable if self.deliverable is None else self.deliverable,
            conditions=terms.conditions if self.conditions is None else self.conditions,
            quantities=terms.quantities if self.quantities is None else self.quantities,
            deliver_by=terms.deliver_by if self.deliver_by is None else self.deliver_by,
        )


def terms_digest(launch: str, step: str, *, attempt: int, version: int, terms: Terms) -> str:
    """The digest a signature names: `sha256:` + SHA-256 of RFC 8785 JSON of these five."""
    return digest(
        {"launch": launch, "step": step, "attempt": attempt, "version": version, "terms": terms}
    )


@dataclass(frozen=True, slots=True)
class Signature:
    """One person's promise for the module. `jws` proves the act; `digest` names the terms."""

    person: str
    role: str
    on_behalf_of: str | None
    version: int
    digest: str
    at: datetime
    jws: str | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed delivery and what the customer said to it."""

    by: str
    at: datetime
    evidence: str
    link: str | None = None
    judged_by: str | None = None
    judged_at: datetime | None = None
    accepted: bool | None = None
    reason: str | None = None


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


@dataclass(frozen=True, slots=True)
class Commitment:
    """Where one step stands.

    `ran_seq` is the place in the ledger at which the step's own work after signature finished
    (None: not yet); compensation goes through these backwards. `shift` is what stops have added
    to the due. `answer`, `reply`, `delivery`, `acceptance` and `repair` are the clocks now running.
    `repair_left` is what is left of the repair time while a new attempt is open.
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
    answer: Clock | None = None
    reply: Clock | None = None
    delivery: Clock | None = None
    acceptance: Clock | None = None
    repair: Clock | None = None
    repair_left: timedelta | None = None

    @property
    def key(self) -> str:
        return self.plan.key

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
            self.answer if self.state in ("requested", "countered") else None,
            self.reply,
            self.delivery if self.state == "signed" else None,
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
