"""What happens to a whole launch, in the past tense; see `events`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from domain.calendar import Calendar
from domain.launch import Outcome, Post
from domain.plan import Plan
from domain.shared import Shared


@dataclass(frozen=True, slots=True)
class LaunchStarted:
    """Everything the launch will ever need from outside: plan, calendar and who held which post."""

    launch: str
    plan: Plan
    calendar: Annotated[Calendar, Shared()]
    staff: Annotated[tuple[Post, ...], Shared()]
    kind: Literal["LaunchStarted"] = "LaunchStarted"


@dataclass(frozen=True, slots=True)
class PlanAmended:
    """The plan is another one from now on. A postponement moves the dues of the steps in
    `postponed` along with the window; `role` is whose decision it was.
    """

    plan: Plan
    reason: str
    role: str
    postponed: tuple[str, ...]
    kind: Literal["PlanAmended"] = "PlanAmended"


@dataclass(frozen=True, slots=True)
class PlanningDelegated:
    """`to` does the planner's acts too until then; the planner stays accountable."""

    to: str
    until: datetime
    reason: str
    kind: Literal["PlanningDelegated"] = "PlanningDelegated"


@dataclass(frozen=True, slots=True)
class PlanningDelegationEnded:
    kind: Literal["PlanningDelegationEnded"] = "PlanningDelegationEnded"


@dataclass(frozen=True, slots=True)
class ChainCompleted:
    """Every step is satisfied; the launch is preparing."""

    kind: Literal["ChainCompleted"] = "ChainCompleted"


@dataclass(frozen=True, slots=True)
class GateHeld:
    """At window start something stood against going live; `fails_at` ends the waiting."""

    reasons: tuple[str, ...]
    fails_at: datetime
    kind: Literal["GateHeld"] = "GateHeld"


@dataclass(frozen=True, slots=True)
class GatePassed:
    """The launch is live."""

    kind: Literal["GatePassed"] = "GatePassed"


@dataclass(frozen=True, slots=True)
class LaunchStopped:
    reason: str
    role: str
    kind: Literal["LaunchStopped"] = "LaunchStopped"


@dataclass(frozen=True, slots=True)
class LaunchResumed:
    """Every frozen due moved by `stopped_ms` milliseconds, the length of the stop."""

    reason: str
    role: str
    stopped_ms: int
    kind: Literal["LaunchResumed"] = "LaunchResumed"


@dataclass(frozen=True, slots=True)
class LaunchCancelled:
    reason: str
    role: str | None
    kind: Literal["LaunchCancelled"] = "LaunchCancelled"


@dataclass(frozen=True, slots=True)
class LaunchFailed:
    """`cause` is repair, gate or window; `step` where one failed it."""

    cause: Literal["repair", "gate", "window"]
    reason: str
    step: str | None = None
    kind: Literal["LaunchFailed"] = "LaunchFailed"


@dataclass(frozen=True, slots=True)
class WindowEnded:
    """A live launch is closing; late deliveries are waited for until `breach_at`."""

    breach_at: datetime
    kind: Literal["WindowEnded"] = "WindowEnded"


@dataclass(frozen=True, slots=True)
class LaunchClosed:
    outcome: Outcome
    kind: Literal["LaunchClosed"] = "LaunchClosed"


@dataclass(frozen=True, slots=True)
class StepCompensated:
    """What the step had set going is undone and its signers know that they stand down."""

    step: str
    kind: Literal["StepCompensated"] = "StepCompensated"


@dataclass(frozen=True, slots=True)
class CompensationFailed:
    """Undoing the step failed: an open incident until somebody resolves its escalation."""

    step: str
    error: str
    kind: Literal["CompensationFailed"] = "CompensationFailed"
