"""What is said about terms after the request, and how a promise is taken back, in the past tense;
see `events`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.plan_change import PlanChange, PlanField
from domain.terms import Terms

# -- before the promise --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CounterOffered:
    """The performer would promise these other terms, and has signed them; the planner answers by
    `decide_by`, and changes the plan too where the offer says so.
    """

    step: str
    attempt: int
    version: int
    digest: str
    terms: Terms
    person: str
    role: str
    on_behalf_of: str | None
    reason: str
    decide_by: datetime
    plan: PlanChange | None = None
    kind: Literal["CounterOffered"] = "CounterOffered"


@dataclass(frozen=True, slots=True)
class CounterAccepted:
    """The performer's terms are the terms now; `answer_by` where somebody else has to sign too."""

    step: str
    attempt: int
    version: int
    digest: str
    answer_by: datetime | None
    kind: Literal["CounterAccepted"] = "CounterAccepted"


@dataclass(frozen=True, slots=True)
class CounterWithdrawn:
    """The terms that were countered stand again, as `version`, with what was left of their time."""

    step: str
    version: int
    answer_by: datetime
    note: str | None
    kind: Literal["CounterWithdrawn"] = "CounterWithdrawn"


@dataclass(frozen=True, slots=True)
class TermsAmended:
    """The planner asks for other terms; nothing signed before counts for them."""

    step: str
    attempt: int
    version: int
    digest: str
    terms: Terms
    reason: str
    answer_by: datetime
    kind: Literal["TermsAmended"] = "TermsAmended"


@dataclass(frozen=True, slots=True)
class CommitmentWithdrawn:
    """The planner asks for it no more; see `CommitmentDeclined` for the times."""

    step: str
    attempt: int
    version: int
    reason: str
    repair_by: datetime
    next_at: datetime
    kind: Literal["CommitmentWithdrawn"] = "CommitmentWithdrawn"


# -- after the promise ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReportRetracted:
    """The performer takes the report back; the promise stands."""

    step: str
    note: str | None
    kind: Literal["ReportRetracted"] = "ReportRetracted"


@dataclass(frozen=True, slots=True)
class ReleaseRequested:
    """The performer wants the promise back; the planner decides by `decide_by`."""

    step: str
    reason: str
    decide_by: datetime
    kind: Literal["ReleaseRequested"] = "ReleaseRequested"


@dataclass(frozen=True, slots=True)
class ReleaseRefused:
    """The promise stands."""

    step: str
    note: str | None
    kind: Literal["ReleaseRefused"] = "ReleaseRefused"


@dataclass(frozen=True, slots=True)
class CommitmentReleased:
    """The planner gave the promise back; see `CommitmentDeclined` for the times."""

    step: str
    attempt: int
    version: int
    reason: str | None
    repair_by: datetime
    next_at: datetime
    kind: Literal["CommitmentReleased"] = "CommitmentReleased"


@dataclass(frozen=True, slots=True)
class CommitmentRevoked:
    """The performer took the promise back without consent. `repair_by` is None where the campaign
    is over: nothing is left to repair.
    """

    step: str
    attempt: int
    version: int
    reason: str
    repair_by: datetime | None
    kind: Literal["CommitmentRevoked"] = "CommitmentRevoked"


# -- in the chain --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CommitmentSuperseded:
    """The plan changed in `fields`, on which this commitment rests: what was signed for it is void.
    It is asked for anew as `version` as soon as the steps before it stand.
    """

    step: str
    attempt: int
    version: int
    digest: str
    terms: Terms
    fields: tuple[PlanField, ...]
    reason: str
    kind: Literal["CommitmentSuperseded"] = "CommitmentSuperseded"


@dataclass(frozen=True, slots=True)
class CommitmentReturned:
    """A step before it fell back: it is pending again, in the same attempt, with no clock."""

    step: str
    kind: Literal["CommitmentReturned"] = "CommitmentReturned"


@dataclass(frozen=True, slots=True)
class UpstreamFell:
    """A step before this promised one fell back. The promise stands, and holds the gate."""

    step: str
    upstream: tuple[str, ...]
    kind: Literal["UpstreamFell"] = "UpstreamFell"


@dataclass(frozen=True, slots=True)
class UpstreamStands:
    """Every step before this one is satisfied again."""

    step: str
    kind: Literal["UpstreamStands"] = "UpstreamStands"
