"""Which checks there are. A check is a function of plan, calendar and time; more join this list."""

from collections.abc import Callable
from datetime import datetime

from domain.calendar import Calendar
from domain.checks.lead_time import lead_time
from domain.finding import Finding
from domain.plan import Plan

Check = Callable[[Plan, Calendar, datetime, frozenset[str]], tuple[Finding, ...]]
CHECKS: tuple[Check, ...] = (lead_time,)


def findings_of(
    plan: Plan, calendar: Calendar, now: datetime, answered: frozenset[str] = frozenset()
) -> tuple[Finding, ...]:
    """Every finding of every check, in the order of checks and then of steps."""
    return tuple(finding for check in CHECKS for finding in check(plan, calendar, now, answered))
