"""The check `lead_time`: is there time for every answer before its deliverable is due?"""

from datetime import datetime, timedelta

from domain.calendar import Calendar
from domain.canonical import rfc3339
from domain.chain import TimelineStep, timeline
from domain.finding import Finding
from domain.plan import Plan, StepPlan

NAME = "lead_time"
OWNER = "marketing"


def lead_time(
    plan: Plan, calendar: Calendar, now: datetime, answered: frozenset[str] = frozenset()
) -> tuple[Finding, ...]:
    """Findings over every step not yet `answered`, in chain order.

    Blocks where the deliverable is due already, or before the answer that comes if everybody takes
    all their time.
    """
    projected = timeline(plan, calendar, now, answered)
    return tuple(
        _finding(plan, step, entry, calendar=calendar, now=now)
        for step, entry in zip(plan.steps, projected, strict=True)
        if step.key not in answered and not _in_time(step.deliver_by, entry, now)
    )


def owning_step(plan: Plan, subject: StepPlan) -> str:
    """The first step of the owning module; the subject itself where the chain has none."""
    return next((step.key for step in plan.steps if step.module == OWNER), subject.key)


def _in_time(deliver_by: datetime, entry: TimelineStep, now: datetime) -> bool:
    return now < deliver_by and entry.answer_by <= deliver_by


def _finding(
    plan: Plan, step: StepPlan, entry: TimelineStep, *, calendar: Calendar, now: datetime
) -> Finding:
    late = entry.answer_by - step.deliver_by
    return Finding(
        id=f"{NAME}:{step.key}",
        check=NAME,
        step=owning_step(plan, step),
        severity="block",
        message=_message(step, entry, now),
        figures={
            "step": step.key,
            "answer_by": rfc3339(entry.answer_by),
            "deliver_by": rfc3339(entry.deliver_by),
            "late_seconds": max(0, int(late.total_seconds())),
        },
        suggested_counter=_later(plan, step, entry, calendar=calendar, now=now),
    )


def _message(step: StepPlan, entry: TimelineStep, now: datetime) -> str:
    due, answer = rfc3339(step.deliver_by), rfc3339(entry.answer_by)
    if step.deliver_by <= now:
        return f"“{step.key}” was due at {due} already."
    return (
        f"“{step.key}” is due at {due}; if everybody takes all their time, "
        f"its answer comes only at {answer}."
    )


def _later(
    plan: Plan, step: StepPlan, entry: TimelineStep, *, calendar: Calendar, now: datetime
) -> dict[str, object] | None:
    """The window moved by the fewest whole days, a year at most, that make the finding go."""
    if step.lead_time is None or plan.window is None:
        return None
    for days in range(1, 367):
        start = plan.window.start + timedelta(days=days)
        if _in_time(calendar.before(start, step.lead_time), entry, now):
            end = plan.window.end + timedelta(days=days)
            return {"plan": {"window": {"start": rfc3339(start), "end": rfc3339(end)}}}
    return None
