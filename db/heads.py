"""Where the chains of a ledger end, signed: kept elsewhere, they betray a tail that was cut off.

A chain without its end is a chain all the same. Whoever cuts one, or takes a whole launch away,
would have to take back every statement of its head as well.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from joserfc.jwk import OKPKey
from sqlalchemy import func, select, tuple_

from db.proof import Columns, Problem, Trusted
from db.row import table_of
from db.tables import LedgerRow, ReservationRow
from db.transaction import Session
from domain.canonical import plain, rfc3339
from runtime.signing import SignatureInvalid, sign, verify

_ledger, _reservation = table_of(LedgerRow), table_of(ReservationRow)
_LAST = select(_ledger.c.launch, func.max(_ledger.c.seq)).group_by(_ledger.c.launch)
_HEADS = (
    select(_ledger.c.launch, _reservation.c.code, _ledger.c.seq, _ledger.c.hash)
    .join(_reservation, _reservation.c.launch == _ledger.c.launch)
    .where(tuple_(_ledger.c.launch, _ledger.c.seq).in_(_LAST))
    .order_by(_ledger.c.launch)
)
FORM: Final = "heads"
VERSION: Final = 1


class HeadsInvalid(ValueError):
    """The text states no heads, or none that a trusted key has signed."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a launch, as it was."""

    launch: str
    code: str
    seq: int
    hash: str


async def heads(session: Session, launch: str | None = None) -> tuple[Head, ...]:
    """The heads of all launches, or of this one."""
    found = _HEADS if launch is None else _HEADS.where(_ledger.c.launch == launch)
    rows = (await session.execute(found)).all()
    return tuple(Head(row.launch, row.code, row.seq, row.hash) for row in rows)


def stated(found: Sequence[Head], key: OKPKey, at: datetime) -> dict[str, Any]:
    """The heads as a document: for people to read, and as a compact JWS over the same."""
    statement = {"at": rfc3339(at), "heads": plain(tuple(found))}
    return {"countersign": FORM, "version": VERSION, **statement, "jws": sign(statement, key)}


def read_heads(document: object, trusted: Trusted) -> tuple[Head, ...]:
    """The heads of such a document. Raises HeadsInvalid."""
    if not isinstance(document, Mapping) or document.get("countersign") != FORM:
        raise HeadsInvalid("this states no heads of a ledger")
    if document.get("version") != VERSION:
        raise HeadsInvalid("these heads were written by another version")
    try:
        said = verify(str(document.get("jws")), trusted)
    except SignatureInvalid as error:
        raise HeadsInvalid(f"these heads carry no trusted signature: {error}") from error
    if said != {"at": document.get("at"), "heads": document.get("heads")}:
        raise HeadsInvalid("these heads are not the ones that were signed")
    try:
        return tuple(Head(**head) for head in said["heads"])
    except TypeError as error:
        raise HeadsInvalid("what was signed there are no heads") from error


def missing_below(head: Head, rows: Sequence[Columns], whose: str) -> Iterator[Problem]:
    """What a launch lacks that it had when its head was stated."""
    at_head = next((row for row in rows if row["seq"] == head.seq), None)
    if at_head is None:
        last = rows[-1]["seq"] if rows else 0
        detail = f"{whose} knows {head.seq} entries of this launch"
        yield Problem(head.launch, last + 1, "missing", detail)
    elif at_head["hash"] != head.hash:
        detail = f"{whose} knows another entry here"
        yield Problem(head.launch, head.seq, "hash_mismatch", detail)
