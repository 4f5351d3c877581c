"""The shapes of post-mortems, for the OpenAPI document and its readers. Nobody is named in them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from api.documents import Phase, TemplateChangePublic, WaitingPublic
from api.replay_documents import StretchPublic, WaitPublic
from domain.postmortem.record import Cause, State

Outcome = Literal["completed", "cancelled", "failed"]


class NamePublic(BaseModel):
    en: str
    zh: str


class SourcePublic(BaseModel):
    """The entry of the launch's ledger that says so."""

    ledger: int


class LinePublic(BaseModel):
    """One line of the timeline. `said` are the words somebody wrote, without names."""

    source: SourcePublic
    at: datetime
    event: str
    step: str | None
    actor: str
    role: str
    said: dict[str, str]


class HeldPublic(BaseModel):
    """How long the gate was held, and by what: `step:reason` or `finding:id`."""

    source: SourcePublic
    since: datetime
    until: datetime
    seconds: float
    reasons: list[str]


class StopPublic(BaseModel):
    source: SourcePublic
    since: datetime
    until: datetime
    seconds: float
    reason: str


class OverduePublic(BaseModel):
    source: SourcePublic
    step: str
    clock: str
    due: datetime


class RuleCountPublic(BaseModel):
    """How often a rule stood against somebody."""

    rule: str
    count: int


class FactsPublic(BaseModel):
    """What the ledger says by itself; waits and path as in the replay."""

    timeline: list[LinePublic]
    waits: list[WaitPublic]
    path: list[StretchPublic]
    length: float
    held: list[HeldPublic]
    stops: list[StopPublic]
    overdue: list[OverduePublic]
    escalated: int
    breached: list[str]
    refusals: list[RuleCountPublic]


class SidesPublic(BaseModel):
    company: str | None
    customer: str | None
    partner: str | None
    employee: str | None


class ContentPublic(BaseModel):
    """What people wrote. `factors` are keys of the taxonomy."""

    summary: str | None
    surprises: str | None
    factors: list[str]
    factor_notes: dict[str, str]
    went_well: list[str]
    thanks: list[str]
    sides: SidesPublic


class VersionPublic(ContentPublic):
    """A version that two people stood for."""

    version: int
    at: datetime
    submitted_by: str
    published_by: str


class CommentPublic(BaseModel):
    seq: int
    at: datetime
    by: str
    text: str


class HintPublic(BaseModel):
    """A word that looks for somebody to blame, and what helps instead; it stops nothing."""

    field: str
    word: str
    say: NamePublic


class FactorPublic(BaseModel):
    key: str
    name: NamePublic


class ListedPublic(BaseModel):
    launch: str
    seq: int
    code: str
    title: str
    department: str
    outcome: Outcome | None
    cause: Cause
    state: State
    version: int
    opened_at: datetime
    changed_at: datetime
    published_at: datetime | None
    factors: list[str]


class PostMortemList(BaseModel):
    """Newest first; `next_cursor` is null at the end."""

    items: list[ListedPublic]
    next_cursor: str | None


class ActionPublic(BaseModel):
    """What a review asked of a module. `launch` is its own, on which the acts are done; it is
    overdue where somebody is waited on whose time is over.
    """

    id: str
    launch: str
    postmortem: str
    code: str
    module: str
    deliverable: str
    conditions: list[str]
    deliver_by: datetime
    due: datetime
    state: str
    phase: Phase
    outcome: Outcome | None
    overdue: bool
    escalation_level: int
    requested_at: datetime
    closed_at: datetime | None
    waiting_on: list[WaitingPublic]


class ActionList(BaseModel):
    """The most urgent first; `next_cursor` is null at the end."""

    items: list[ActionPublic]
    next_cursor: str | None


class ModuleStatePublic(BaseModel):
    module: str
    state: str


class LessonPublic(BaseModel):
    """A template version that a review put forward. It takes effect when all `modules` have signed
    it; the acts are done on `launch`.
    """

    id: str
    launch: str
    postmortem: str
    template: str
    based_on: str
    reason: str
    changes: list[TemplateChangePublic]
    modules: list[ModuleStatePublic]
    phase: Phase
    outcome: Outcome | None
    proposed_at: datetime
    closed_at: datetime | None
    waiting_on: list[WaitingPublic]


class PostMortemPublic(ContentPublic):
    """The record with the facts of its run. `version` is the one being worked on, or, published,
    the last; those published before stand in `versions`.
    """

    launch: str
    code: str
    title: str
    department: str
    outcome: Outcome | None
    cause: Cause
    state: State
    version: int
    seq: int
    opened_at: datetime
    changed_at: datetime
    published_at: datetime | None
    submitted_by: str | None
    hints: list[HintPublic]
    taxonomy: list[FactorPublic]
    facts: FactsPublic
    comments: list[CommentPublic]
    actions: list[ActionPublic]
    lessons: list[LessonPublic]
    versions: list[VersionPublic]


class ScrubbedPublic(BaseModel):
    """A name that was taken out of a field, and the pseudonym in its place."""

    field: str
    was: str
    now: str


class ActionRequestedPublic(ActionPublic):
    seq: int
    scrubbed: list[ScrubbedPublic]


class LessonProposedPublic(LessonPublic):
    seq: int
    scrubbed: list[ScrubbedPublic]


class PostMortemChanged(PostMortemPublic):
    scrubbed: list[ScrubbedPublic]


class RevealedPublic(BaseModel):
    id: str
    name: NamePublic


class NamesPublic(BaseModel):
    """Who stands behind the pseudonyms of this report."""

    launch: str
    seq: int
    names: dict[str, RevealedPublic]
