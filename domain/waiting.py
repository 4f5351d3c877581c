"""Who is waited on for what: the one answer behind the page, the inbox and the workflow's line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.authority import performers
from domain.clocks import Clock, ClockKind
from domain.commitment import Commitment
from domain.launch import Launch
from domain.parties import step_parties_of

Party = Literal["performer", "planner", "customer", "sponsor"]
Wanted = Literal[
    "sign",
    "accept_counter",
    "condition",
    "reply",
    "report",
    "release",
    "accept",
    "repair",
    "gate",
    "resume",
]

WANTED: Mapping[ClockKind, Wanted] = {
    "answer": "sign",
    "counter": "accept_counter",
    "condition": "condition",
    "reply": "reply",
    "delivery": "report",
    "release": "release",
    "acceptance": "accept",
    "repair": "repair",
    "gate": "gate",
    "stop": "resume",
}
"""What the party a clock runs for is to do."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One party that is waited on. `module` is None for planner and sponsor.

    `posts` and `person` say who may act; `due` is the instant of the clock now running.
    """

    step: str | None
    party: Party
    module: str | None
    since: datetime
    due: datetime | None
    wanted: Wanted
    overdue: bool
    posts: tuple[str, ...] = ()
    person: str | None = None
    without: tuple[str, ...] = ()


def waiting_on(launch: Launch) -> tuple[Waiting, ...]:
    """Everybody waited on, in the order of the chain, then gate and stop."""
    if launch.stop is not None:
        return (_sponsor(launch, launch.stop.clock),)
    steps = tuple(item for c in launch.steps for item in _on_step(launch, c))
    if launch.gate.clock is not None and launch.phase in ("committing", "preparing"):
        return (*steps, _sponsor(launch, launch.gate.clock))
    return steps


def _on_step(launch: Launch, commitment: Commitment) -> Iterator[Waiting]:
    for clock in commitment.clocks:
        match clock.kind:
            case "answer" | "delivery":
                yield _performer(launch, commitment, clock)
            case "acceptance":
                yield _customer(launch, commitment, clock)
            case "condition":
                yield _condition(launch, commitment, clock)
            case "counter" | "reply" | "release" | "repair":
                yield Waiting(
                    step=commitment.key,
                    party="planner",
                    module=None,
                    since=clock.since,
                    due=clock.due,
                    wanted=WANTED[clock.kind],
                    overdue=clock.overdue,
                    person=launch.plan.planner,
                )
            case "gate" | "stop":
                continue


def _performer(launch: Launch, commitment: Commitment, clock: Clock) -> Waiting:
    parties = step_parties_of(commitment)
    wanted = WANTED[clock.kind]
    signed = tuple(s.person for s in commitment.signatures) if wanted == "sign" else ()
    return Waiting(
        step=commitment.key,
        party="performer",
        module=commitment.plan.module,
        since=clock.since,
        due=clock.due,
        wanted=wanted,
        overdue=clock.overdue,
        posts=performers(parties),
        person=parties.performer_person or parties.delegate,
        without=(launch.plan.planner, *signed),
    )


def _condition(launch: Launch, commitment: Commitment, clock: Clock) -> Waiting:
    """The planner is to confirm a fact; another step is waited on where it is asked itself."""
    waiting = commitment.conditional
    step = None if waiting is None else waiting.condition.step
    return Waiting(
        step=commitment.key,
        party="planner" if step is None else "performer",
        module=None if step is None else launch.step(step).plan.module,
        since=clock.since,
        due=clock.due,
        wanted=WANTED[clock.kind],
        overdue=False,
        person=launch.plan.planner if step is None else None,
    )


def _customer(launch: Launch, commitment: Commitment, clock: Clock) -> Waiting:
    customer = commitment.plan.customer
    of_module = customer != "planner"
    return Waiting(
        step=commitment.key,
        party="customer" if of_module else "planner",
        module=customer if of_module else None,
        since=clock.since,
        due=clock.due,
        wanted=WANTED[clock.kind],
        overdue=clock.overdue,
        posts=tuple(f"{role}:{customer}" for role in ("lead", "deputy", "head"))
        if of_module
        else (),
        person=None if of_module else launch.plan.planner,
        without=(commitment.deliveries[-1].by,),
    )


def _sponsor(launch: Launch, clock: Clock) -> Waiting:
    wanted = WANTED[clock.kind]
    return Waiting(
        step=None,
        party="sponsor",
        module=None,
        since=clock.since,
        due=launch.gate.fails_at if wanted == "gate" else clock.next_at,
        wanted=wanted,
        overdue=clock.overdue,
        posts=("executive",) if wanted == "resume" else (),
        person=launch.plan.sponsor,
    )
