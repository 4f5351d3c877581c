"""What a ledger's rows prove by themselves: the chain of hashes, and the signatures in it.

Pure functions over rows; nothing here reads the database. A row is doubted column by column, so
rows come undecoded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from db.archives import Archived
from db.codec import EventUnknown, decode
from db.ledger import GENESIS, row_hash
from domain import acts, events
from domain.acts import Act, Rating
from domain.events import LaunchClosed
from domain.launch import Launch
from domain.signature import is_digest_of
from domain.terms import terms_digest
from runtime.signing import PublicJwk, SignatureInvalid, verify

Kind = Literal[
    "edited",
    "hash_mismatch",
    "missing",
    "reordered",
    "signature",
    "unknown_event",
    "read_model",
    "archive",
]
NAMING: Final = (
    events.CommitmentRequested,
    events.AttemptRenewed,
    events.SignatureGiven,
    events.CommitmentSigned,
    events.SignedConditionally,
    events.CounterOffered,
    events.CounterAccepted,
    events.TermsAmended,
    events.CommitmentSuperseded,
)
"""Events with a digest: it names the terms as they stand after them."""

Columns: TypeAlias = Mapping[str, Any]
Trusted: TypeAlias = Mapping[str, PublicJwk]


@dataclass(frozen=True, slots=True)
class Problem:
    """One damage: in which launch, at which entry (None: in no single one), of which kind."""

    launch: str
    seq: int | None
    kind: Kind
    detail: str


def chain_problems(launch: str, rows: Sequence[Columns]) -> Iterator[Problem]:
    """Rows that were edited, taken out, moved or put in beside the chain; `rows` are in order."""
    expected, before = 1, GENESIS
    for row in rows:
        seq = row["seq"]
        for missing in range(expected, seq):
            yield Problem(launch, missing, "missing", "there is no such row")
        if row_hash(row) != row["hash"]:
            yield _edited_or_moved(launch, row, rows)
        elif row["prev_hash"] != before and seq == expected:
            detail = f"its prev_hash is not the hash of row {seq - 1}"
            yield Problem(launch, seq, "hash_mismatch", detail)
        expected, before = seq + 1, row["hash"]


def event_problems(launch: str, rows: Sequence[Columns]) -> Iterator[Problem]:
    """Rows whose event this build does not know."""
    for row in rows:
        try:
            decode(row["type"], row["step"], row["data"])
        except EventUnknown as error:
            yield Problem(launch, row["seq"], "unknown_event", str(error))


def signature_problems(launch: str, rows: Sequence[Columns], trusted: Trusted) -> Iterator[Problem]:
    """Acts of people that are not proved by a trusted key's signature over that very act."""
    seen: set[str] = set()
    for row in rows:
        command = row["command"]
        begins = command is not None and command not in seen
        if begins:
            seen.add(command)
        if row["jws"] is not None or (begins and row["actor"] != events.SYSTEM):
            wrong = _wrong_signature(launch, row, trusted)
            if wrong is not None:
                yield Problem(launch, row["seq"], "signature", wrong)


def names_its_terms(after: Launch, event: events.Event) -> bool:
    """Whether the digest in an event is that of the terms the commitment has after it."""
    if not isinstance(event, NAMING):
        return True
    terms, version = after.step(event.step).terms, event.version
    attempt = event.attempt
    return event.digest == terms_digest(
        after.id, event.step, attempt=attempt, version=version, terms=terms
    )


def archive_problems(
    launch: str, archived: Archived | None, rows: Sequence[Columns]
) -> Iterator[Problem]:
    """What the archive holds that is not what was archived, or not what the ledger still says."""
    last = rows[-1] if rows else None
    if archived is None:
        if last is not None and last["type"] == LaunchClosed.__name__:
            yield Problem(launch, None, "archive", "the launch closed and is not in the archive")
        return
    if not archived.is_whole:
        detail = "its history in the archive is not the one that was archived"
        yield Problem(launch, None, "archive", detail)
    if last is None or last["seq"] < archived.entries:
        detail = f"the launch closed with {archived.entries} entries"
        yield Problem(launch, archived.entries, "archive", detail)
    elif last["hash"] != archived.head:
        yield Problem(launch, last["seq"], "archive", "the launch closed with another last entry")


