"""The chain: which steps wait for which, what is open, and how long it all takes at the latest."""

from dataclasses import dataclass
from datetime import datetime

from domain.calendar import Calendar
from domain.commitment import Commitment
from domain.launch import Launch
from domain.plan import Plan


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """When a step's answer and deliverable are due if everybody takes all their time."""

    step: str
    answer_by: datetime
    deliver_by: datetime


def timeline(plan: Plan, calendar: Calendar, now: datetime) -> tuple[TimelineStep, ...]:
    """Each step asked when the last one before it answers at its answer-by; the first ones now."""
    answer_by: dict[str, datetime] = {}
    for step in plan.steps:
        asked = max((answer_by[key] for key in step.after), default=now)
        answer_by[step.key] = calendar.add(asked, step.answer_within)
    return tuple(TimelineStep(s.key, answer_by[s.key], s.deliver_by) for s in plan.steps)


def is_ready(launch: Launch, commitment: Commitment) -> bool:
    """Every step before it is satisfied in its current version, and ran."""
    return all(up.is_satisfied and up.ran_seq is not None for up in launch.upstream(commitment))


def is_complete(launch: Launch) -> bool:
    """Every step is satisfied."""
    return all(commitment.is_satisfied for commitment in launch.steps)


def what_holds_the_gate(launch: Launch, now: datetime) -> tuple[str, ...]:
    """What stands against going live, one entry each: `step:reason` or `finding:id`; empty: passes.

    A step holds unless it is accepted or waived, or promised for later and its upstream stands.
    """
    steps = tuple(
        f"{c.key}:{reason}" for c in launch.steps if (reason := _step_holds(c, now)) is not None
    )
    findings = tuple(f"finding:{f.id}" for f in launch.findings if f.is_blocking)
    return steps + findings


def _step_holds(commitment: Commitment, now: datetime) -> str | None:
    if commitment.upstream_open:
        return "upstream_open"
    if commitment.state in ("accepted", "waived"):
        return None
    if not commitment.is_satisfied:
        return commitment.state
    return None if commitment.due > now else "undelivered"
