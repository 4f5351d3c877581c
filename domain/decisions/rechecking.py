"""The checks a step owns, made again where its terms or its moment changed."""

from datetime import datetime

from domain import events
from domain.changing import replace
from domain.checks.registry import checks_of
from domain.commitment import Commitment
from domain.finding import Finding
from domain.launch import Launch


def rechecked(
    launch: Launch, commitment: Commitment, now: datetime
) -> tuple[events.FindingRaised | events.FindingCleared, ...]:
    """What is new or worse is raised, what is gone cleared."""
    checks = tuple(checks_of(launch.plan, commitment.plan))
    if not checks:
        return ()
    answered = frozenset(c.key for c in launch.steps if c.is_satisfied)
    steps = tuple(replace(c.plan, deliver_by=c.due) for c in launch.steps)
    plan = replace(launch.plan, steps=steps)
    found = (f for check in checks for f in check.find(plan, launch.calendar, now, answered))
    mine = {f.id: f for f in found if f.step == commitment.key}
    known = {f.id: f for f in launch.findings}
    raised = tuple(
        events.FindingRaised(f, f.step) for f in mine.values() if _is_news(known.get(f.id), f)
    )
    cleared = tuple(
        events.FindingCleared(f.id, f.step)
        for f in launch.findings
        if f.step == commitment.key and f.state == "open" and f.id not in mine
    )
    return raised + cleared


def _is_news(known: Finding | None, found: Finding) -> bool:
    if known is None or known.state == "cleared":
        return True
    return known.severity != found.severity and not (
        known.state == "waived" and known.severity == "block"
    )
