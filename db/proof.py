"""What a ledger's rows prove by themselves: the chain of hashes; `signed` has the signatures.

Pure functions over rows; nothing here reads the database. A row is doubted column by column, so
rows come undecoded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from db.archives import Archived
from db.codec import EventUnknown, decode
from db.ledger import GENESIS, row_hash
from domain import events
from domain.events import LaunchClosed
from domain.launch import Launch
from domain.terms import terms_digest
from runtime.signing import PublicJwk

Kind = Literal[
    "edited",
    "hash_mismatch",
    "missing",
    "reordered",
    "signature",
    "unknown_event",
    "read_model",
    "archive",
    "postmortem",
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
