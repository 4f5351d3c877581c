"""What happened, in the past tense. The ledger keeps these; a launch is their fold.

Every event has a required `kind`, without which a union of them would decode to the wrong class in
silence. Fields are additive: a new one has a default, an old one never changes its meaning.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from domain.commitment_events import (
    AnswerExtended,
    AnswerOverdue,
    AttemptRenewed,
    ClockOverdue,
    CommitmentAcknowledged,
    CommitmentBreached,
    CommitmentCancelled,
    CommitmentDeclined,
    CommitmentDeemed,
    CommitmentLapsed,
    CommitmentRequested,
    CommitmentSigned,
    CommitmentWaived,
    DeliveryAccepted,
    DeliveryRejected,
    DeliveryReported,
    PerformerReassigned,
    QuestionAnswered,
    QuestionAsked,
    SignatureGiven,
    StepRan,
    WaiverOpened,
)
from domain.escalation import SYSTEM
from domain.launch_events import (
    ChainCompleted,
    CompensationFailed,
    GateHeld,
    GatePassed,
    LaunchCancelled,
    LaunchClosed,
    LaunchFailed,
    LaunchResumed,
    LaunchStarted,
    LaunchStopped,
    PlanAmended,
    PlanningDelegated,
    PlanningDelegationEnded,
    StepCompensated,
    WindowEnded,
)
from domain.negotiation_events import (
    CommitmentReleased,
    CommitmentReturned,
    CommitmentRevoked,
    CommitmentSuperseded,
    CommitmentWithdrawn,
    CounterAccepted,
    CounterOffered,
    CounterWithdrawn,
    ReleaseRefused,
    ReleaseRequested,
    ReportRetracted,
    TermsAmended,
    UpstreamFell,
    UpstreamStands,
)
from domain.question_events import (
    AcknowledgementExpired,
    EscalationAcknowledged,
    EscalationAdvanced,
    EscalationCommented,
    EscalationRaised,
    EscalationResolved,
    FindingCleared,
    FindingRaised,
    FindingWaived,
    FindingWaiverOpened,
)
from domain.standing_in_events import (
    CommitmentDelegated,
    ConditionLapsed,
    ConditionMet,
    DelegationEnded,
    FactConfirmed,
    ReminderSent,
    SignedConditionally,
)
from domain.tagged import ByKind

__all__ = [
    "CLOSED",
    "SYSTEM",
    "AcknowledgementExpired",
    "AnswerExtended",
    "AnswerOverdue",
    "AttemptRenewed",
    "ChainCompleted",
    "ClockOverdue",
    "CommitmentAcknowledged",
    "CommitmentBreached",
    "CommitmentCancelled",
    "CommitmentDeclined",
    "CommitmentDeemed",
    "CommitmentDelegated",
    "CommitmentEvent",
    "CommitmentLapsed",
    "CommitmentReleased",
    "CommitmentRequested",
    "CommitmentReturned",
    "CommitmentRevoked",
    "CommitmentSigned",
    "CommitmentSuperseded",
    "CommitmentWaived",
    "CommitmentWithdrawn",
    "CompensationEvent",
    "CompensationFailed",
    "ConditionLapsed",
    "ConditionMet",
    "CounterAccepted",
    "CounterOffered",
    "CounterWithdrawn",
    "DelegationEnded",
    "DeliveryAccepted",
    "DeliveryRejected",
    "DeliveryReported",
    "Entry",
    "EscalationAcknowledged",
    "EscalationAdvanced",
    "EscalationCommented",
    "EscalationEvent",
    "EscalationRaised",
    "EscalationResolved",
    "Event",
    "FactConfirmed",
    "FindingCleared",
    "FindingEvent",
    "FindingRaised",
    "FindingWaived",
    "FindingWaiverOpened",
    "GateHeld",
    "GatePassed",
    "LaunchCancelled",
    "LaunchClosed",
    "LaunchEvent",
    "LaunchFailed",
    "LaunchResumed",
    "LaunchStarted",
    "LaunchStopped",
    "NegotiationEvent",
    "PerformerReassigned",
    "PlanAmended",
    "PlanningDelegated",
    "PlanningDelegationEnded",
    "QuestionAnswered",
    "QuestionAsked",
    "ReleaseRefused",
    "ReleaseRequested",
    "ReminderSent",
    "ReportRetracted",
    "SignatureGiven",
    "SignedConditionally",
    "StandingInEvent",
    "StepCompensated",
    "StepRan",
    "TaggedEvent",
    "TermsAmended",
    "UpstreamFell",
    "UpstreamStands",
    "WaiverOpened",
    "WindowEnded",
    "step_of",
]

CLOSED = "The launch closed."
"""Why escalations that nobody settled are over with the launch."""

LaunchEvent = (
    LaunchStarted
    | PlanAmended
    | PlanningDelegated
    | PlanningDelegationEnded
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
NegotiationEvent = (
    CounterOffered
    | CounterAccepted
    | CounterWithdrawn
    | TermsAmended
    | CommitmentWithdrawn
    | ReportRetracted
    | ReleaseRequested
    | ReleaseRefused
    | CommitmentReleased
    | CommitmentRevoked
    | CommitmentSuperseded
    | CommitmentReturned
    | UpstreamFell
    | UpstreamStands
)
StandingInEvent = (
    SignedConditionally
    | FactConfirmed
    | ConditionMet
    | ConditionLapsed
    | CommitmentDelegated
    | DelegationEnded
    | ReminderSent
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
    | NegotiationEvent
    | StandingInEvent
)
CompensationEvent = StepCompensated | CompensationFailed
EscalationEvent = (
    EscalationRaised
    | EscalationAdvanced
    | EscalationAcknowledged
    | AcknowledgementExpired
    | EscalationCommented
    | EscalationResolved
)
FindingEvent = FindingRaised | FindingCleared | FindingWaiverOpened | FindingWaived
Event = LaunchEvent | CommitmentEvent | CompensationEvent | EscalationEvent | FindingEvent
TaggedEvent = Annotated[Event, ByKind()]


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
    event: TaggedEvent


def step_of(event: Event) -> str | None:
    """The step an event is about, or None for one of the whole launch."""
    step: str | None = getattr(event, "step", None)
    return step
