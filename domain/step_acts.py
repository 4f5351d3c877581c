"""What people ask of one commitment; see `acts`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.plan_change import PlanChange
from domain.terms import Condition, TermsChange


@dataclass(frozen=True, slots=True)
class Acknowledge:
    step: str
    answer_by: datetime | None = None
    kind: Literal["acknowledge"] = "acknowledge"


@dataclass(frozen=True, slots=True)
class Ask:
    step: str
    text: str
    kind: Literal["ask"] = "ask"


@dataclass(frozen=True, slots=True)
class Reply:
    step: str
    text: str
    kind: Literal["reply"] = "reply"


@dataclass(frozen=True, slots=True)
class Sign:
    """With a `condition` the signature holds as soon as that does."""

    step: str
    terms_digest: str
    note: str | None = None
    condition: Condition | None = None
    kind: Literal["sign"] = "sign"


@dataclass(frozen=True, slots=True)
class Counter:
    """Other terms, signed by whom they are from, or another plan, or both."""

    step: str
    terms: TermsChange | None
    reason: str
    plan: PlanChange | None = None
    kind: Literal["counter"] = "counter"


@dataclass(frozen=True, slots=True)
class AcceptCounter:
    step: str
    terms_digest: str
    kind: Literal["accept-counter"] = "accept-counter"


@dataclass(frozen=True, slots=True)
class WithdrawCounter:
    step: str
    note: str | None = None
    kind: Literal["withdraw-counter"] = "withdraw-counter"


@dataclass(frozen=True, slots=True)
class Amend:
    """The planner asks for other terms."""

    step: str
    terms: TermsChange
    reason: str
    kind: Literal["amend"] = "amend"


@dataclass(frozen=True, slots=True)
class Decline:
    step: str
    reason: str
    kind: Literal["decline"] = "decline"


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The planner asks no more."""

    step: str
    reason: str
    kind: Literal["withdraw"] = "withdraw"


@dataclass(frozen=True, slots=True)
class Report:
    step: str
    evidence: str
    link: str | None = None
    kind: Literal["report"] = "report"


@dataclass(frozen=True, slots=True)
class RetractReport:
    step: str
    note: str | None = None
    kind: Literal["retract-report"] = "retract-report"


@dataclass(frozen=True, slots=True)
class Rating:
    """How well one condition of satisfaction was met, 1 to 5."""

    condition: str
    score: int


@dataclass(frozen=True, slots=True)
class Accept:
    step: str
    ratings: tuple[Rating, ...] = ()
    note: str | None = None
    kind: Literal["accept"] = "accept"


@dataclass(frozen=True, slots=True)
class Reject:
    step: str
    reason: str
    kind: Literal["reject"] = "reject"


@dataclass(frozen=True, slots=True)
class RequestRelease:
    step: str
    reason: str
    kind: Literal["request-release"] = "request-release"


@dataclass(frozen=True, slots=True)
class AllowRelease:
    step: str
    note: str | None = None
    kind: Literal["allow-release"] = "allow-release"


@dataclass(frozen=True, slots=True)
class RefuseRelease:
    step: str
    note: str | None = None
    kind: Literal["refuse-release"] = "refuse-release"


@dataclass(frozen=True, slots=True)
class Revoke:
    """A promise taken back without consent."""

    step: str
    reason: str
    kind: Literal["revoke"] = "revoke"


@dataclass(frozen=True, slots=True)
class CancelCommitment:
    """The planner needs it no more. On the wire it is the step's `cancel`."""

    step: str
    reason: str
    kind: Literal["cancel-commitment"] = "cancel-commitment"


@dataclass(frozen=True, slots=True)
class Confirm:
    """The fact that a signature waits for is so."""

    step: str
    fact: str
    kind: Literal["confirm"] = "confirm"


@dataclass(frozen=True, slots=True)
class Remind:
    """Whoever is waited on, but for the planner, is told so."""

    step: str
    kind: Literal["remind"] = "remind"


@dataclass(frozen=True, slots=True)
class Delegate:
    """Lead or head let somebody else answer for the module until then."""

    step: str
    to: str
    until: datetime
    reason: str
    kind: Literal["delegate"] = "delegate"


@dataclass(frozen=True, slots=True)
class Request:
    """A new attempt after an unhappy end; `terms` None means the same terms again."""

    step: str
    reason: str
    terms: TermsChange | None = None
    kind: Literal["request"] = "request"


@dataclass(frozen=True, slots=True)
class Waive:
    step: str
    reason: str
    kind: Literal["waive"] = "waive"


PerformerAct = (
    Acknowledge
    | Ask
    | Sign
    | Counter
    | WithdrawCounter
    | Decline
    | Report
    | RetractReport
    | RequestRelease
    | Revoke
)
PlannerAct = (
    Reply
    | AcceptCounter
    | Amend
    | Withdraw
    | AllowRelease
    | RefuseRelease
    | CancelCommitment
    | Confirm
    | Remind
    | Request
)
CustomerAct = Accept | Reject
StepAct = PerformerAct | PlannerAct | CustomerAct | Delegate | Waive
