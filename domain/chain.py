"""The chain: which steps wait for which, what is open, and how long it all takes at the latest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.calendar import Calendar
from domain.commitment import Commitment
from domain.launch import Launch
from domain.plan import Plan

WORDS: Mapping[str, str] = {
    "undelivered": "is not delivered",
    "upstream_open": "stands on a step that fell back",
    **dict.fromkeys(("pending", "requested", "countered"), "is not signed yet"),
}
"""What holds the gate, as said of a step; any other state is said as it is."""


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """When a step's answer and deliverable are due if everybody takes all their time."""

    step: str
    answer_by: datetime
    deliver_by: datetime


def timeline(
    plan: Plan, calendar: Calendar, now: datetime, answered: frozenset[str] = frozenset()
) -> tuple[TimelineStep, ...]:
    """Each step asked when the last one before it answers at its answer-by; the first ones now.

    Steps already `answered` count as answered now.
    """
    answer_by = dict.fromkeys(answered, now)
    for step in plan.steps:
        if step.key in answered:
            continue
        asked = max((answer_by[key] for key in step.after), default=now)
        answer_by[step.key] = calendar.add(asked, step.answer_within)
    return tuple(TimelineStep(s.key, answer_by[s.key], s.deliver_by) for s in plan.steps)


def is_ready(launch: Launch, commitment: Commitment) -> bool:
    """Every step before it is satisfied in its current version, and ran."""
    return not unready(launch, commitment)


def unready(launch: Launch, commitment: Commitment) -> tuple[str, ...]:
    """The steps it still waits for."""
    before = launch.upstream(commitment)
    return tuple(up.key for up in before if not up.is_satisfied or up.ran_seq is None)


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


def reasons_in_words(launch: Launch, now: datetime) -> str:
    """The same as a person reads it: “product is not delivered; marketing is not signed yet”."""
    steps = (
        f"{c.key} {WORDS.get(reason, f'is {reason}')}"
        for c in launch.steps
        if (reason := _step_holds(c, now)) is not None
    )
    findings = (f"a finding on {f.step} is open" for f in launch.findings if f.is_blocking)
    return "; ".join((*steps, *dict.fromkeys(findings)))


def _step_holds(commitment: Commitment, now: datetime) -> str | None:
    if commitment.upstream_open:
        return "upstream_open"
    if commitment.state in ("accepted", "waived"):
        return None
    if not commitment.is_satisfied:
        return commitment.state
    return None if commitment.due > now else "undelivered"
