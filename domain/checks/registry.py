"""Which checks there are, and which step owns each. More checks join this list. They are about
campaigns; nothing else is checked.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.calendar import Calendar
from domain.checks import lead_time
from domain.finding import Finding
from domain.plan import Plan, StepPlan

Find = Callable[[Plan, Calendar, datetime, frozenset[str]], tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class Check:
    """A check by name; the first step of module `owner` owns its findings, if the chain has one."""

    name: str
    owner: str
    find: Find

    def is_owned_by(self, plan: Plan, step: StepPlan) -> bool:
        """Whether findings of this check can belong to that step."""
        modules = {known.module for known in plan.steps}
        return step.module == self.owner or self.owner not in modules


CHECKS: tuple[Check, ...] = (Check(lead_time.NAME, lead_time.OWNER, lead_time.lead_time),)


def findings_of(plan: Plan, calendar: Calendar, now: datetime) -> tuple[Finding, ...]:
    """Every finding of every check, in the order of checks and then of steps."""
    checks = CHECKS if plan.kind == "campaign" else ()
    return tuple(f for check in checks for f in check.find(plan, calendar, now, frozenset()))


def checks_of(plan: Plan, step: StepPlan) -> Iterator[Check]:
    """The checks that run again when this step opens."""
    checks = CHECKS if plan.kind == "campaign" else ()
    return (check for check in checks if check.is_owned_by(plan, step))
