"""What is asked: the same run, had somebody answered earlier, later or differently."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.calendar import Duration
from domain.errors import Invalid
from domain.launch import Launch
from domain.organisation import MODULE_POSTS

AnswerAct = Literal["sign", "decline", "silence"]


@dataclass(frozen=True, slots=True)
class StepChange:
    """Another first answer of a step, another number of signers, or both.

    `within` counts from the request, `at` is an instant; with neither the answer comes when it
    came. `act` None is the act that was done, or a signature where none was.
    """

    step: str
    within: Duration | None = None
    at: datetime | None = None
    act: AnswerAct | None = None
    signers: int | None = None

    @property
    def is_of_answer(self) -> bool:
        return (self.within, self.at, self.act) != (None, None, None)


@dataclass(frozen=True, slots=True)
class WithoutStop:
    """Nobody stopped the launch."""


Change = StepChange | WithoutStop


def check_changes(changes: Sequence[Change], launch: Launch, *, was_stopped: bool) -> None:
    """Raise Invalid at the path of the first change that says nothing, or cannot be of this run."""
    seen: set[str | None] = set()
    for place, change in enumerate(changes):
        path = f"changes[{place}]"
        about = change.step if isinstance(change, StepChange) else None
        if about in seen:
            raise Invalid(path, "This was changed by a change before; put both into one.")
        seen.add(about)
        if isinstance(change, StepChange):
            _check_step(change, launch, path)
        elif not was_stopped:
            raise Invalid(f"{path}.stop", "Nobody stopped this run.")


def _check_step(change: StepChange, launch: Launch, path: str) -> None:
    keys = [commitment.key for commitment in launch.steps]
    if change.step not in keys:
        message = f"This run has no step “{change.step}”; its steps are {', '.join(keys)}."
        raise Invalid(f"{path}.step", message)
    if change.within is not None and change.at is not None:
        raise Invalid(f"{path}.answer_at", "Give answer_within or answer_at, not both.")
    if change.act == "silence" and (change.within is not None or change.at is not None):
        raise Invalid(f"{path}.act", "Silence comes at no time; leave answer_within and answer_at.")
    if not change.is_of_answer and change.signers is None:
        message = "Say what is different: answer_within, answer_at, act or signers."
        raise Invalid(path, message)
    if change.signers is not None:
        _check_signers(change.signers, launch, change.step, f"{path}.signers")


def _check_signers(signers: int, launch: Launch, step: str, path: str) -> None:
    plan = launch.plan.step(step)
    posts = [f"{role}:{plan.module}" for role in MODULE_POSTS]
    able = {person for post in posts for person in launch.holders(post)} - {launch.plan.planner}
    if not 1 <= signers <= min(2, len(able)):
        message = f"{plan.module} has {len(able)} to sign; one or two of them do."
        raise Invalid(path, message)
    if signers > 1 and plan.silence == "deemed":
        raise Invalid(path, "Where silence counts as consent, one signs.")
