"""Climbing a ladder: whom the next rung reaches, and when the one after it is due."""

from dataclasses import dataclass
from datetime import datetime

from domain import events
from domain.calendar import Duration
from domain.changing import replace
from domain.clocks import Clock, ClockKind
from domain.commitment import Commitment
from domain.escalation import AUTHORITY_LADDER, Addressee, Cause
from domain.launch import Launch
from domain.organisation import MODULE_POSTS
from domain.plan import Rung

ROLES = (*MODULE_POSTS, "planner", "sponsor", "executive")
CAUSES: dict[ClockKind, Cause] = {
    "answer": "overdue_answer",
    "condition": "overdue_answer",
    "counter": "overdue_answer",
    "release": "overdue_answer",
    "reply": "overdue_answer",
    "delivery": "overdue_delivery",
    "acceptance": "overdue_answer",
    "repair": "declined",
    "gate": "gate",
    "stop": "stop",
}
LAST_RESORT = (Rung(after=Duration.parse("PT0S"), to="sponsor"),)
"""A ladder on which nobody stands still ends with the sponsor: silence is never forgotten."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs for one clock; `module` scopes the module posts among them."""

    rungs: tuple[Rung, ...]
    module: str | None
    staffed: tuple[bool, ...]

    def first_after(self, rung: int) -> int | None:
        """The index of the first rung from `rung` on that reaches somebody."""
        return next((i for i in range(rung, len(self.rungs)) if self.staffed[i]), None)


def ladder_of(launch: Launch, commitment: Commitment | None, kind: ClockKind) -> Ladder:
    """The ladder a clock climbs: the step's own for its performer and its customer's module."""
    rungs: tuple[Rung, ...] = AUTHORITY_LADDER
    module: str | None = None
    if commitment is not None and kind in ("answer", "delivery"):
        rungs, module = commitment.plan.ladder, commitment.plan.module
    elif commitment is not None and kind == "acceptance" and commitment.plan.customer != "planner":
        rungs, module = commitment.plan.ladder, commitment.plan.customer
    elif kind == "repair":
        rungs = LAST_RESORT
    if not any(_is_staffed(launch, rung, module) for rung in rungs):
        rungs = LAST_RESORT
    return Ladder(rungs, module, tuple(_is_staffed(launch, rung, module) for rung in rungs))


def first_rung_at(launch: Launch, commitment: Commitment | None, clock: Clock) -> datetime:
    """When the first rung fires: the due plus the first rung's `after`."""
    ladder = ladder_of(launch, commitment, clock.kind)
    return launch.calendar.add(clock.due, ladder.rungs[0].after)


def climbed(
    launch: Launch, commitment: Commitment | None, clock: Clock, reason: str
) -> tuple[events.Event, ...]:
    """The next rung that reaches somebody; rungs on which nobody stands fall through at once."""
    ladder = ladder_of(launch, commitment, clock.kind)
    rung = ladder.first_after(clock.rung)
    if rung is None or clock.next_at is None:
        return ()
    step = commitment.key if commitment is not None else None
    after = _next_at(launch, ladder, rung, clock.next_at)
    to = _standing_in(launch, commitment, addressee(ladder.rungs[rung].to, ladder.module))
    do = ladder.rungs[rung].do if clock.kind == "answer" else "notify"
    level, cause = clock.level + 1, CAUSES[clock.kind]
    moved: events.Event
    if clock.escalation is not None and launch.escalation(clock.escalation).is_open:
        moved = events.EscalationAdvanced(
            clock.escalation, step, cause, level, rung + 1, to, do, clock.kind, after
        )
    else:
        moved = events.EscalationRaised(
            escalation=next_escalation(launch),
            step=step,
            cause=cause,
            level=level,
            rung=rung + 1,
            to=to,
            do=do,
            reason=reason,
            clock=clock.kind,
            next_at=clock.due if clock.kind == "repair" else after,
        )
    if do == "reassign" and step is not None:
        return (moved, _reassigned(launch, step, to))
    return (moved,)


def _reassigned(launch: Launch, step: str, to: Addressee) -> events.PerformerReassigned:
    """Of all sponsors it is this launch's; who stands in for a post does so for its holders, as
    long as that was given. The answer clock goes on.
    """
    person = to.person if to.role is None else None
    if to.role == "sponsor":
        person = launch.plan.sponsor
    return events.PerformerReassigned(step, to.role, person, answer_by=None)


def next_escalation(launch: Launch) -> str:
    """The id of the next escalation: the launch's id and a running number."""
    return f"{launch.id}.{len(launch.escalations) + 1}"


def addressee(to: str, module: str | None) -> Addressee:
    """Whom a rung's `to` means: a role (of the module, for module posts) or a person."""
    if to not in ROLES:
        return Addressee(role=None, person=to)
    return Addressee(role=to, module=module if to in MODULE_POSTS else None)


def _standing_in(launch: Launch, commitment: Commitment | None, to: Addressee) -> Addressee:
    """Who stands in for the holder of a post comes before the holder is woken."""
    given = None if commitment is None else commitment.delegate
    if given is None or to.post is None or given.by not in launch.holders(to.post):
        return to
    return replace(to, person=given.to)


def _is_staffed(launch: Launch, rung: Rung, module: str | None) -> bool:
    """Somebody stands there who may act on it: the planner answers for no module."""
    if rung.to not in ROLES or rung.to in ("planner", "sponsor"):
        return True
    post = addressee(rung.to, module).post
    people = launch.holders(post) if post is not None else ()
    return any(person != launch.plan.planner for person in people)


def _next_at(launch: Launch, ladder: Ladder, rung: int, fired_at: datetime) -> datetime | None:
    if ladder.first_after(rung + 1) is None:
        return None
    return launch.calendar.add(fired_at, ladder.rungs[rung + 1].after)
