"""The people and modules a launch involves, as far as the role table needs to know them."""

from dataclasses import dataclass
from datetime import datetime

from domain.commitment import Commitment
from domain.errors import NoSuchStep
from domain.launch import Launch


@dataclass(frozen=True, slots=True)
class StepParties:
    """The parties of one step. A reassigned attempt names its performer by role or person.

    With more than one signer that one performs in addition to the module's posts.
    """

    key: str
    module: str
    customer: str
    performer_role: str | None = None
    performer_person: str | None = None
    signers: int = 1
    delegate: str | None = None
    delegated_by: str | None = None


@dataclass(frozen=True, slots=True)
class Parties:
    """Everybody a launch involves, as far as the role table needs it."""

    planner: str
    sponsor: str
    regions: tuple[str, ...]
    steps: tuple[StepParties, ...]
    planning_delegate: str | None = None

    def step(self, key: str) -> StepParties:
        """The parties of that step, or NoSuchStep."""
        for step in self.steps:
            if step.key == key:
                return step
        raise NoSuchStep(key)


def parties_of(launch: Launch, now: datetime | None = None) -> Parties:
    """The parties of a launch as it now is; with `now` without delegates whose time is over."""
    steps = tuple(step_parties_of(commitment, now) for commitment in launch.steps)
    plan, given = launch.plan, launch.delegate
    if given is not None and now is not None and given.until <= now:
        given = None
    return Parties(plan.planner, plan.sponsor, plan.regions, steps, given.to if given else None)


def step_parties_of(commitment: Commitment, now: datetime | None = None) -> StepParties:
    """The parties of a commitment, as `parties_of`."""
    performer, delegate = commitment.performer, commitment.delegate
    if delegate is not None and now is not None and delegate.until <= now:
        delegate = None
    return StepParties(
        key=commitment.key,
        module=commitment.plan.module,
        customer=commitment.plan.customer,
        performer_role=performer.role if performer else None,
        performer_person=performer.person if performer else None,
        signers=commitment.plan.signers,
        delegate=delegate.to if delegate else None,
        delegated_by=delegate.by if delegate else None,
    )
