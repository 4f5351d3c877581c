"""What people and clocks ask of a launch. An act may be refused; only its events count.

Every act has a required `kind`, the word the API, the envelope and the ledger use for it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from domain.calendar import Calendar
from domain.launch import Post
from domain.plan import Plan, Window
from domain.plan_change import PlanChange
from domain.shared import Shared
from domain.step_acts import (
    Accept,
    AcceptCounter,
    Acknowledge,
    AllowRelease,
    Amend,
    Ask,
    CancelCommitment,
    Confirm,
    Counter,
    CustomerAct,
    Decline,
    Delegate,
    PerformerAct,
    PlannerAct,
    Rating,
    RefuseRelease,
    Reject,
    Remind,
    Reply,
    Report,
    Request,
    RequestRelease,
    RetractReport,
    Revoke,
    Sign,
    StepAct,
    Waive,
    Withdraw,
    WithdrawCounter,
)
from domain.tagged import ByKind

__all__ = [
    "Accept",
    "AcceptCounter",
    "Acknowledge",
    "AcknowledgeEscalation",
    "Act",
    "Actor",
    "AllowRelease",
    "Amend",
    "AmendPlan",
    "AnsweredByLaunch",
    "Ask",
    "CancelCommitment",
    "CancelLaunch",
    "Command",
    "CommentOnEscalation",
    "Confirm",
    "Counter",
    "CustomerAct",
    "Decline",
    "Delegate",
    "DelegatePlanning",
    "Elapse",
    "Escalate",
    "EscalationAct",
    "LaunchAct",
    "PerformerAct",
    "PersonAct",
    "PlannerAct",
    "Rating",
    "RefuseRelease",
    "Reject",
    "Remind",
    "Reply",
    "Report",
    "ReportCompensation",
    "Request",
    "RequestRelease",
    "ResolveEscalation",
    "ResumeLaunch",
    "RetractReport",
    "Revoke",
    "Settlement",
    "Sign",
    "StartLaunch",
    "StepAct",
    "StopLaunch",
    "SystemAct",
    "TaggedAct",
    "Waive",
    "WaiveFinding",
    "Withdraw",
    "WithdrawCounter",
]

Settlement = Literal["extend", "reassign", "waive", "postpone", "cancel", "dismiss"]

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
class AmendPlan:
    """Other values for fields of the plan. On the wire it is the launch's `amend`."""

    plan: PlanChange
    reason: str
    kind: Literal["amend-plan"] = "amend-plan"


@dataclass(frozen=True, slots=True)
class DelegatePlanning:
    """The planner lets somebody else plan too. On the wire it is the launch's `delegate`."""

    to: str
    until: datetime
    reason: str
    kind: Literal["delegate-planning"] = "delegate-planning"


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
class CommentOnEscalation:
    """Something said in the escalation's own thread."""

    escalation: str
    text: str
    kind: Literal["comment-escalation"] = "comment-escalation"


@dataclass(frozen=True, slots=True)
class ResolveEscalation:
    """`answer_by` goes with extend, `to` (a person's id) with reassign, `window` with postpone."""

    escalation: str
    resolution: Settlement
    reason: str
    answer_by: datetime | None = None
    to: str | None = None
    window: Window | None = None
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


EscalationAct = AcknowledgeEscalation | CommentOnEscalation | ResolveEscalation
OnLaunch = AmendPlan | DelegatePlanning | StopLaunch | ResumeLaunch | CancelLaunch | WaiveFinding
LaunchAct = OnLaunch | Escalate | EscalationAct
PersonAct = StepAct | LaunchAct
SystemAct = StartLaunch | Elapse | ReportCompensation
Act = PersonAct | SystemAct
AnsweredByLaunch = StepAct | OnLaunch | StartLaunch
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
