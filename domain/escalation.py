"""Escalations: open questions moved to somebody with more authority, and the ladders they climb."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.calendar import Duration
from domain.clocks import ClockKind
from domain.plan import Rung

SYSTEM = "system"
"""The actor of what clocks and the chain itself bring about."""

Cause = Literal[
    "overdue_answer",
    "overdue_delivery",
    "revoked",
    "declined",
    "gate",
    "finding",
    "stop",
    "complaint",
    "manual",
]
EscalationState = Literal["open", "acknowledged", "resolved"]
Resolution = Literal["answered", "extend", "reassign", "waive", "postpone", "cancel", "dismiss"]


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom an escalation is put to: the holders of a role (of `module`, for a module post), or a
    person.
    """

    role: str | None
    module: str | None = None
    person: str | None = None

    @property
    def post(self) -> str | None:
        """The post as people hold it: `lead:product`, `executive`; None for a person."""
        if self.role is None or self.module is None:
            return self.role
        return f"{self.role}:{self.module}"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that happened to an escalation, or was said of it: its own thread."""

    at: datetime
    by: str
    what: Literal["raised", "advanced", "acknowledged", "expired", "comment", "resolved"]
    to: Addressee | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    """One open (or settled) escalation. `clock` is the clock it came from, if any."""

    id: str
    step: str | None
    cause: Cause
    level: int
    to: Addressee
    raised_at: datetime
    raised_by: str
    reason: str
    clock: ClockKind | None = None
    state: EscalationState = "open"
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_until: datetime | None = None
    resolved_at: datetime | None = None
    resolution: Resolution | None = None
    resolution_reason: str | None = None
    thread: tuple[Remark, ...] = ()

    @property
    def is_incident(self) -> bool:
        """Raised by the launch itself because undoing its step failed."""
        return self.cause == "manual" and self.raised_by == SYSTEM

    @property
    def is_open(self) -> bool:
        """Not resolved; acknowledged ones are still open."""
        return self.state != "resolved"


AUTHORITY_LADDER = (
    Rung(after=Duration.parse("PT0S"), to="sponsor"),
    Rung(after=Duration.parse("1bd"), to="executive"),
)
"""Held gates, stops and a silent planner go to the sponsor at once, the executive a day later."""
