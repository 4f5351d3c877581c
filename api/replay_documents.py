"""The shape of a replay, for the OpenAPI document and its readers. Nobody is named in it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from api.documents import Phase, WaitingPublic
from api.step_documents import State


class SightPublic(BaseModel):
    """One thing a party had in its inbox."""

    kind: str
    step: str | None
    since: datetime
    due: datetime | None
    overdue: bool


class FramePublic(BaseModel):
    """The launch right after one event. `actor` is a pseudonym, `role` the part it was done in;
    `inboxes` are what each party had before it, `visible_to` the parties that had anything.
    """

    seq: int
    at: datetime
    event: str
    step: str | None
    actor: str
    role: str
    phase: Phase
    outcome: Literal["completed", "cancelled", "failed"] | None
    stopped: bool
    chain: dict[str, State]
    attempts: dict[str, int]
    waiting_on: list[WaitingPublic]
    visible_to: list[str]
    inboxes: dict[str, list[SightPublic]]


class WaitPublic(BaseModel):
    """What one wait came to in the whole run, in seconds; `business_seconds` are those on working
    days. The critical ones add up to the run's `length`.
    """

    interface: str
    step: str | None
    party: str
    wanted: str = Field(alias="for")
    seconds: float
    business_seconds: float
    critical: bool


class StretchPublic(BaseModel):
    """One stretch of the critical path; each begins where the one before ends."""

    interface: str
    step: str | None
    party: str
    wanted: str = Field(alias="for")
    since: datetime
    until: datetime
    seconds: float
    business_seconds: float


class DifferencePublic(BaseModel):
    """The first value that ledger and replay tell differently, as far as it names nobody."""

    seq: int
    path: str
    ledger: str
    replay: str


class ArchivePublic(BaseModel):
    """The archived history; `bytes` is its compressed size."""

    archived_at: datetime
    runs: int
    events: int
    bytes: int


class VerificationPublic(BaseModel):
    """What was compared. `detail` says what speaks against the ledger, or is null."""

    events: int
    source: Literal["archive", "temporal", "ledger"]
    detail: str | None
    difference: DifferencePublic | None
    history_events: int
    signatures: int
    recorded_by: list[str]
    replayed_by: str
    archive: ArchivePublic | None


class ReplayPublic(BaseModel):
    """A run told again. `length` is the run's, in seconds; of an open one, until now."""

    launch: str
    verified: bool
    verification: VerificationPublic
    frames: list[FramePublic]
    waits: list[WaitPublic]
    path: list[StretchPublic]
    length: float
