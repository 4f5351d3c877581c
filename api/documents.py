"""The shapes of answers, for the OpenAPI document and its readers.

Nothing is validated against them while serving: documents come from the read model as they stand.
The tests hold the two together.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from api.step_documents import ChangePublic, DelegatePublic, StepPublic
from domain.plan import PlanKind

Phase = Literal["committing", "preparing", "live", "closing", "closed"]


class ProblemError(BaseModel):
    """One thing wrong with a request; `field` is its path in the body."""

    field: str
    code: str
    message: str


class ProblemPublic(BaseModel):
    """RFC 9457. `code` is stable; `figures` are the numbers and names `detail` rests on."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: list[ProblemError] = []
    figures: dict[str, Any] = {}


class WindowPublic(BaseModel):
    start: datetime
    end: datetime


class WaitingPublic(BaseModel):
    """Who is waited for; `for` is what they are to do, `due` the instant of the running clock."""

    step: str | None
    party: Literal["performer", "planner", "customer", "sponsor"]
    module: str | None
    since: datetime
    due: datetime | None
    wanted: str = Field(alias="for")


class OtherLaunchPublic(BaseModel):
    id: str
    code: str


class FindingPublic(BaseModel):
    """What a check found; a blocking one stands before the signature of its step."""

    id: str
    check: str
    step: str
    severity: Literal["block", "warn", "unknown"]
    state: Literal["open", "cleared", "waived"]
    message: str
    figures: dict[str, Any]
    other_launch: OtherLaunchPublic | None
    suggested_counter: dict[str, Any] | None


class ProgressPublic(BaseModel):
    satisfied: int
    steps: int


class AmendmentPublic(BaseModel):
    """The plan as changed once it was started."""

    by: str
    role: str
    reason: str
    at: datetime
    changes: list[ChangePublic]


class TemplateChangePublic(BaseModel):
    """One field of a template; `step` null: of its policy, `before` null: it is new."""

    step: str | None
    field: str
    before: str | None
    after: str


class LessonOfLaunch(BaseModel):
    """The template version that takes effect when all steps are signed."""

    based_on: str
    template: str
    changes: list[TemplateChangePublic]


class LaunchPublic(BaseModel):
    """A launch as it stands after `seq` events. An action, which a review asked for, has neither
    window nor gate.
    """

    id: str
    code: str
    title: str
    kind: PlanKind
    review_of: str | None
    lesson: LessonOfLaunch | None
    phase: Phase
    outcome: Literal["completed", "cancelled", "failed"] | None
    stopped: bool
    seq: int
    planner: str
    sponsor: str
    department: str
    window: WindowPublic | None
    waiting_on: list[WaitingPublic]
    progress: ProgressPublic
    steps: list[StepPublic]
    findings: list[FindingPublic]
    bookings: list[dict[str, Any]]
    open_escalations: int
    delegate: DelegatePublic | None
    amendments: list[AmendmentPublic]
    plan: dict[str, Any]


class LaunchList(BaseModel):
    """Newest first; `next_cursor` is null at the end."""

    items: list[LaunchPublic]
    next_cursor: str | None


class TimelineStepPublic(BaseModel):
    step: str
    answer_by: datetime
    deliver_by: datetime


class CheckPublic(BaseModel):
    """What a plan would meet if it were started now."""

    findings: list[FindingPublic]
    timeline: list[TimelineStepPublic]


class AddresseePublic(BaseModel):
    role: str | None
    person: str | None


class RemarkPublic(BaseModel):
    """One thing that happened to an escalation, or was said of it; `to` whom it was put then."""

    at: datetime
    by: str
    what: Literal["raised", "advanced", "acknowledged", "expired", "comment", "resolved"]
    to: AddresseePublic | None
    text: str | None


class EscalationPublic(BaseModel):
    """An open question put to somebody with more authority."""

    id: str
    launch: str
    step: str | None
    cause: str
    level: int
    to: AddresseePublic
    state: Literal["open", "acknowledged", "resolved"]
    raised_at: datetime
    raised_by: str
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    acknowledged_until: datetime | None
    resolved_at: datetime | None
    resolution: str | None
    resolution_reason: str | None
    reason: str
    thread: list[RemarkPublic]


class EscalationReply(EscalationPublic):
    """An escalation right after an act on it; `seq` is the launch's."""

    seq: int


class EscalationList(BaseModel):
    items: list[EscalationPublic]
    next_cursor: str | None


class InboxItemPublic(BaseModel):
    """One thing that waits for the caller. `subject` is an escalation's or finding's id, or what a
    notice is about; `text` is what somebody said with that.
    """

    kind: str
    launch: str
    code: str
    step: str | None
    subject: str | None
    due: datetime | None
    overdue: bool
    since: datetime
    text: str | None


class InboxList(BaseModel):
    """Most urgent first."""

    items: list[InboxItemPublic]
    next_cursor: str | None


class CommandPublic(BaseModel):
    """A command and, once it is final, the status and reply its request got."""

    id: str
    state: Literal["pending", "done", "refused"]
    status: int | None
    reply: dict[str, Any] | None


class KeyPublic(BaseModel):
    """A public Ed25519 key (RFC 8037) that signatures are checked with."""

    kty: str
    crv: str
    x: str
    kid: str
    use: str
    alg: str


class KeySet(BaseModel):
    keys: list[KeyPublic]


class PersonPublic(BaseModel):
    """Who is asking, with the posts held now."""

    person: str
    name: dict[str, str] | None
    department: str | None
    roles: list[str]


class ReadinessPublic(BaseModel):
    """`ready`, and for each part either `ok` or what is wrong with it."""

    ready: bool
    database: str
    temporal: str
    signing_key: str
