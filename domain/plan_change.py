"""A change of the plan: which fields get which values, and whom that touches."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, get_args

from domain.calendar import Calendar
from domain.changing import replace
from domain.plan import Audience, Contact, Offer, Plan, Resource, StepPlan, Window

PlanField = Literal[
    "title", "window", "regions", "offers", "audience", "contact", "resources", "theme"
]
"""What of a plan can change once it is started; the chain, its people and its policy stay."""

PLAN_FIELDS: tuple[PlanField, ...] = get_args(PlanField)


@dataclass(frozen=True, slots=True)
class PlanChange:
    """Values for the `fields` that change. What stands in the others means nothing."""

    fields: tuple[PlanField, ...]
    title: str = ""
    window: Window | None = None
    regions: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    audience: Audience | None = None
    contact: Contact | None = None
    resources: tuple[Resource, ...] = ()
    theme: str | None = None

    @classmethod
    def of(cls, plan: Plan, fields: tuple[PlanField, ...]) -> "PlanChange":
        """What these fields hold in a plan."""
        return cls(fields, **{name: getattr(plan, name) for name in fields})

    def values(self) -> dict[str, Any]:
        """The changed fields with their values."""
        return {name: getattr(self, name) for name in self.fields}


def changed_plan(plan: Plan, change: PlanChange, calendar: Calendar) -> Plan:
    """The plan with the change made. Where the window moves, what is due by a lead time is due by
    the new start; in a postponement what is due at an instant moves along.
    """
    after = replace(plan, **change.values())
    if after.window == plan.window or after.window is None:
        return after
    moved = postponed_by(plan, after) or timedelta()
    steps = tuple(_moved(step, after.window, moved, calendar) for step in plan.steps)
    return replace(after, steps=steps)


def changed_fields(before: Plan, after: Plan) -> tuple[PlanField, ...]:
    """The fields whose values differ."""
    return tuple(name for name in PLAN_FIELDS if getattr(before, name) != getattr(after, name))


def postponed_by(before: Plan, after: Plan) -> timedelta | None:
    """By how much start and end moved, where they moved later by the same and nothing that a
    promise rests on changed beside them.
    """
    if before.window is None or after.window is None:
        return None
    start = after.window.start - before.window.start
    end = after.window.end - before.window.end
    rests_on = set(changed_fields(before, after)) - {"title"}
    return start if rests_on == {"window"} and start == end > timedelta() else None


def material_to(step: StepPlan, before: Plan, after: Plan) -> tuple[PlanField, ...]:
    """The changed fields that the step's promise rests on. None are in a postponement."""
    if postponed_by(before, after) is not None:
        return ()
    return tuple(name for name in changed_fields(before, after) if name in step.material)


def _moved(step: StepPlan, window: Window, by: timedelta, calendar: Calendar) -> StepPlan:
    if step.lead_time is None:
        return replace(step, deliver_by=step.deliver_by + by)
    return replace(step, deliver_by=calendar.before(window.start, step.lead_time))
