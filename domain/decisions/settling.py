"""What follows by itself from any event, until the launch is at rest.

Each rule looks at the launch and says what must happen next, or nothing; the first that says
something is followed and all are asked again.
"""

from collections.abc import Callable
from datetime import datetime

from domain import events
from domain.chain import is_complete, is_ready, reasons_in_words, what_holds_the_gate
from domain.commitment import DELIVERED, OPEN, PROMISED, Commitment
from domain.decisions.ladder import climbed, next_escalation
from domain.decisions.rechecking import rechecked
from domain.decisions.terms import is_too_late
from domain.decisions.unfolding import Unfolding
from domain.escalation import Addressee, Escalation
from domain.evolution.placing import clock_of
from domain.launch import Launch
from domain.terms import Conditional

Rule = Callable[[Launch, datetime], tuple[events.Event, ...]]


def settle(unfolding: Unfolding) -> None:
    """Follow the rules until none has anything to say."""
    while following := _next_events(unfolding.launch, unfolding.now):
        unfolding.add(*following, by_system=True)


def _next_events(launch: Launch, now: datetime) -> tuple[events.Event, ...]:
    for rule in RULES:
        if following := rule(launch, now):
            return following
    return ()


def settle_answered_escalations(launch: Launch, now: datetime) -> tuple[events.Event, ...]:
    """The answer clears clock and ladder in the same decision."""
    del now
    if launch.ending in ("cancelled", "failed"):
        return ()
    return tuple(
        events.EscalationResolved(e.id, e.step, "answered", None)
        for e in launch.escalations
        if e.is_open and e.clock is not None and _is_over(launch, e)
    )


def escalate_at_once(launch: Launch, now: datetime) -> tuple[events.Event, ...]:
    """A stop and a held gate are put to the sponsor in the decision that made them."""
    clocks = (launch.stop.clock if launch.stop else None, launch.gate.clock)
    for clock in clocks:
        if clock is not None and clock.rung == 0 and clock.next_at == now:
            return climbed(launch, None, clock, _why(launch, now))
    return ()


def meet_conditions(launch: Launch, now: datetime) -> tuple[events.Event, ...]:
    """A signature holds in the decision that brings what it waits for in time, unless a finding
    stands before it.
    """
    if not launch.is_open or launch.is_stopped:
        return ()
    blocked = {f.step for f in launch.findings if f.is_blocking}
    return tuple(
        _met(launch, c, now)
        for c in launch.steps
        if c.conditional is not None
        and c.key not in blocked
        and _holds(launch, c.conditional)
        and not is_too_late(c, now)
    )


def run_satisfied(launch: Launch, now: datetime) -> tuple[events.Event, ...]:
    """A step without work of its own outside runs in the decision that satisfies it."""
    del now
    return tuple(
        events.StepRan(c.key) for c in launch.steps if c.is_satisfied and c.ran_seq is None
    )


def end_unpromised(launch: Launch, now: datetime) -> tuple[events.Event, ...]:
    """After the campaign nothing is promised for it any more; what was promised may still come."""
    del now
    if launch.phase != "closing" or launch.ending != "completed":
        return ()
    unpromised = (c for c in reversed(launch.steps) if c.state in OPEN - PROMISED)
    return tuple(events.CommitmentCancelled(c.key) for c in unpromised)


def fall_back(launch: Launch, now: datetime) -> tuple[events.Event, ...]:
    """A step that is asked for on something that fell is pending again; a promised one stands, and
    holds the gate until what it stands on does too.
    """
    del now
    if not launch.is_open:
        return ()
    fallen = {c.key for c in launch.steps if not c.is_satisfied}
    return tuple(
        event
        for c in launch.steps
        if (event := _moved_by(c, tuple(key for key in c.plan.after if key in fallen)))
    )


def open_ready(launch: Launch, now: datetime) -> tuple[events.Event, ...]:
    """The first pending step whose upstream is satisfied and ran: its checks, then its request."""
    if not launch.is_open or launch.is_stopped:
        return ()
    ready = (c for c in launch.steps if c.state == "pending" and is_ready(launch, c))
    commitment = next(ready, None)
    if commitment is None:
        return ()
    requested = events.CommitmentRequested(
        step=commitment.key,
        attempt=commitment.attempt,
        version=commitment.version,
        digest=commitment.digest,
        terms=commitment.terms,
        answer_by=launch.calendar.add(now, commitment.plan.answer_within),
    )
    return (*rechecked(launch, commitment, now), requested)


def conclude(launch: Launch, now: datetime) -> tuple[events.Event, ...]:
    """An action is over with what is delivered or excused, a lesson as soon as all agree to it;
    both with the first end of what was asked for. Whoever wants a promise back is heard first.
    """
    del now
    kind = launch.plan.kind
    if kind == "campaign" or not launch.is_open or launch.is_stopped:
        return ()
    wanted = DELIVERED if kind == "action" else PROMISED
    if all(c.state in wanted and c.release_asked is None for c in launch.steps):
        return (*_left(launch), events.LaunchClosed("completed"))
    ended = ", ".join(f"“{c.key}” is {c.state}" for c in launch.steps if c.is_unhappy)
    if not ended:
        return ()
    return (events.LaunchCancelled(f"What was asked for will not come: {ended}.", None),)


