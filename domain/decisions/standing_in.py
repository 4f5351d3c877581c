"""Around a signature: the fact it waits for, who stands in for the module, and reminders."""

from datetime import datetime, timedelta

from domain import acts, events
from domain.canonical import rfc3339
from domain.commitment import Commitment
from domain.decisions.guards import check_state, figures_of
from domain.decisions.terms import is_too_late
from domain.errors import AlreadyAnswered, FourEyes, Invalid, RemindedRecently, WrongState
from domain.launch import Launch
from domain.organisation import MODULE_POSTS

QUIET = timedelta(hours=4)
"""Nobody is reminded more often, nor more than once in an answer time."""

DECIDING = (*MODULE_POSTS, "sponsor", "executive")
"""Posts that promise, judge or excuse; who plans holds none of them in the launch."""


def confirm(launch: Launch, act: acts.Confirm, now: datetime) -> tuple[events.Event, ...]:
    """The planner says that the fact is so; the signature that waits for it holds at once."""
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    waiting = commitment.conditional
    if waiting is None or waiting.condition.fact is None:
        message = f"No signature of “{commitment.key}” waits for a fact."
        raise WrongState(message, **figures_of(commitment))
    if act.fact != waiting.condition.fact:
        raise Invalid("fact", f"The signature waits for “{waiting.condition.fact}”.")
    if waiting.confirmed:
        raise AlreadyAnswered("This fact is confirmed already.", step=commitment.key)
    if is_too_late(commitment, now):
        message = f"The signature waited for “{act.fact}” until its time was over."
        raise WrongState(message, **figures_of(commitment))
    return (events.FactConfirmed(act.step, act.fact),)


def delegate(
    launch: Launch, act: acts.Delegate, actor: acts.Actor, now: datetime
) -> tuple[events.Event, ...]:
    """Somebody else may answer too; a later delegation takes the place of an earlier one."""
    check_state(launch, launch.step(act.step), act)
    if act.to in launch.planners:
        message = "The planner cannot perform what the planner asks for."
        raise FourEyes(message, to=act.to)
    if act.to == actor.person:
        raise Invalid("to", "You answer for the module yourself.")
    if act.until <= now:
        raise Invalid("until", "The delegation would be over already.")
    given = events.CommitmentDelegated(act.step, act.to, act.until, actor.person, act.reason)
    return (given,)


def delegate_planning(
    launch: Launch, act: acts.DelegatePlanning, now: datetime
) -> tuple[events.Event, ...]:
    """Somebody who answers for nothing in this launch plans too; four eyes stay four."""
    if act.to == launch.plan.planner:
        raise Invalid("to", "You plan this launch yourself.")
    if act.until <= now:
        raise Invalid("until", "The delegation would be over already.")
    if part := _other_part(launch, act.to):
        message = f"{act.to} is {part} in this launch; somebody else must stand in for the planner."
        raise FourEyes(message, to=act.to)
    return (events.PlanningDelegated(act.to, act.until, act.reason),)


def _other_part(launch: Launch, person: str) -> str | None:
    """The post or delegation by which somebody decides in this launch already."""
    held = [post.key for post in launch.staff if person in post.people]
    deciding = [post for post in held if post.partition(":")[0] in DECIDING]
    performing = [
        f"the performer of {c.key}"
        for c in launch.steps
        if person in (c.delegate and c.delegate.to, c.performer and c.performer.person)
    ]
    return next(iter((*deciding, *performing)), None)


def remind(launch: Launch, act: acts.Remind, now: datetime) -> tuple[events.Event, ...]:
    """Told at most once in four hours, and once in an answer time where that is shorter."""
    commitment = launch.step(act.step)
    check_state(launch, commitment, act)
    if not _others_waited_on(commitment):
        message = f"“{commitment.key}” is {commitment.state}; nobody but you is waited on."
        raise WrongState(message, **figures_of(commitment))
    if commitment.reminded_at is not None:
        within = launch.calendar.add(commitment.reminded_at, commitment.plan.answer_within)
        again_at = min(commitment.reminded_at + QUIET, within)
        if now < again_at:
            message = f"They were reminded already; again from {rfc3339(again_at)}."
            raise RemindedRecently(message, again_at=again_at)
    return (events.ReminderSent(act.step),)


def _others_waited_on(commitment: Commitment) -> bool:
    kinds = {clock.kind for clock in commitment.clocks}
    is_judged_by_other = commitment.plan.customer != "planner"
    return bool(kinds & {"answer", "delivery"}) or ("acceptance" in kinds and is_judged_by_other)
