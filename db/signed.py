"""What a ledger says that people did, held against what they signed.

The row an act begins with carries its signed envelope; the rows that follow from the act do not.
Pure functions over rows, as in `proof`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, get_args

from db.codec import EventUnknown, decode
from db.proof import Columns, Problem, Trusted
from domain import events
from domain.recall import act_of
from domain.signature import is_digest_of
from runtime.signing import SignatureInvalid, verify

Signed: TypeAlias = (
    events.SignatureGiven
    | events.CommitmentSigned
    | events.SignedConditionally
    | events.CounterOffered
)
SIGNED: Final = get_args(Signed)
"""What binds a module: each with a signature of its own, or one on a condition before it."""

PERSONAL: Final = (
    events.AnswerExtended,
    events.AttemptRenewed,
    events.CommitmentAcknowledged,
    events.CommitmentWaived,
    events.EscalationAcknowledged,
    events.FindingWaived,
    events.FindingWaiverOpened,
    events.PlanAmended,
    events.TermsAmended,
    events.WaiverOpened,
)
"""What else no clock brings about, although an event says less than its act."""

BROUGHT_BY: Final[Mapping[type[events.Event], tuple[str, ...]]] = {
    events.AttemptRenewed: ("request",),
    events.CommitmentAcknowledged: ("acknowledge",),
    events.CommitmentWaived: ("waive", "resolve-escalation"),
    events.CounterOffered: ("counter",),
    events.EscalationAcknowledged: ("acknowledge-escalation",),
    events.FindingWaived: ("finding-waive",),
    events.FindingWaiverOpened: ("finding-waive",),
    events.LaunchCancelled: ("cancel", "resolve-escalation"),
    events.PlanAmended: ("amend-plan", "accept-counter", "resolve-escalation"),
    events.TermsAmended: ("amend",),
    events.WaiverOpened: ("waive", "resolve-escalation"),
}
"""Of events that say less than their act: by which acts they come about."""

ENDING: Final = ("decline", "withdraw", "allow-release", "revoke", "cancel-commitment")
"""What ends a commitment, and with it an action or a lesson, by itself."""

UNSIGNED: Final = "an act of a person without a signature"

Promise: TypeAlias = tuple[int, int, str, str]
"""Attempt, version, digest and signer."""


def signature_problems(launch: str, rows: Sequence[Columns], trusted: Trusted) -> Iterator[Problem]:
    """Acts of people that are not proved by a trusted key's signature over that very act."""
    proofs = _Proofs(launch, trusted)
    for row in rows:
        wrong = proofs.wrong_with(row)
        if wrong is not None:
            yield Problem(launch, row["seq"], "signature", wrong)


def promise_of(launch: str, row: Columns, trusted: Trusted) -> Signed | None:
    """The promise that a row of a ledger tells, where a trusted key signed that very promise."""
    event = _event(row)
    if not isinstance(event, SIGNED) or row["jws"] is None:
        return None
    return event if _Proofs(launch, trusted).wrong_with(row) is None else None


@dataclass(slots=True)
class _Proofs:
    """The envelopes of a launch's acts, by command (empty: no good one), and who has signed on a
    condition, by step.
    """

    launch: str
    trusted: Trusted
    envelopes: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    conditional: dict[str, Promise] = field(default_factory=dict)
    before: events.Event | None = None

    def wrong_with(self, row: Columns) -> str | None:
        """Why nobody has signed what the row says somebody did; None where somebody has."""
        command = row["command"]
        begins = command is not None and command not in self.envelopes
        if row["jws"] is None and not (begins and row["actor"] != events.SYSTEM):
            return self._unproved(row)
        if row["jws"] is not None and not begins:
            return "the signature was used before"
        envelope = self._envelope(row)
        self.envelopes[command] = {} if isinstance(envelope, str) else envelope
        return envelope if isinstance(envelope, str) else self._otherwise(row, envelope)

    def _envelope(self, row: Columns) -> Mapping[str, Any] | str:
        """What the row's own signature is for, or what is wrong with it."""
        if row["jws"] is None:
            return UNSIGNED
        try:
            envelope = verify(row["jws"], self.trusted)
        except SignatureInvalid as error:
            return str(error)
        said = {"launch": self.launch, "command": row["command"], "person": row["actor"]}
        if None not in (envelope.get("step"), row["step"]):  # a plan that was offered has none
            said["step"] = row["step"]
        others = (name for name, value in said.items() if envelope.get(name) != value)
        return next((f"the signature is for another {name}" for name in others), envelope)

    def _otherwise(self, row: Columns, envelope: Mapping[str, Any]) -> str | None:
        """Whether the row tells of another act, or another signer, than the envelope."""
        event = _event(row)
        act = act_of(event)
        if act is not None and not is_digest_of(envelope.get("body_digest"), act):
            return "the signature is for another content"
        if not _fits(event, envelope):
            return "the signature is for another act"
        if isinstance(event, SIGNED):
            signer = ("person", "on_behalf_of")  # the role is the one of the decision
            if any(getattr(event, name) != envelope.get(name) for name in signer):
                return "the signature is another signer's"
        if isinstance(event, events.SignedConditionally):
            self.conditional[event.step] = _promise(event)
        return None

    def _unproved(self, row: Columns) -> str | None:
        """What a row without a signature claims of people must follow from what somebody signed."""
        event = _event(row)
        act = act_of(event)
        before, self.before = self.before, event
        if isinstance(event, events.ConditionLapsed):
            self.conditional.pop(event.step, None)
        if isinstance(event, events.ConditionMet):
            is_kept = self.conditional.pop(event.step, None) is not None
            return None if is_kept else "a promise without a signature"
        if isinstance(event, SIGNED):
            is_kept = self.conditional.pop(event.step, None) == _promise(event)
            return None if is_kept else "a promise without a signature"
        envelope = self.envelopes.get(row["command"])
        if envelope is None:
            is_somebodys = act is not None or isinstance(event, PERSONAL) or _is_act(event, before)
            by_somebody = row["actor"] != events.SYSTEM
            return UNSIGNED if is_somebodys or by_somebody else None
        if envelope and row["actor"] not in (events.SYSTEM, envelope["person"]):
            return "the signature is for another person"
        if envelope and not _fits(event, envelope):
            return "the signature is for another act"
        is_told = act is None or not envelope or is_digest_of(envelope["body_digest"], act)
        return None if is_told else "the signature is for another content"


def _fits(event: events.Event | None, envelope: Mapping[str, Any]) -> bool:
    """Whether the act that was signed brings about such an event."""
    by = None if event is None else BROUGHT_BY.get(type(event))
    if isinstance(event, events.LaunchCancelled) and event.role is None:
        by = ENDING
    return by is None or envelope.get("act") in by


def _is_act(event: events.Event | None, before: events.Event | None) -> bool:
    """Of what both people and the system bring about: whether it is none of the system's."""
    match event:
        case events.LaunchCancelled(role=str()):
            return True
        case events.EscalationResolved(resolution="answered"):
            return False
        case events.EscalationResolved():
            return event.reason != events.CLOSED
        case events.PerformerReassigned():
            if not isinstance(before, events.EscalationRaised | events.EscalationAdvanced):
                return True
            return (before.do, before.step) != ("reassign", event.step)
        case _:
            return False


def _promise(event: Signed) -> Promise:
    return event.attempt, event.version, event.digest, event.person


def _event(row: Columns) -> events.Event | None:
    try:
        return decode(row["type"], row["step"], row["data"])
    except EventUnknown:
        return None
