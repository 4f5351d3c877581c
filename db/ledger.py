"""The ledger: every event of every launch, append-only, gapless from 1, each row chained by its
hash to the one before.

A row's hash is `sha256:` and the hex SHA-256 of the RFC 8785 JSON of `{launch, seq, at, type, step,
actor, command, jws, data, prev_hash}`; the first row follows `GENESIS`. Rows are written once and
never touched again.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row as ResultRow
from sqlalchemy import bindparam, insert, select

from db.codec import decode, encode, fields_of
from db.row import table_of
from db.tables import LedgerRow
from db.transaction import Session
from domain.canonical import rfc3339
from domain.events import Entry, step_of
from domain.evolve import fold
from domain.launch import Launch

GENESIS: Final = "sha256:" + "0" * 64

_ledger = table_of(LedgerRow)
_OF_LAUNCH = _ledger.c.launch == bindparam("of")
_PLACES = (
    select(_ledger.c.seq, _ledger.c.hash)
    .where(_OF_LAUNCH, _ledger.c.seq >= bindparam("seq"))
    .order_by(_ledger.c.seq)
)
_AFTER = (
    select(_ledger).where(_OF_LAUNCH, _ledger.c.seq > bindparam("after")).order_by(_ledger.c.seq)
)
_SOME_AFTER = _AFTER.limit(bindparam("most"))
_LAUNCHES = select(_ledger.c.launch).distinct().order_by(_ledger.c.launch)
_INSERT = insert(_ledger)
_written = json.JSONEncoder(ensure_ascii=False).encode


class LedgerGap(RuntimeError):
    """Entries were to be appended after rows that are not there."""


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry with its place in the chain."""

    entry: Entry
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of an append. `adopted` None: written, between the hashes `before` and `after`.

    Otherwise nothing was written, because these entries already stood from that seq on.
    """

    before: str
    after: str
    adopted: tuple[Entry, ...] | None = None


async def append(session: Session, launch: str, proposed: Sequence[Entry]) -> Appended:
    """Write the proposed entries, or say which ones stand in their place: the ledger wins.

    Of two writers at the same seq exactly one writes. Raises LedgerGap, and ValueError where the
    entries are none or not in sequence.
    """
    first = _first_seq(proposed)
    await session.lock(f"ledger {launch}")
    places = (await session.execute(_PLACES, {"of": launch, "seq": first - 1})).all()
    before = GENESIS if first == 1 else _hash_at(launch, first - 1, places)
    if places and places[-1].seq >= first:
        standing = await entries(session, launch, after=first - 1)
        return Appended(before, standing[-1].hash, tuple(stored.entry for stored in standing))
    rows = chained(launch, proposed, before)
    await session.execute(_INSERT, rows)
    return Appended(before, rows[-1]["hash"])


async def entries(
    session: Session, launch: str, *, after: int = 0, limit: int | None = None
) -> tuple[StoredEntry, ...]:
    """The entries of a launch with a seq above `after`, in order."""
    rows = await rows_after(session, launch, after=after, limit=limit)
    return tuple(StoredEntry(entry_of(row), row["prev_hash"], row["hash"]) for row in rows)


async def rows_after(
    session: Session, launch: str, *, after: int = 0, limit: int | None = None
) -> Sequence[Mapping[str, Any]]:
    """The same as rows, undecoded: for those who doubt them."""
    if limit is None:
        found = await session.execute(_AFTER, {"of": launch, "after": after})
    else:
        found = await session.execute(_SOME_AFTER, {"of": launch, "after": after, "most": limit})
    return [dict(row) for row in found.mappings()]


async def entries_of_step(
    session: Session, launch: str, step: str, types: Collection[str], *, limit: int
) -> tuple[StoredEntry, ...]:
    """The newest entries of these types about a step, in order."""
    about = (_OF_LAUNCH, _ledger.c.step == step, _ledger.c.type.in_(types))
    newest = select(_ledger).where(*about).order_by(_ledger.c.seq.desc()).limit(limit)
    rows = [dict(row) for row in (await session.execute(newest, {"of": launch})).mappings()]
    return tuple(StoredEntry(entry_of(r), r["prev_hash"], r["hash"]) for r in reversed(rows))


async def signed_rows(
    session: Session, launch: str, signatures: Collection[str]
) -> Sequence[Mapping[str, Any]]:
    """The rows that carry these signatures, undecoded."""
    if not signatures:
        return []
    carries = _ledger.c.jws.in_(signatures)
    found = await session.execute(select(_ledger).where(_OF_LAUNCH, carries), {"of": launch})
    return [dict(row) for row in found.mappings()]


async def seqs(session: Session, launch: str) -> Sequence[int]:
    """The seqs of a launch's rows, in order."""
    rows = await session.execute(_PLACES, {"of": launch, "seq": 0})
    return [row.seq for row in rows]


