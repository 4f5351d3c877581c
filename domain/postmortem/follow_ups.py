"""What actions and lessons have in common: a launch without a window, after the run of a review."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.plan import Plan, Review, StepPlan
from domain.template import PLANNER


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks after which run, and who stands above it."""

    run: Plan
    launch: str
    by: str
    sponsor: str


def asked_step(
    run: Plan, module: str, deliverable: str, *, conditions: tuple[str, ...], deliver_by: datetime
) -> StepPlan:
    """What one module is asked for, received by whoever asks. Answer times and ladder are those of
    the run; silence never passes it.
    """
    return StepPlan(
        key=module,
        module=module,
        after=(),
        customer=PLANNER,
        deliverable=deliverable,
        conditions=conditions,
        signers=1,
        deliver_by=deliver_by,
        lead_time=None,
        answer_within=run.policy.answer_within,
        silence="escalate",
        ladder=run.policy.ladder,
        remind_before=run.policy.remind_before,
    )


def follow_up_plan(
    asking: Asking, *, code: str, title: str, steps: Sequence[StepPlan], review: Review
) -> Plan:
    """The plan of it: nothing of a campaign, but its department and policy."""
    return Plan(
        code=code,
        title=title,
        department=asking.run.department,
        planner=asking.by,
        sponsor=asking.sponsor,
        template=asking.run.template,
        window=None,
        regions=(),
        offers=(),
        audience=None,
        contact=None,
        resources=(),
        theme=None,
        policy=replace(asking.run.policy, silence="escalate"),
        steps=tuple(steps),
        review=review,
    )
