"""Why an act is refused, as one tree.

    CountersignError
    ├── Forged                 an update whose envelope does not prove its signer
    └── Refusal                an act the rules do not allow; `code` and `status` are stable
        ├── Missing            404  NoSuchLaunch, NoSuchStep, NoSuchEscalation, NoSuchFinding
        ├── Invalid            422  invalid
        │   └── ImpossibleCondition 422  impossible_condition
        ├── NotYours           403  not_yours
        ├── FourEyes           403  four_eyes
        ├── LaunchClosed       409  launch_closed
        ├── LaunchStopped      409  launch_stopped
        ├── AlreadyAnswered    409  already_answered
        ├── WrongState         409  wrong_state
        ├── TermsChanged       409  terms_changed
        ├── BlockedByFinding   409  blocked_by_finding
        ├── PoolExhausted      409  pool_exhausted
        └── RemindedRecently   429  reminded_recently

`code` is the problem's `code` on the wire and the `type` of Temporal's ApplicationError; nobody
branches on the text. `detail` is a sentence a department lead understands; `figures` are the
numbers and names it rests on.
"""

from collections.abc import Mapping
from typing import ClassVar


class CountersignError(Exception):
    """Root of what Countersign raises on purpose."""


class Forged(CountersignError):
    """An envelope that does not verify, or that was signed for something else."""

    code: ClassVar[str] = "forged"


class Refusal(CountersignError):
    """An act that changes nothing because a rule stands against it."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, detail: str, **figures: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.figures: Mapping[str, object] = figures


class Missing(Refusal):
    """Something the act names does not exist."""

    noun: ClassVar[str] = "thing"
    status = 404

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no {self.noun} “{name}”.", **{self.noun: name})


class NoSuchLaunch(Missing):
    code = "no_such_launch"
    noun = "launch"


class NoSuchStep(Missing):
    code = "no_such_step"
    noun = "step"


class NoSuchEscalation(Missing):
    code = "no_such_escalation"
    noun = "escalation"


class NoSuchFinding(Missing):
    code = "no_such_finding"
    noun = "finding"


class Invalid(Refusal):
    """A value the act carries cannot be used; `field` is its path in the body."""

    code = "invalid"
    status = 422

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, field=field)
        self.field = field


class ImpossibleCondition(Invalid):
    """A signature cannot wait for its own step, nor for one that waits for it."""

    code = "impossible_condition"


class RemindedRecently(Refusal):
    """Whoever is waited on was reminded a moment ago; `again_at` says when it is possible."""

    code = "reminded_recently"
    status = 429


class NotYours(Refusal):
    """The role table gives this act to somebody else."""

    code = "not_yours"
    status = 403


class FourEyes(Refusal):
    """The act needs a second, different person."""

    code = "four_eyes"
    status = 403


class LaunchClosed(Refusal):
    """The launch has ended, or is ending, and takes no more decisions."""

    code = "launch_closed"


class LaunchStopped(Refusal):
    """Somebody involved halted the launch; it waits for sponsor or executive."""

    code = "launch_stopped"


class AlreadyAnswered(Refusal):
    """The same act was already decided in this version."""

    code = "already_answered"


class WrongState(Refusal):
    """The act does not fit where the commitment stands; `possible` lists what does."""

    code = "wrong_state"


class TermsChanged(Refusal):
    """The digest names other terms than the current ones; `version` and `digest` say which."""

    code = "terms_changed"


class BlockedByFinding(Refusal):
    """An open blocking finding stands before this step's signature."""

    code = "blocked_by_finding"


class PoolExhausted(Refusal):
    """A pool has not enough left; `left` says how much."""

    code = "pool_exhausted"


REFUSALS: Mapping[str, type[Refusal]] = {
    kind.code: kind
    for kind in (
        NoSuchLaunch,
        NoSuchStep,
        NoSuchEscalation,
        NoSuchFinding,
        Invalid,
        ImpossibleCondition,
        NotYours,
        FourEyes,
        LaunchClosed,
        LaunchStopped,
        AlreadyAnswered,
        WrongState,
        TermsChanged,
        BlockedByFinding,
        PoolExhausted,
        RemindedRecently,
    )
}
"""Each refusal by its stable code."""
