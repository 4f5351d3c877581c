"""Another plan for a launch that goes on: what is touched is asked for anew, the rest stands."""

from collections.abc import Iterator
from datetime import datetime

from domain import acts, events
from domain.changing import replace
from domain.commitment import OPEN, Commitment
from domain.decisions.rechecking import rechecked
from domain.errors import Invalid, WrongState
from domain.evolution.launches import replanned
from domain.evolution.negotiation import uncountered
from domain.evolution.placing import kept_shift, with_step
from domain.launch import Launch
from domain.plan import Plan, Window
from domain.plan_change import PlanChange, changed_plan, material_to, postponed_by
from domain.terms import replanned_terms, terms_digest


def amend(
    launch: Launch, act: acts.AmendPlan, role: str, now: datetime
) -> tuple[events.Event, ...]:
    """The planner changes the plan."""
    plan = planned(launch, act.plan, now)
    return replan(launch, plan, reason=act.reason, role=role, now=now)


def postpone(
    launch: Launch, window: Window, *, reason: str, role: str, now: datetime
) -> tuple[events.Event, ...]:
    """The whole campaign takes place later; every promise stands."""
    plan = planned(launch, PlanChange(("window",), window=window), now, path="window")
    if postponed_by(launch.plan, plan) is None:
        raise Invalid("window", "Postponing moves start and end later by the same length.")
    return replan(launch, plan, reason=reason, role=role, now=now)


def planned(launch: Launch, change: PlanChange, now: datetime, *, path: str = "plan") -> Plan:
    """The changed plan; Invalid, below `path`, where it cannot be or is the plan as it stands."""
    where = "window" if path == "window" else f"{path}.window"
    if launch.plan.window is None and set(change.fields) - {"title"}:
        raise Invalid(path, f"An {launch.plan.kind} has no plan but its title and its terms.")
    plan = changed_plan(launch.plan, change, launch.calendar)
    if plan == launch.plan:
        raise Invalid(path, "This is the plan already; say what should change.")
    if launch.plan.window not in (None, plan.window) and plan.window is not None:
        _check_window(launch, plan.window, now, where)
    return plan


def replan(
    launch: Launch, plan: Plan, *, reason: str, role: str, now: datetime, agreed: str | None = None
) -> tuple[events.Event, ...]:
    """What follows from another plan: voided commitments, later dues, findings. The step `agreed`
    has promised terms for that plan already.
    """
    later = postponed_by(launch.plan, plan) is not None
    postponed = tuple(c.key for c in launch.steps if later and _is_owed(c) and c.key != agreed)
    amended = events.PlanAmended(plan, reason, role, postponed)
    superseded = tuple(
        event
        for c in launch.steps
        if c.key != agreed and (event := _superseded(launch, plan, c, reason)) is not None
    )
    after = replanned(launch, plan, postponed, now)
    for event in superseded:
        after = with_step(after, _asked_anew(after.step(event.step), event))
    return (amended, *superseded, *_found(after, now))


def _found(launch: Launch, now: datetime) -> Iterator[events.Event]:
    """Nothing new stands before what is signed already; the gate could not tell it to anybody."""
    for commitment in launch.steps:
        for event in rechecked(launch, commitment, now):
            if isinstance(event, events.FindingCleared) or not commitment.is_satisfied:
                yield event


def _is_owed(commitment: Commitment) -> bool:
    return commitment.state in OPEN or commitment.is_unhappy


def _superseded(
    launch: Launch, plan: Plan, commitment: Commitment, reason: str
) -> events.CommitmentSuperseded | None:
    """None where the plan changed in nothing it rests on; what is waived owes nothing. What was not
    asked for yet is asked for as it now is.
    """
    fields = material_to(commitment.plan, launch.plan, plan)
    asked = uncountered(commitment).terms
    terms = replanned_terms(asked, commitment.key, launch.plan, plan)
    is_unasked = commitment.requested_at is None and terms == asked
    if not fields or commitment.state == "waived" or is_unasked:
        return None
    version = commitment.next_version
    return events.CommitmentSuperseded(
        step=commitment.key,
        attempt=commitment.attempt,
        version=version,
        digest=terms_digest(
            launch.id, commitment.key, attempt=commitment.attempt, version=version, terms=terms
        ),
        terms=terms,
        fields=fields,
        reason=reason,
    )


def _asked_anew(commitment: Commitment, event: events.CommitmentSuperseded) -> Commitment:
    """As far as the checks look at it."""
    state = commitment.state if commitment.is_unhappy else "pending"
    shift = kept_shift(commitment, event.terms)
    return replace(commitment, state=state, terms=event.terms, shift=shift)


def _check_window(launch: Launch, window: Window, now: datetime, path: str) -> None:
    if window.end <= max(now, window.start):
        raise Invalid(f"{path}.end", "The end must be after the start, and not past already.")
    if launch.plan.window is not None and window.start == launch.plan.window.start:
        return
    if launch.gate.passed_at is not None:
        message = "The campaign is live; its start stands."
        raise WrongState(message, state=launch.phase, possible=[])
    if window.start <= now:
        raise Invalid(f"{path}.start", "The new start is past already.")