async def fold_launch(session: Session, launch: str, *, until: int | None = None) -> Launch | None:
    """The launch its ledger tells, as it is or as it was at a seq; None where there is none."""
    standing = await entries(session, launch, limit=until)
    return fold(stored.entry for stored in standing) if standing else None


async def launches(session: Session) -> tuple[str, ...]:
    """The ids of all launches whose ledger has begun."""
    return tuple((await session.execute(_LAUNCHES)).scalars())


def event_document(stored: StoredEntry) -> dict[str, Any]:
    """An entry as served, with everything its hash is made of."""
    entry = stored.entry
    return {
        "seq": entry.seq,
        "at": rfc3339(entry.at),
        "type": entry.event.kind,
        "step": step_of(entry.event),
        "actor": entry.actor,
        "command": entry.command,
        "jws": entry.jws,
        "data": fields_of(entry.event),
        "prev_hash": stored.prev_hash,
        "hash": stored.hash,
    }


def chained(launch: str, proposed: Iterable[Entry], before: str) -> list[dict[str, Any]]:
    """The rows of these entries, each chained to the one before, the first to `before`."""
    rows = []
    for entry in proposed:
        row: dict[str, Any] = {
            "launch": launch,
            "seq": entry.seq,
            "at": entry.at,
            "type": entry.event.kind,
            "step": step_of(entry.event),
            "actor": entry.actor,
            "command": entry.command,
            "jws": entry.jws,
            "data": encode(entry.event),
            "prev_hash": before,
        }
        row["hash"] = before = row_hash(row)
        rows.append(row)
    return rows


def row_hash(row: Mapping[str, Any]) -> str:
    """The hash a row must have. Written out in RFC 8785's order, because `data` is canonical text
    already: the bytes are those of the whole document's canonical JSON.
    """
    text = _written
    document = (
        f'{{"actor":{text(row["actor"])},"at":"{rfc3339(row["at"])}",'
        f'"command":{text(row["command"])},"data":{row["data"]},"jws":{text(row["jws"])},'
        f'"launch":{text(row["launch"])},"prev_hash":{text(row["prev_hash"])},'
        f'"seq":{row["seq"]},"step":{text(row["step"])},"type":{text(row["type"])}}}'
    )
    return f"sha256:{hashlib.sha256(document.encode()).hexdigest()}"


def entry_of(row: Mapping[str, Any]) -> Entry:
    """The entry of a row. Raises EventUnknown."""
    return Entry(
        seq=row["seq"],
        at=row["at"],
        actor=row["actor"],
        command=row["command"],
        jws=row["jws"],
        event=decode(row["type"], row["step"], row["data"]),
    )


def _first_seq(proposed: Sequence[Entry]) -> int:
    if not proposed:
        raise ValueError("there is nothing to append")
    first = proposed[0].seq
    seqs = [entry.seq for entry in proposed]
    if first < 1 or seqs != list(range(first, first + len(seqs))):
        raise ValueError("the entries are not in sequence")
    return first


def _hash_at(launch: str, seq: int, places: Sequence[ResultRow[Any]]) -> str:
    if not places or places[0].seq != seq:
        raise LedgerGap(f"launch {launch} has no entry {seq} to append after")
    digest: str = places[0].hash
    return digest