def complete_chain(launch: Launch, now: datetime) -> tuple[events.Event, ...]:
    """Every step is satisfied: the launch prepares."""
    del now
    done = launch.phase == "committing" and is_complete(launch)
    return (events.ChainCompleted(),) if done else ()


def pass_held_gate(launch: Launch, now: datetime) -> tuple[events.Event, ...]:
    """A held gate is tried again after every event."""
    held = launch.gate.held_since is not None and launch.phase in ("committing", "preparing")
    if not held or launch.is_stopped or what_holds_the_gate(launch, now):
        return ()
    return (events.GatePassed(),)


def raise_incidents(launch: Launch, now: datetime) -> tuple[events.Event, ...]:
    """A failed compensation is an open question for the sponsor, never swallowed."""
    del now
    for pending in launch.compensations:
        known = any(
            e.is_open and e.is_incident and e.step == pending.step for e in launch.escalations
        )
        if pending.error is not None and not known:
            return (_incident(launch, pending.step, pending.error),)
    return ()


def cancel_open(launch: Launch, now: datetime) -> tuple[events.Event, ...]:
    """A cancelled or failed launch owes nothing more; the last step lets go first."""
    del now
    if launch.ending not in ("cancelled", "failed"):
        return ()
    still_open = (c for c in reversed(launch.steps) if c.state in OPEN)
    return tuple(events.CommitmentCancelled(c.key) for c in still_open)


def close(launch: Launch, now: datetime) -> tuple[events.Event, ...]:
    """Closed when nothing is pending: no late delivery waited for, nothing left to undo."""
    del now
    if launch.phase != "closing" or launch.ending is None or launch.compensations:
        return ()
    if launch.ending == "completed" and not all(_is_over_with(c) for c in launch.steps):
        return ()
    return (*_left(launch), events.LaunchClosed(launch.ending))


RULES: tuple[Rule, ...] = (
    settle_answered_escalations,
    escalate_at_once,
    meet_conditions,
    run_satisfied,
    cancel_open,
    end_unpromised,
    fall_back,
    conclude,
    open_ready,
    complete_chain,
    pass_held_gate,
    raise_incidents,
    close,
)


def _left(launch: Launch) -> tuple[events.Event, ...]:
    """Nothing stays open behind a closed launch."""
    return tuple(
        events.EscalationResolved(e.id, e.step, "dismiss", events.CLOSED)
        for e in launch.escalations
        if e.is_open
    )


def _moved_by(commitment: Commitment, fallen: tuple[str, ...]) -> events.Event | None:
    if commitment.state in ("requested", "countered"):
        return events.CommitmentReturned(commitment.key) if fallen else None
    if commitment.state in PROMISED and bool(fallen) is not commitment.upstream_open:
        stands = events.UpstreamStands(commitment.key)
        return events.UpstreamFell(commitment.key, fallen) if fallen else stands
    return None


def _holds(launch: Launch, waiting: Conditional) -> bool:
    if waiting.condition.step is None:
        return waiting.confirmed
    other = launch.step(waiting.condition.step)
    return (
        other.state in DELIVERED if waiting.condition.reaches == "accepted" else other.is_satisfied
    )


def _met(launch: Launch, commitment: Commitment, now: datetime) -> events.ConditionMet:
    is_signed = len(commitment.signatures) + 1 >= commitment.plan.signers
    answer_by = None if is_signed else launch.calendar.add(now, commitment.plan.answer_within)
    return events.ConditionMet(commitment.key, commitment.attempt, commitment.version, answer_by)


def _is_over(launch: Launch, escalation: Escalation) -> bool:
    """The clock that raised it is gone, or has started anew; one that only rests comes back."""
    if escalation.clock is None:
        return False
    clock = clock_of(launch, escalation.step, escalation.clock)
    return clock is None or clock.escalation != escalation.id


def _why(launch: Launch, now: datetime) -> str:
    if launch.stop is not None:
        return f"Stopped: {launch.stop.reason}"
    return f"The gate is held: {reasons_in_words(launch, now)}."


def _is_over_with(commitment: Commitment) -> bool:
    return commitment.state in DELIVERED or commitment.breached or commitment.state not in OPEN


def _incident(launch: Launch, step: str, error: str) -> events.EscalationRaised:
    return events.EscalationRaised(
        escalation=next_escalation(launch),
        step=step,
        cause="manual",
        level=1,
        rung=1,
        to=Addressee(role="sponsor"),
        do="notify",
        reason=f"Undoing “{step}” failed: {error}",
        clock=None,
        next_at=None,
    )
