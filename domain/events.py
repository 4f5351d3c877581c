"""What happened, in the past tense. The ledger keeps these; a launch is their fold.

Every event has a required `kind`, without which a union of them would decode to the wrong class in
silence. Fields are additive: a new one has a default, an old one never changes its meaning.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.calendar import Calendar
from domain.clocks import ClockKind, StepClockKind
from domain.commitment import Terms
from domain.escalation import Addressee, Cause, Resolution
from domain.finding import Finding
from domain.launch import Outcome, Post
from domain.plan import Plan

# -- the launch ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LaunchStarted:
    """Everything the launch will ever need from outside: plan, calendar and who held which post."""

    launch: str
    plan: Plan
    calendar: Calendar
    staff: tuple[Post, ...]
    kind: Literal["LaunchStarted"] = "LaunchStarted"


@dataclass(frozen=True, slots=True)
class ChainCompleted:
    """Every step is satisfied; the launch is preparing."""

    kind: Literal["ChainCompleted"] = "ChainCompleted"


@dataclass(frozen=True, slots=True)
class GateHeld:
    """At window start something stood against going live; `fails_at` ends the waiting."""

    reasons: tuple[str, ...]
    fails_at: datetime
    kind: Literal["GateHeld"] = "GateHeld"


@dataclass(frozen=True, slots=True)
class GatePassed:
    """The launch is live."""

    kind: Literal["GatePassed"] = "GatePassed"


@dataclass(frozen=True, slots=True)
class LaunchStopped:
    reason: str
    role: str
    kind: Literal["LaunchStopped"] = "LaunchStopped"


@dataclass(frozen=True, slots=True)
class LaunchResumed:
    """Every frozen due moved by `stopped_ms` milliseconds, the length of the stop."""

    reason: str
    role: str
    stopped_ms: int
    kind: Literal["LaunchResumed"] = "LaunchResumed"


@dataclass(frozen=True, slots=True)
class LaunchCancelled:
    reason: str
    role: str | None
    kind: Literal["LaunchCancelled"] = "LaunchCancelled"


@dataclass(frozen=True, slots=True)
class LaunchFailed:
    """`cause` is repair, gate or window; `step` where one failed it."""

    cause: Literal["repair", "gate", "window"]
    reason: str
    step: str | None = None
    kind: Literal["LaunchFailed"] = "LaunchFailed"


@dataclass(frozen=True, slots=True)
class WindowEnded:
    """A live launch is closing; late deliveries are waited for until `breach_at`."""

    breach_at: datetime
    kind: Literal["WindowEnded"] = "WindowEnded"


@dataclass(frozen=True, slots=True)
class LaunchClosed:
    outcome: Outcome
    kind: Literal["LaunchClosed"] = "LaunchClosed"


# -- the commitment ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CommitmentRequested:
    """The step opened: the performer's answer clock runs to `answer_by`."""

    step: str
    attempt: int
    version: int
    digest: str
    terms: Terms
    answer_by: datetime
    kind: Literal["CommitmentRequested"] = "CommitmentRequested"


@dataclass(frozen=True, slots=True)
class AttemptRenewed:
    """The planner asks again after an unhappy end; the step opens when those before it stand."""

    step: str
    attempt: int
    version: int
    digest: str
    terms: Terms
    reason: str
    kind: Literal["AttemptRenewed"] = "AttemptRenewed"


@dataclass(frozen=True, slots=True)
class CommitmentAcknowledged:
    """“You will have my answer by …”; `answer_by` is None where the clock stays."""

    step: str
    version: int
    answer_by: datetime | None
    kind: Literal["CommitmentAcknowledged"] = "CommitmentAcknowledged"


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    step: str
    text: str
    reply_by: datetime
    kind: Literal["QuestionAsked"] = "QuestionAsked"


@dataclass(frozen=True, slots=True)
class QuestionAnswered:
    step: str
    text: str
    kind: Literal["QuestionAnswered"] = "QuestionAnswered"


@dataclass(frozen=True, slots=True)
class SignatureGiven:
    """The first of two signatures: kept, but the commitment is still requested."""

    step: str
    attempt: int
    version: int
    digest: str
    person: str
    role: str
    on_behalf_of: str | None
    note: str | None
    kind: Literal["SignatureGiven"] = "SignatureGiven"


@dataclass(frozen=True, slots=True)
class CommitmentSigned:
    """The promise: with this signature the module owes these terms."""

    step: str
    attempt: int
    version: int
    digest: str
    person: str
    role: str
    on_behalf_of: str | None
    note: str | None
    kind: Literal["CommitmentSigned"] = "CommitmentSigned"


@dataclass(frozen=True, slots=True)
class CommitmentDeemed:
    """Silence under the policy `deemed`: satisfied without a signature, labelled for ever."""

    step: str
    version: int
    kind: Literal["CommitmentDeemed"] = "CommitmentDeemed"


@dataclass(frozen=True, slots=True)
class CommitmentDeclined:
    """A good answer before a promise. The planner has until `repair_by` to ask again, and the
    sponsor hears at `next_at` where the planner has not.
    """

    step: str
    attempt: int
    version: int
    reason: str
    repair_by: datetime
    next_at: datetime
    kind: Literal["CommitmentDeclined"] = "CommitmentDeclined"


@dataclass(frozen=True, slots=True)
class CommitmentLapsed:
    """Silence under the policy `decline`."""

    step: str
    attempt: int
    version: int
    repair_by: datetime
    next_at: datetime
    kind: Literal["CommitmentLapsed"] = "CommitmentLapsed"


