"""What happens to one commitment, in the past tense; see `events`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.clocks import StepClockKind
from domain.terms import Terms


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
    """The launch ended with this commitment still open; or the planner needs it no more, with a
    `reason`, and the times of `CommitmentDeclined`.
    """

    step: str
    reason: str | None = None
    repair_by: datetime | None = None
    next_at: datetime | None = None
    kind: Literal["CommitmentCancelled"] = "CommitmentCancelled"


@dataclass(frozen=True, slots=True)
class CommitmentBreached:
    """The launch closed and the promised delivery had not been accepted."""

    step: str
    kind: Literal["CommitmentBreached"] = "CommitmentBreached"


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
