"""The plan a planner hands in, resolved: template applied, dates made instants, steps in order.

A resolved plan is complete and valid; whoever builds one from a file (`api.intake`) collects every
error first. Values are frozen and JSON-plain (amounts are decimal strings, instants aware UTC).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from domain.calendar import Duration
from domain.canonical import LATER

SilencePolicy = Literal["escalate", "decline", "deemed"]
PlanKind = Literal["campaign", "action", "lesson"]
RungRole = Literal["lead", "deputy", "head", "planner", "sponsor", "executive"]


@dataclass(frozen=True, slots=True)
class Window:
    """When the campaign is public: `start` inclusive, `end` exclusive, aware UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    key: str
    product: str
    pay: str
    get: str
    currency: str
    segments: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    key_message: str | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    size: int | None = None
    list: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    channel: str
    messages_per_customer: int


@dataclass(frozen=True, slots=True)
class Resource:
    pool: str
    quantity: int
    step: str
    needed_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of a ladder: who hears `after` the rung before (the first: after the due).

    `to` is a role (see `RungRole`) or a person's id.
    """

    after: Duration
    to: str
    do: Literal["notify", "reassign"] = "notify"


@dataclass(frozen=True, slots=True)
class Policy:
    """What happens by itself. `remind_before`: who is waited on is reminded so long before the due;
    `acknowledged_for`: so long an escalation may be in somebody's hands. None: never, for ever.
    """

    answer_within: Duration
    repair_within: Duration
    gate_grace: Duration
    silence: SilencePolicy
    ladder: tuple[Rung, ...]
    remind_before: Duration | None = field(default=None, metadata=LATER)
    acknowledged_for: Duration | None = field(default=None, metadata=LATER)


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A place in the chain with everything inherited already filled in.

    `customer` is a module key or `planner`. `lead_time` is kept beside the computed `deliver_by`
    so that a moved window can compute it again; it is None where the plan named the instant.
    """

    key: str
    module: str
    after: tuple[str, ...]
    customer: str
    deliverable: str
    conditions: tuple[str, ...]
    signers: int
    deliver_by: datetime
    lead_time: Duration | None
    answer_within: Duration
    silence: SilencePolicy
    ladder: tuple[Rung, ...]
    material: tuple[str, ...] = ()
    remind_before: Duration | None = field(default=None, metadata=LATER)


@dataclass(frozen=True, slots=True)
class TemplateStep:
    """A step as the template has it; `lead_time` counts back from the start of the window."""

    key: str
    module: str
    after: tuple[str, ...]
    customer: str
    deliverable: str
    conditions: tuple[str, ...]
    lead_time: Duration
    material: tuple[str, ...]
    signers: int = 1


@dataclass(frozen=True, slots=True)
class Template:
    """One version of a chain with its default policy."""

    key: str
    version: int
    policy: Policy
    steps: tuple[TemplateStep, ...]

    @property
    def name(self) -> str:
        """Key and version as a plan pins them: `standard-launch@1`."""
        return f"{self.key}@{self.version}"


@dataclass(frozen=True, slots=True)
class TemplateChange:
    """One field of a template, as texts; `step` None: of its policy. `before` None: it is new."""

    step: str | None
    field: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a review would have done otherwise from now on: the template version that follows upon
    `based_on` where everybody it touches has signed it.
    """

    based_on: str
    becomes: Template
    changes: tuple[TemplateChange, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """The post-mortem that asks for this: the one of that `launch`. A lesson is agreed, an action
    is delivered.
    """

    launch: str
    lesson: Lesson | None = field(default=None, metadata=LATER)


@dataclass(frozen=True, slots=True)
class Plan:
    """A launch as planned; `steps` stand so that each comes after those it waits for.

    A campaign has a window. What follows from a review has none.
    """

    code: str
    title: str
    department: str
    planner: str
    sponsor: str
    template: str
    window: Window | None
    regions: tuple[str, ...]
    offers: tuple[Offer, ...]
    audience: Audience | None
    contact: Contact | None
    resources: tuple[Resource, ...]
    theme: str | None
    policy: Policy
    steps: tuple[StepPlan, ...]
    review: Review | None = field(default=None, metadata=LATER)

    @property
    def kind(self) -> PlanKind:
        if self.review is None:
            return "campaign"
        return "action" if self.review.lesson is None else "lesson"

    @property
    def end(self) -> datetime | None:
        """After which nothing can be promised any more; None: never."""
        return None if self.window is None else self.window.end

    def step(self, key: str) -> StepPlan:
        """The step of that key; KeyError names it."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)
