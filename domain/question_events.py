"""What happens to escalations and findings, in the past tense; see `events`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.clocks import ClockKind
from domain.escalation import Addressee, Cause, Resolution
from domain.finding import Finding


@dataclass(frozen=True, slots=True)
class EscalationRaised:
    """An open question was put to somebody with more authority.

    `rung` counts the ladder's rungs, empty ones included; `level` those that reached somebody.
    `next_at` is when the next rung is due, None at the top and for escalations without a ladder.
    """

    escalation: str
    step: str | None
    cause: Cause
    level: int
    rung: int
    to: Addressee
    do: Literal["notify", "reassign"]
    reason: str
    clock: ClockKind | None
    next_at: datetime | None
    kind: Literal["EscalationRaised"] = "EscalationRaised"


@dataclass(frozen=True, slots=True)
class EscalationAdvanced:
    """Still unanswered: the next rung was reached."""

    escalation: str
    step: str | None
    cause: Cause
    level: int
    rung: int
    to: Addressee
    do: Literal["notify", "reassign"]
    clock: ClockKind
    next_at: datetime | None
    kind: Literal["EscalationAdvanced"] = "EscalationAdvanced"


@dataclass(frozen=True, slots=True)
class EscalationAcknowledged:
    """Somebody takes it up; at `until`, where there is one, it is open again."""

    escalation: str
    step: str | None
    note: str | None
    until: datetime | None = None
    kind: Literal["EscalationAcknowledged"] = "EscalationAcknowledged"


@dataclass(frozen=True, slots=True)
class AcknowledgementExpired:
    """It was taken up and not settled in time: it is open again."""

    escalation: str
    step: str | None
    kind: Literal["AcknowledgementExpired"] = "AcknowledgementExpired"


@dataclass(frozen=True, slots=True)
class EscalationCommented:
    escalation: str
    step: str | None
    text: str
    kind: Literal["EscalationCommented"] = "EscalationCommented"


@dataclass(frozen=True, slots=True)
class EscalationResolved:
    escalation: str
    step: str | None
    resolution: Resolution
    reason: str | None
    kind: Literal["EscalationResolved"] = "EscalationResolved"


@dataclass(frozen=True, slots=True)
class FindingRaised:
    finding: Finding
    step: str
    kind: Literal["FindingRaised"] = "FindingRaised"


@dataclass(frozen=True, slots=True)
class FindingCleared:
    finding: str
    step: str
    kind: Literal["FindingCleared"] = "FindingCleared"


@dataclass(frozen=True, slots=True)
class FindingWaiverOpened:
    finding: str
    step: str
    reason: str
    kind: Literal["FindingWaiverOpened"] = "FindingWaiverOpened"


@dataclass(frozen=True, slots=True)
class FindingWaived:
    finding: str
    step: str
    reason: str
    opened_by: str
    kind: Literal["FindingWaived"] = "FindingWaived"