@dataclass(frozen=True, slots=True)
class StepRan:
    """The step's own work after its signature is finished; the next one may open."""

    step: str
    kind: Literal["StepRan"] = "StepRan"


@dataclass(frozen=True, slots=True)
class DeliveryReported:
    """Claimed, with evidence; the customer judges it by `judge_by`."""

    step: str
    evidence: str
    link: str | None
    judge_by: datetime
    kind: Literal["DeliveryReported"] = "DeliveryReported"


@dataclass(frozen=True, slots=True)
class DeliveryAccepted:
    """The only success. `ratings` are (condition, score 1 to 5)."""

    step: str
    ratings: tuple[tuple[str, int], ...]
    note: str | None
    kind: Literal["DeliveryAccepted"] = "DeliveryAccepted"


@dataclass(frozen=True, slots=True)
class DeliveryRejected:
    """The delivery is not taken; the promise still stands."""

    step: str
    reason: str
    kind: Literal["DeliveryRejected"] = "DeliveryRejected"


@dataclass(frozen=True, slots=True)
class WaiverOpened:
    step: str
    reason: str
    kind: Literal["WaiverOpened"] = "WaiverOpened"


@dataclass(frozen=True, slots=True)
class CommitmentWaived:
    """A second person agreed: counts as satisfied and delivered, never as signed."""

    step: str
    reason: str
    opened_by: str
    kind: Literal["CommitmentWaived"] = "CommitmentWaived"


@dataclass(frozen=True, slots=True)
class CommitmentCancelled:
    """The launch ended with this commitment still open."""

    step: str
    kind: Literal["CommitmentCancelled"] = "CommitmentCancelled"


@dataclass(frozen=True, slots=True)
class CommitmentBreached:
    """The launch closed and the promised delivery had not been accepted."""

    step: str
    kind: Literal["CommitmentBreached"] = "CommitmentBreached"


@dataclass(frozen=True, slots=True)
class StepCompensated:
    """What the step had set going is undone and its signers know that they stand down."""

    step: str
    kind: Literal["StepCompensated"] = "StepCompensated"


@dataclass(frozen=True, slots=True)
class CompensationFailed:
    """Undoing the step failed: an open incident until somebody resolves its escalation."""

    step: str
    error: str
    kind: Literal["CompensationFailed"] = "CompensationFailed"


# -- clocks and escalations ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerOverdue:
    """The performer's answer-by passed in silence; the ladder starts at `next_at`."""

    step: str
    attempt: int
    version: int
    due: datetime
    next_at: datetime
    kind: Literal["AnswerOverdue"] = "AnswerOverdue"


@dataclass(frozen=True, slots=True)
class ClockOverdue:
    """Another party is late: the planner's reply, a delivery, the customer's judgement."""

    step: str
    attempt: int
    version: int
    clock: StepClockKind
    due: datetime
    next_at: datetime
    kind: Literal["ClockOverdue"] = "ClockOverdue"


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
    escalation: str
    step: str | None
    note: str | None
    kind: Literal["EscalationAcknowledged"] = "EscalationAcknowledged"


@dataclass(frozen=True, slots=True)
class EscalationResolved:
    escalation: str
    step: str | None
    resolution: Resolution
    reason: str | None
    kind: Literal["EscalationResolved"] = "EscalationResolved"


@dataclass(frozen=True, slots=True)
class AnswerExtended:
    """The performer has until `answer_by`; the answer clock starts anew."""

    step: str
    answer_by: datetime
    kind: Literal["AnswerExtended"] = "AnswerExtended"


@dataclass(frozen=True, slots=True)
class PerformerReassigned:
    """Another role or person performs this attempt; the module stays accountable."""

    step: str
    role: str | None
    person: str | None
    answer_by: datetime | None
    kind: Literal["PerformerReassigned"] = "PerformerReassigned"


# -- findings ------------------------------------------------------------------------------------


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


LaunchEvent = (
    LaunchStarted
    | ChainCompleted
    | GateHeld
    | GatePassed
    | LaunchStopped
    | LaunchResumed
    | LaunchCancelled
    | LaunchFailed
    | WindowEnded
    | LaunchClosed
)
CommitmentEvent = (
    CommitmentRequested
    | AttemptRenewed
    | CommitmentAcknowledged
    | QuestionAsked
    | QuestionAnswered
    | SignatureGiven
    | CommitmentSigned
    | CommitmentDeemed
    | CommitmentDeclined
    | CommitmentLapsed
    | StepRan
    | DeliveryReported
    | DeliveryAccepted
    | DeliveryRejected
    | WaiverOpened
    | CommitmentWaived
    | CommitmentCancelled
    | CommitmentBreached
    | AnswerOverdue
    | ClockOverdue
    | AnswerExtended
    | PerformerReassigned
)
CompensationEvent = StepCompensated | CompensationFailed
EscalationEvent = (
    EscalationRaised | EscalationAdvanced | EscalationAcknowledged | EscalationResolved
)
FindingEvent = FindingRaised | FindingCleared | FindingWaiverOpened | FindingWaived
Event = LaunchEvent | CommitmentEvent | CompensationEvent | EscalationEvent | FindingEvent

SYSTEM = "system"
"""The actor of what clocks and the chain itself bring about."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in its place: what the ledger records and a launch folds.

    `seq` is gapless from 1. `actor` is a person's id or `system`. `command` is the act that brought
    it about (None: a clock); `jws` is that act's signed envelope, on the act's first entry only.
    """

    seq: int
    at: datetime
    actor: str
    command: str | None
    jws: str | None
    event: Event


def step_of(event: Event) -> str | None:
    """The step an event is about, or None for one of the whole launch."""
    step: str | None = getattr(event, "step", None)
    return step
