"""What happens when nobody acts: silence, ladders, the gate, the end of the window."""

from datetime import datetime
from typing import assert_never

from domain import events
from domain.canonical import rfc3339
from domain.chain import reasons_in_words, what_holds_the_gate
from domain.clocks import STEP_CLOCKS, Clock, Deadline, StepClockKind
from domain.commitment import OPEN, Commitment
from domain.decisions.answers import repair_times
from domain.decisions.ladder import climbed, first_rung_at
from domain.launch import Launch


def fire(launch: Launch, deadline: Deadline, now: datetime) -> tuple[events.Event, ...]:
    """What a deadline that has come brings about."""
    match deadline.kind:
        case "clock":
            return _clock(launch, deadline, now)
        case "reminder":
            kind = next(kind for kind in STEP_CLOCKS if kind == deadline.clock)
            return (events.ReminderSent(deadline.step, kind, _clock_of(launch, deadline).due),)
        case "acknowledgement":
            step = launch.escalation(deadline.escalation).step
            return (events.AcknowledgementExpired(deadline.escalation, step),)
        case "delegation":
            if not deadline.step:
                return (events.PlanningDelegationEnded(),)
            return (events.DelegationEnded(deadline.step),)
        case "gate":
            return _gate(launch, deadline.at)
        case "grace":
            reasons = reasons_in_words(launch, now)
            message = f"The gate was still held when its grace ended: {reasons}."
            return (events.LaunchFailed("gate", message),)
        case "window_end":
            return _window_end(launch, deadline.at)
        case "breach":
            late = (c.key for c in launch.steps if c.state in OPEN)
            return tuple(events.CommitmentBreached(key) for key in late)
        case _:
            assert_never(deadline.kind)


def _clock(launch: Launch, deadline: Deadline, now: datetime) -> tuple[events.Event, ...]:
    if deadline.clock == "stop" and launch.stop is not None:
        reason = f"Stopped: {launch.stop.reason}"
        return climbed(launch, None, launch.stop.clock, reason)
    if deadline.clock == "gate" and launch.gate.clock is not None:
        reason = f"The gate is held: {reasons_in_words(launch, now)}."
        return climbed(launch, None, launch.gate.clock, reason)
    commitment = launch.step(deadline.step)
    clock = _clock_of(launch, deadline)
    if clock.kind == "condition":
        answer_by = launch.calendar.add(now, commitment.plan.answer_within)
        return (events.ConditionLapsed(commitment.key, answer_by),)
    if clock.kind == "repair":
        return _repair(launch, commitment, clock, deadline.at)
    if clock.overdue:
        reason = f"“{commitment.key}” is overdue since {rfc3339(clock.due)} ({clock.kind})."
        return climbed(launch, commitment, clock, reason)
    match clock.kind:
        case "answer":
            return _silence(launch, commitment, clock, now)
        case "gate" | "stop":
            return ()
        case kind:
            return (_overdue(launch, commitment, clock, kind),)


def _clock_of(launch: Launch, deadline: Deadline) -> Clock:
    clocks = launch.step(deadline.step).clocks
    return next(clock for clock in clocks if clock.kind == deadline.clock)


def _silence(
    launch: Launch, commitment: Commitment, clock: Clock, now: datetime
) -> tuple[events.Event, ...]:
    """The answer-by passed. Only the policy `deemed` lets silence pass, and labels it."""
    key, attempt, version = commitment.key, commitment.attempt, commitment.version
    if commitment.plan.silence == "decline":
        return (
            events.CommitmentLapsed(key, attempt, version, *repair_times(launch, commitment, now)),
        )
    blocked = any(f.is_blocking and f.step == key for f in launch.findings)
    if commitment.plan.silence == "deemed" and commitment.plan.signers == 1 and not blocked:
        return (events.CommitmentDeemed(key, version),)
    next_at = first_rung_at(launch, commitment, clock)
    return (events.AnswerOverdue(key, attempt, version, clock.due, next_at),)


def _overdue(
    launch: Launch, commitment: Commitment, clock: Clock, kind: StepClockKind
) -> events.ClockOverdue:
    return events.ClockOverdue(
        step=commitment.key,
        attempt=commitment.attempt,
        version=commitment.version,
        clock=kind,
        due=clock.due,
        next_at=first_rung_at(launch, commitment, clock),
    )


def _repair(
    launch: Launch, commitment: Commitment, clock: Clock, at: datetime
) -> tuple[events.Event, ...]:
    """The sponsor hears first; when the repair time is over, the launch fails."""
    if clock.due <= at:
        message = f"“{commitment.key}” ended {commitment.state} and was not repaired in time."
        return (events.LaunchFailed("repair", message, commitment.key),)
    return climbed(launch, commitment, clock, f"“{commitment.key}” ended {commitment.state}.")


def _gate(launch: Launch, at: datetime) -> tuple[events.Event, ...]:
    """What was owed by the time the gate opened counts, however late the clock is read."""
    reasons = what_holds_the_gate(launch, at)
    if not reasons:
        return (events.GatePassed(),)
    fails_at = launch.calendar.add(launch.gate.opens_at or at, launch.plan.policy.gate_grace)
    return (events.GateHeld(reasons, fails_at),)


def _window_end(launch: Launch, end: datetime) -> tuple[events.Event, ...]:
    if launch.stop is not None:
        return (events.LaunchCancelled("The window ended while the launch was stopped.", None),)
    if launch.phase == "live":
        breach_at = launch.calendar.add(end, launch.plan.policy.repair_within)
        return (events.WindowEnded(breach_at),)
    return (events.LaunchFailed("window", "The window ended before the launch went live."),)
