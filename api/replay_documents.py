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
    """What was compared. `objection` is the kind of what speaks against it and `detail`
    the words; both are null where nothing does.
    """

    events: int
    source: Literal["archive", "temporal", "ledger"]
    objection: (
        Literal["damaged", "empty", "no_history", "behind", "differs", "unsigned", "failed"] | None
    )
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


class StepOutcomePublic(BaseModel):
    """How a step ended. `promised_at`, `reported_at` and `accepted_at` are the last time it was."""

    key: str
    state: State
    requested_at: datetime | None
    answered_at: datetime | None
    promised_at: datetime | None
    reported_at: datetime | None
    accepted_at: datetime | None
    overdue: int


class RunOutcomePublic(BaseModel):
    outcome: Literal["completed", "cancelled", "failed"] | None
    held_at: datetime | None
    live_at: datetime | None
    closed_at: datetime | None
    steps: list[StepOutcomePublic]


class MovedPublic(BaseModel):
    """One value that is another; `seconds` is how much later it is (earlier: negative)."""

    step: str | None
    what: str
    recorded: str | int | None
    recomputed: str | int | None
    seconds: float | None


class UndonePublic(BaseModel):
    """What somebody did and could not have done; `rule` is the code that stands against it, or
    `never_asked`.
    """

    step: str | None
    act: str
    rule: str


class AssumedPublic(BaseModel):
    """What nobody was seen to do and is taken to have been done on time."""

    step: str
    act: str
    at: datetime


class WhatIfPublic(BaseModel):
    """A run beside what it might have been. Where it is not `faithful`, the rules of today tell
    even the unchanged run otherwise, from entry `differs_at` on.
    """

    launch: str
    recorded: RunOutcomePublic
    recomputed: RunOutcomePublic
    moved: list[MovedPublic]
    undone: list[UndonePublic]
    assumed: list[AssumedPublic]
    faithful: bool
    differs_at: int | None
