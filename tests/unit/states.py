"""What holds of every launch at rest, and of whoever brought an entry about."""

from datetime import datetime

from domain import events
from domain.acts import Command, SystemAct
from domain.commitment import SATISFIED, Commitment
from domain.deadlines import next_deadline
from domain.decisions.settling import RULES
from domain.escalation import Escalation
from domain.inbox import inbox_items
from domain.launch import Launch
from domain.plan import PlanKind
from domain.waiting import waiting_on
from tests.unit.clock_watch import clocks_of
from tests.unit.role_table import may


def check_state(launch: Launch, now: datetime) -> None:
    """What holds of every launch after a decision at `now`."""
    assert all(rule(launch, now) == () for rule in RULES), "nothing more follows by itself"
    for commitment in launch.steps:
        _check_clocks(commitment, launch.plan.kind)
        if launch.is_open:
            _check_upstream(launch, commitment)
    for escalation in launch.escalations:
        assert (escalation.state == "resolved") == (escalation.resolution is not None)
        _check_escalation(launch, escalation)
    somebody = waiting_on(launch) or launch.compensations
    moment = next_deadline(launch)
    if launch.phase == "closed":
        assert not somebody
        assert moment is None
        assert not inbox_items(launch)
        assert not any(e.is_open for e in launch.escalations)
        assert not any(c.clocks for c in launch.steps)
        assert launch.outcome is not None
    else:
        assert somebody or moment is not None, "a dead end"


def check_signer(before: Launch, entry: events.Entry, command: Command) -> None:
    """I5: whoever acts is one of the role table at that moment, and no planner signs."""
    act, actor = command.act, command.actor
    if isinstance(act, SystemAct) or actor is None or entry.actor == events.SYSTEM:
        return
    assert may(before, act, actor.person, actor.roles, entry.at)
    signatures = (
        *(events.SignatureGiven, events.CommitmentSigned, events.CounterOffered),
        events.SignedConditionally,
    )
    if isinstance(entry.event, signatures):
        assert actor.person != before.plan.planner


def _check_escalation(launch: Launch, escalation: Escalation) -> None:
    """An open one that came from a clock is that clock's, and the clock still runs, or rests while
    a report waits for its judgement.
    """
    if escalation.is_open and escalation.clock is not None and launch.ending is None:
        clock = clocks_of(launch).get((escalation.step, escalation.clock))
        assert clock is not None
        assert clock.escalation == escalation.id
        if escalation.step is not None:
            stands = launch.step(escalation.step)
            rests = escalation.clock == "delivery" and stands.state == "reported"
            assert rests or clock in stands.clocks


def _check_upstream(launch: Launch, commitment: Commitment) -> None:
    """I1 at rest: nobody is asked on something that fell, and who promised on it is marked."""
    stands = all(c.state in SATISFIED for c in launch.upstream(commitment))
    assert stands or commitment.state not in ("requested", "countered")
    is_promised = commitment.state in ("signed", "reported", "accepted")
    assert commitment.upstream_open == (is_promised and not stands)


def _check_clocks(commitment: Commitment, kind: PlanKind) -> None:
    kinds = {clock.kind for clock in commitment.clocks}
    match commitment.state:
        case "requested":
            assert ("condition" in kinds) == (commitment.conditional is not None)
            assert ("answer" in kinds) != ("condition" in kinds), "one of the two is waited for"
            assert kinds <= {"answer", "condition", "reply"}
        case "countered":
            assert "counter" in kinds
            assert kinds <= {"counter", "reply"}
        case "signed":
            release = {"release"} if commitment.release_asked else set()
            delivery = set() if kind == "lesson" else {"delivery"}
            assert commitment.breached or kinds == delivery | release
        case "reported":
            assert commitment.breached or kinds == {"acceptance"}
        case "pending" | "accepted" | "waived":
            assert kinds == set(), "no clock runs on what ended"
        case _:
            assert kinds <= {"repair"}
