"""Events of the whole launch: its phases, gate, stops, end and compensation."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import assert_never

from domain import events
from domain.changing import replace
from domain.clocks import started
from domain.commitment import Commitment, Delegate
from domain.evolution.placing import all_shifted, begun_by, left_of, postponed, without_clocks
from domain.launch import Amendment, Compensation, Launch, Outcome, Stop
from domain.plan import Plan
from domain.plan_change import PlanChange, changed_fields


def evolve_launch(
    launch: Launch,
    entry: events.Entry,
    event: events.LaunchEvent | events.CompensationEvent,
) -> Launch:
    """The launch after one of its own events."""
    match event:
        case events.LaunchStarted():
            message = f"entry {entry.seq} starts a launch that goes on already"
            raise ValueError(message)
        case events.PlanAmended():
            return _amended(launch, entry, event)
        case events.PlanningDelegated():
            given = Delegate(event.to, event.until, entry.actor, event.reason)
            return replace(launch, delegate=given)
        case events.PlanningDelegationEnded():
            return replace(launch, delegate=None)
        case events.ChainCompleted():
            return replace(launch, phase="preparing")
        case events.GateHeld():
            return _held(launch, entry.at, event)
        case events.GatePassed():
            gate = replace(launch.gate, passed_at=entry.at, fails_at=None, clock=None)
            return replace(launch, phase="live", gate=gate)
        case events.LaunchStopped():
            return _stopped(launch, entry, event)
        case events.LaunchResumed():
            return _resumed(launch, timedelta(milliseconds=event.stopped_ms))
        case events.LaunchCancelled():
            return _ending(launch, "cancelled", entry.at)
        case events.LaunchFailed():
            return _ending(launch, "failed", entry.at)
        case events.WindowEnded():
            steps = tuple(_beyond_repair(c) for c in launch.steps)
            after = replace(launch, phase="closing", ending="completed", steps=steps)
            return replace(after, breach_at=event.breach_at)
        case events.LaunchClosed():
            return _closed(launch, event.outcome, entry.at)
        case events.StepCompensated():
            rest = tuple(c for c in launch.compensations if c.step != event.step)
            return replace(launch, compensations=rest)
        case events.CompensationFailed():
            marked = tuple(
                replace(c, error=event.error) if c.step == event.step else c
                for c in launch.compensations
            )
            return replace(launch, compensations=marked)
        case _:
            assert_never(event)


def replanned(launch: Launch, plan: Plan, postponed: Collection[str], at: datetime) -> Launch:
    """The launch under another plan; what was asked and promised stands, `postponed` later."""
    by = timedelta()
    if plan.window is not None and launch.plan.window is not None:
        by = plan.window.start - launch.plan.window.start
    steps = tuple(
        _postponed(planned, by, at) if planned.key in postponed else planned
        for c in launch.steps
        for planned in (replace(c, plan=plan.step(c.key)),)
    )
    return replace(launch, plan=plan, steps=steps, gate=launch.gate.moved(by, at))


def _amended(launch: Launch, entry: events.Entry, event: events.PlanAmended) -> Launch:
    fields = changed_fields(launch.plan, event.plan)
    amendment = Amendment(
        by=entry.actor,
        role=event.role,
        reason=event.reason,
        at=entry.at,
        before=PlanChange.of(launch.plan, fields),
        after=PlanChange.of(event.plan, fields),
    )
    after = replanned(launch, event.plan, event.postponed, entry.at)
    return replace(after, amendments=(*launch.amendments, amendment))


def _postponed(commitment: Commitment, by: timedelta, at: datetime) -> Commitment:
    """The due moves with the window; no other clock does. A delivery that has time again is not
    late any more.
    """
    later = postponed(commitment, by)
    if later.delivery is None:
        return later
    if later.due <= at:
        return replace(later, delivery=later.delivery.shifted(by))
    return replace(later, delivery=started("delivery", later.delivery.since, later.due))


def _held(launch: Launch, at: datetime, event: events.GateHeld) -> Launch:
    gate = replace(
        launch.gate,
        held_since=at,
        fails_at=event.fails_at,
        clock=replace(started("gate", at, at), overdue=True),
    )
    return replace(launch, gate=gate)


def _stopped(launch: Launch, entry: events.Entry, event: events.LaunchStopped) -> Launch:
    """What runs has begun by now, also where the time was set back meanwhile."""
    stop = Stop(entry.actor, event.reason, entry.at, started("stop", entry.at, entry.at))
    steps = tuple(begun_by(commitment, entry.at) for commitment in launch.steps)
    return replace(launch, stop=stop, steps=steps)


def _resumed(launch: Launch, by: timedelta) -> Launch:
    since = launch.started_at if launch.stop is None else launch.stop.at
    steps = tuple(_shifted(commitment, by, since) for commitment in launch.steps)
    return replace(launch, stop=None, steps=steps, gate=launch.gate.shifted(by))


def _shifted(commitment: Commitment, by: timedelta, since: datetime) -> Commitment:
    """Dues of what is already delivered or ended stay as history has them."""
    owed = commitment.state in ("pending", "requested", "countered", "signed", "reported")
    return all_shifted(commitment, by, since) if owed or commitment.is_unhappy else commitment


def _beyond_repair(commitment: Commitment) -> Commitment:
    """The campaign is over: nothing is asked for again, and no promise is given back."""
    return replace(commitment, repair=None, release=None, release_asked=None)


def _ending(launch: Launch, ending: Outcome, at: datetime) -> Launch:
    """Closing by cancel or failure: what ran is undone, last one first; no clock runs on."""
    ran = sorted(
        (c for c in launch.steps if c.ran_seq is not None),
        key=lambda c: c.ran_seq or 0,
        reverse=True,
    )
    steps = tuple(
        replace(without_clocks(c), repair_left=left_of(c.repair, at) or c.repair_left)
        for c in launch.steps
    )
    return replace(
        launch,
        phase="closing",
        ending=ending,
        stop=None,
        steps=steps,
        gate=replace(launch.gate, fails_at=None, clock=None),
        compensations=tuple(Compensation(c.key) for c in ran),
    )


def _closed(launch: Launch, outcome: Outcome, at: datetime) -> Launch:
    steps = tuple(without_clocks(c) for c in launch.steps)
    return replace(
        launch, phase="closed", outcome=outcome, closed_at=at, steps=steps, breach_at=None
    )
