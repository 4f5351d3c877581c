"""The shapes of steps in answers, for the OpenAPI document and its readers."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

State = Literal[
    "pending",
    "requested",
    "countered",
    "signed",
    "reported",
    "accepted",
    "declined",
    "withdrawn",
    "released",
    "revoked",
    "cancelled",
    "lapsed",
    "waived",
]


class QuantityPublic(BaseModel):
    pool: str
    quantity: int
    needed_by: datetime | None


class TermsPublic(BaseModel):
    """What is promised; a signature names `digest`."""

    version: int
    digest: str
    deliverable: str
    conditions: list[str]
    quantities: list[QuantityPublic]
    deliver_by: datetime


class SignaturePublic(BaseModel):
    person: str
    role: str
    on_behalf_of: str | None
    version: int
    digest: str
    at: datetime
    jws: str | None


class WaiverPublic(BaseModel):
    """The first of the two people a waiver takes."""

    by: str
    reason: str
    at: datetime


class ProposalPublic(BaseModel):
    """Who put the terms of a version forward after the request, and why. `plan` are the fields of
    the plan that change when the offer is accepted.
    """

    kind: Literal["counter", "amend", "plan"]
    by: str
    role: str
    reason: str
    at: datetime
    plan: dict[str, Any] | None


class ChangePublic(BaseModel):
    """One field of terms or of a plan, before and after."""

    field: str
    before: Any
    after: Any


class VersionPublic(TermsPublic):
    """One version of an attempt's terms. Signatures of one that is not `current` are void."""

    proposal: ProposalPublic | None
    current: bool
    signatures: list[SignaturePublic]
    deemed: bool
    changes: list[ChangePublic]


class ConditionPublic(BaseModel):
    """What a given signature waits for: a `step` that `reaches` a state, or a `fact`."""

    by: datetime
    step: str | None = None
    reaches: Literal["signed", "accepted"] | None = None
    fact: str | None = None
    confirmed: bool
    signature: SignaturePublic


class DelegatePublic(BaseModel):
    """Who answers for the module too until then, and for whom."""

    to: str
    until: datetime
    by: str
    reason: str


class ReleasePublic(BaseModel):
    """The performer asks for the promise back."""

    by: str
    reason: str
    at: datetime


class AttemptPublic(BaseModel):
    """An attempt that ended without success."""

    attempt: int
    state: State
    terms: TermsPublic
    signatures: list[SignaturePublic]
    versions: list[VersionPublic]
    deemed: bool
    requested_at: datetime | None
    ended_at: datetime
    reason: str | None


class StepPublic(BaseModel):
    """Where one commitment stands. `ran`: its own work after signature is finished; `counter`: the
    open counter-offer, whose terms are `terms` then; `versions`: empty where there was one only.
    """

    key: str
    module: str
    after: list[str]
    customer: str
    signers: int
    state: State
    attempt: int
    ran: bool
    overdue: bool
    escalation_level: int
    requested_at: datetime | None
    answer_by: datetime | None
    answered_at: datetime | None
    deliver_by: datetime
    due: datetime
    terms: TermsPublic
    signatures: list[SignaturePublic]
    condition: ConditionPublic | None
    delegate: DelegatePublic | None
    reminded_at: datetime | None
    deemed: bool
    upstream_open: bool
    counter: ProposalPublic | None
    release: ReleasePublic | None
    versions: list[VersionPublic]
    waiver: WaiverPublic | None
    attempts: list[AttemptPublic]
