"""What people and clocks ask of a launch. An act may be refused; only its events count.

Every act has a required `kind`, the word the API, the envelope and the ledger use for it. The
remaining acts of the conversation join the unions here and a rule in `decisions`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from domain.calendar import Calendar
from domain.commitment import TermsChange
from domain.launch import Post
from domain.plan import Plan
from domain.shared import Shared
from domain.tagged import ByKind

# -- by people, on a step ------------------------------------------------------------------------


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
    step: str
    terms_digest: str
    note: str | None = None
    kind: Literal["sign"] = "sign"


@dataclass(frozen=True, slots=True)
class Decline:
    step: str
    reason: str
    kind: Literal["decline"] = "decline"


@dataclass(frozen=True, slots=True)
class Report:
    step: str
    evidence: str
    link: str | None = None
    kind: Literal["report"] = "report"


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


# -- by people, on the launch --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StopLaunch:
    reason: str
    kind: Literal["stop"] = "stop"


@dataclass(frozen=True, slots=True)
class ResumeLaunch:
    reason: str
    kind: Literal["resume"] = "resume"


@dataclass(frozen=True, slots=True)
class CancelLaunch:
    reason: str
    kind: Literal["cancel"] = "cancel"


@dataclass(frozen=True, slots=True)
class WaiveFinding:
    finding: str
    reason: str
    kind: Literal["finding-waive"] = "finding-waive"


@dataclass(frozen=True, slots=True)
class Escalate:
    """Raise an escalation by hand, to the sponsor."""

    reason: str
    step: str | None = None
    kind: Literal["escalate"] = "escalate"


@dataclass(frozen=True, slots=True)
class AcknowledgeEscalation:
    escalation: str
    note: str | None = None
    kind: Literal["acknowledge-escalation"] = "acknowledge-escalation"


@dataclass(frozen=True, slots=True)
class ResolveEscalation:
    """`answer_by` goes with extend, `to` (a person's id) with reassign."""

    escalation: str
    resolution: Literal["extend", "reassign", "waive", "cancel", "dismiss"]
    reason: str
    answer_by: datetime | None = None
    to: str | None = None
    kind: Literal["resolve-escalation"] = "resolve-escalation"


# -- by the system -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StartLaunch:
    launch: str
    plan: Plan
    calendar: Annotated[Calendar, Shared()]
    staff: Annotated[tuple[Post, ...], Shared()]
    kind: Literal["start"] = "start"


@dataclass(frozen=True, slots=True)
class Elapse:
    """Time passed: whatever is due by now happens."""

    kind: Literal["elapse"] = "elapse"


@dataclass(frozen=True, slots=True)
class ReportCompensation:
    """The outcome of undoing a step; `error` None means done."""

    step: str
    error: str | None = None
    kind: Literal["report-compensation"] = "report-compensation"


StepAct = Acknowledge | Ask | Reply | Sign | Decline | Report | Accept | Reject | Request | Waive
EscalationAct = AcknowledgeEscalation | ResolveEscalation
LaunchAct = StopLaunch | ResumeLaunch | CancelLaunch | WaiveFinding | Escalate | EscalationAct
PersonAct = StepAct | LaunchAct
SystemAct = StartLaunch | Elapse | ReportCompensation
Act = PersonAct | SystemAct
AnsweredByLaunch = StepAct | StopLaunch | ResumeLaunch | CancelLaunch | WaiveFinding | StartLaunch
"""Acts whose reply is the launch as it then is."""
TaggedAct = Annotated[Act, ByKind()]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, with the posts held when the command was written.

    `role` is the post the act is done in (`lead`, `sponsor`, `frontline`, `delegate`).
    """

    person: str
    role: str
    roles: tuple[str, ...]
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """One act on its way. `id` and `actor` are None for clocks; `jws` is the signed envelope."""

    act: TaggedAct
    id: str | None = None
    actor: Actor | None = None
    jws: str | None = None