def _edited_or_moved(launch: str, row: Columns, rows: Sequence[Columns]) -> Problem:
    """A row that would be right at another place was moved there from it."""
    for place in range(1, len(rows) + 2):
        if row_hash({**row, "seq": place}) == row["hash"]:
            return Problem(launch, row["seq"], "reordered", f"this row was written as {place}")
    return Problem(launch, row["seq"], "edited", "its hash is not the hash of its content")


def _wrong_signature(launch: str, row: Columns, trusted: Trusted) -> str | None:
    if row["jws"] is None:
        return "an act of a person without a signature"
    try:
        envelope = verify(row["jws"], trusted)
    except SignatureInvalid as error:
        return str(error)
    said = {"launch": launch, "command": row["command"], "person": row["actor"]}
    if None not in (envelope.get("step"), row["step"]):  # the plan a counter-offer was for has none
        said["step"] = row["step"]
    for name, value in said.items():
        if envelope.get(name) != value:
            return f"the signature is for another {name}"
    try:
        act = act_of(decode(row["type"], row["step"], row["data"]))
    except EventUnknown:
        return None
    if act is not None and not is_digest_of(envelope.get("body_digest"), act):
        return "the signature is for another content"
    return None


def act_of(event: events.Event) -> Act | None:
    """The act that an event repeats word for word; None where an event says less than its act."""
    match event:
        case events.LaunchStarted():
            return acts.StartLaunch(event.launch, event.plan, event.calendar, event.staff)
        case events.CommitmentSigned() | events.SignatureGiven():
            return acts.Sign(event.step, event.digest, event.note)
        case events.SignedConditionally():
            return acts.Sign(event.step, event.digest, event.note, event.condition)
        case events.CounterAccepted():
            return acts.AcceptCounter(event.step, event.digest)
        case events.CounterWithdrawn():
            return acts.WithdrawCounter(event.step, event.note)
        case events.CommitmentDeclined():
            return acts.Decline(event.step, event.reason)
        case events.DeliveryReported():
            return acts.Report(event.step, event.evidence, event.link)
        case events.DeliveryAccepted():
            ratings = tuple(Rating(condition, score) for condition, score in event.ratings)
            return acts.Accept(event.step, ratings, event.note)
        case events.DeliveryRejected():
            return acts.Reject(event.step, event.reason)
        case events.QuestionAsked():
            return acts.Ask(event.step, event.text)
        case events.QuestionAnswered():
            return acts.Reply(event.step, event.text)
        case events.LaunchStopped():
            return acts.StopLaunch(event.reason)
        case events.LaunchResumed():
            return acts.ResumeLaunch(event.reason)
        case _:
            return _taking_back(event)


def _taking_back(event: events.Event) -> Act | None:
    match event:
        case events.CommitmentWithdrawn():
            return acts.Withdraw(event.step, event.reason)
        case events.ReportRetracted():
            return acts.RetractReport(event.step, event.note)
        case events.ReleaseRequested():
            return acts.RequestRelease(event.step, event.reason)
        case events.CommitmentReleased():
            return acts.AllowRelease(event.step, event.reason)
        case events.ReleaseRefused():
            return acts.RefuseRelease(event.step, event.note)
        case events.CommitmentRevoked():
            return acts.Revoke(event.step, event.reason)
        case events.FactConfirmed():
            return acts.Confirm(event.step, event.fact)
        case events.PlanningDelegated():
            return acts.DelegatePlanning(event.to, event.until, event.reason)
        case events.EscalationCommented():
            return acts.CommentOnEscalation(event.escalation, event.text)
        case events.CommitmentDelegated():
            return acts.Delegate(event.step, event.to, event.until, event.reason)
        case events.ReminderSent():
            return acts.Remind(event.step)
        case events.CommitmentCancelled(reason=str(reason)):
            return acts.CancelCommitment(event.step, reason)
        case _:
            return None
