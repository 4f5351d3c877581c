"""What happens around a commitment's signature, in the past tense: conditions it waits for, people
who stand in, reminders; see `events`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.clocks import StepClockKind
from domain.terms import Condition


@dataclass(frozen=True, slots=True)
class SignedConditionally:
    """A signature that holds as soon as its condition does; till then no answer is waited for."""

    step: str
    attempt: int
    version: int
    digest: str
    person: str
    role: str
    on_behalf_of: str | None
    note: str | None
    condition: Condition
    kind: Literal["SignedConditionally"] = "SignedConditionally"


@dataclass(frozen=True, slots=True)
class FactConfirmed:
    step: str
    fact: str
    kind: Literal["FactConfirmed"] = "FactConfirmed"


@dataclass(frozen=True, slots=True)
class ConditionMet:
    """The signature holds. `answer_by` where somebody else has to sign too."""

    step: str
    attempt: int
    version: int
    answer_by: datetime | None
    kind: Literal["ConditionMet"] = "ConditionMet"


@dataclass(frozen=True, slots=True)
class ConditionLapsed:
    """It did not come in time: nothing was signed, and the answer time starts anew."""

    step: str
    answer_by: datetime
    kind: Literal["ConditionLapsed"] = "ConditionLapsed"


@dataclass(frozen=True, slots=True)
class CommitmentDelegated:
    """`to` answers for the module besides its posts until then, for `on_behalf_of`."""

    step: str
    to: str
    until: datetime
    on_behalf_of: str
    reason: str
    kind: Literal["CommitmentDelegated"] = "CommitmentDelegated"


@dataclass(frozen=True, slots=True)
class DelegationEnded:
    step: str
    kind: Literal["DelegationEnded"] = "DelegationEnded"


@dataclass(frozen=True, slots=True)
class ReminderSent:
    """Whoever is waited on was told so: by the planner, or as the `due` of a `clock` is near."""

    step: str
    clock: StepClockKind | None = None
    due: datetime | None = None
    kind: Literal["ReminderSent"] = "ReminderSent"
