"""Who is waited on for what: the one answer behind the page, the inbox and the workflow's line."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.authority import performers
from domain.clocks import Clock
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
        return (_sponsor(launch, launch.stop.clock, "resume"),)
    steps = tuple(item for c in launch.steps for item in _on_step(launch, c))
    if launch.gate.clock is not None and launch.phase in ("committing", "preparing"):
        return (*steps, _sponsor(launch, launch.gate.clock, "gate"))
    return steps


def _on_step(launch: Launch, commitment: Commitment) -> Iterator[Waiting]:
    for clock in commitment.clocks:
        match clock.kind:
            case "answer":
                yield _performer(launch, commitment, clock, "sign")
            case "delivery":
                yield _performer(launch, commitment, clock, "report")
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
                    wanted="accept_counter" if clock.kind == "counter" else clock.kind,
                    overdue=clock.overdue,
                    person=launch.plan.planner,
                )
            case "gate" | "stop":
                continue


def _performer(launch: Launch, commitment: Commitment, clock: Clock, wanted: Wanted) -> Waiting:
    parties = step_parties_of(commitment)
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
        person=parties.delegate or parties.performer_person,
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
        wanted="condition",
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
        wanted="accept",
        overdue=clock.overdue,
        posts=tuple(f"{role}:{customer}" for role in ("lead", "deputy", "head"))
        if of_module
        else (),
        person=None if of_module else launch.plan.planner,
        without=(commitment.deliveries[-1].by,),
    )


def _sponsor(launch: Launch, clock: Clock, wanted: Wanted) -> Waiting:
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
