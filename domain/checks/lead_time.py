"""The check `lead_time`: is there time for every answer before its deliverable is due?"""

from datetime import datetime, timedelta

from domain.calendar import Calendar
from domain.canonical import rfc3339
from domain.chain import TimelineStep, timeline
from domain.finding import Finding, Severity
from domain.plan import Plan, StepPlan

NAME = "lead_time"
OWNER = "marketing"


def lead_time(
    plan: Plan, calendar: Calendar, now: datetime, answered: frozenset[str] = frozenset()
) -> tuple[Finding, ...]:
    """Findings over every step not yet `answered`, in chain order.

    Blocks where the deliverable is due already, or before the step's own answer time could end even
    if it were asked now; warns where it is due before the answer that comes if everybody before
    takes all their time.
    """
    projected = timeline(plan, calendar, now)
    return tuple(
        _finding(plan, step, severity, entry, calendar=calendar)
        for step, entry in zip(plan.steps, projected, strict=True)
        if step.key not in answered
        and (severity := _severity(step, entry, now, calendar)) is not None
    )


def owning_step(plan: Plan, subject: StepPlan) -> str:
    """The first step of the owning module; the subject itself where the chain has none."""
    return next((step.key for step in plan.steps if step.module == OWNER), subject.key)


def _severity(
    step: StepPlan, entry: TimelineStep, now: datetime, calendar: Calendar
) -> Severity | None:
    if step.deliver_by <= now or step.deliver_by < calendar.add(now, step.answer_within):
        return "block"
    return "warn" if step.deliver_by < entry.answer_by else None


def _finding(
    plan: Plan,
    step: StepPlan,
    severity: Severity,
    entry: TimelineStep,
    *,
    calendar: Calendar,
) -> Finding:
    late = entry.answer_by - step.deliver_by
    return Finding(
        id=f"{NAME}:{step.key}",
        check=NAME,
        step=owning_step(plan, step),
        severity=severity,
        message=_message(step, severity, entry),
        figures={
            "step": step.key,
            "answer_by": rfc3339(entry.answer_by),
            "deliver_by": rfc3339(entry.deliver_by),
            "late_seconds": max(0, int(late.total_seconds())),
        },
        suggested_counter=_later(plan, step, entry, calendar) if severity == "block" else None,
    )


def _message(step: StepPlan, severity: Severity, entry: TimelineStep) -> str:
    due, answer = rfc3339(step.deliver_by), rfc3339(entry.answer_by)
    if severity == "block":
        return f"“{step.key}” is due at {due}, before its answer can be expected ({answer})."
    return (
        f"“{step.key}” is due at {due}; if everybody before takes all their time, "
        f"its answer comes only at {answer}."
    )


def _later(
    plan: Plan, step: StepPlan, entry: TimelineStep, calendar: Calendar
) -> dict[str, object] | None:
    """The window moved by the fewest whole days, a year at most, that leave time for all answers.

    So much that the finding is gone: less would only make a warning of it.
    """
    if step.lead_time is None:
        return None
    for days in range(1, 367):
        start = plan.window.start + timedelta(days=days)
        deliver_by = calendar.before(start, step.lead_time)
        if deliver_by >= entry.answer_by:
            end = plan.window.end + timedelta(days=days)
            return {"plan": {"window": {"start": rfc3339(start), "end": rfc3339(end)}}}
    return None
