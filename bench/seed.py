"""A database with many launches, made quickly: copies of told campaigns, each under an id and a
code of its own, with digests, signatures and hashes that are right for it.

`python -m bench.seed URL KEY FIRST COUNT` is a process of its own, so that two databases are filled
at once.
"""

import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import reduce
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, Final

from joserfc.jwk import OKPKey
from sqlalchemy import insert

from bench.campaigns import CODE, ID, Campaign, campaigns
from bench.site import organisation
from db import keys
from db.ledger import GENESIS, chained, row_hash
from db.projection import project
from db.row import table_of
from db.session import Database
from db.tables import ArchiveRow, EscalationRow, InboxRow, LaunchRow, LedgerRow, ReservationRow
from domain.launch import Launch
from domain.terms import terms_digest
from runtime.keys import load_or_create
from runtime.signing import public_jwk, sign

BATCH: Final = 200
TABLES: Final = (ReservationRow, LedgerRow, LaunchRow, InboxRow, EscalationRow, ArchiveRow)
"""Parents before their children."""

Columns = dict[str, Any]
Rows = list[list[Columns]]
"""For each of the tables."""
Changes = Mapping[str, str]
SEPARATOR: Final = "\x1f"
"""Stands in no text of ours: JSON escapes it."""


class Sample:
    """The rows of one told campaign, and how they change under another id."""

    def __init__(self, campaign: Campaign, key: OKPKey) -> None:
        launch = campaign.standing
        told = project(launch)
        reserved = {"code": CODE, "launch": ID, "person": launch.plan.planner}
        self._rows: Rows = [
            [{**reserved, "at": launch.started_at}],
            chained(ID, campaign.entries, GENESIS),
            [dict(told.launch)],
            [dict(row) for row in told.inbox.values()],
            [dict(row) for row in told.escalations.values()],
            _owed(launch),
        ]
        self._text = SEPARATOR.join(_texts(self._rows))
        self._acts = SEPARATOR.join(signed.act for signed in campaign.signed)
        self._signed = tuple(campaign.signed)
        self._promised = dict(campaign.promised)
        self._key = key

    def copy(self, launch: str, code: str) -> Rows:
        """The rows of another launch that went the same way."""
        changes = self._changes(launch, code)
        texts = iter(_replaced(self._text, changes).split(SEPARATOR))
        rows = [[_with_texts(row, texts) for row in table] for table in self._rows]
        before = GENESIS
        for row in rows[TABLES.index(LedgerRow)]:
            row["prev_hash"] = before
            row["hash"] = before = row_hash(row)
        for row in rows[TABLES.index(ArchiveRow)]:
            row["head"] = before
        return rows

    def _changes(self, launch: str, code: str) -> dict[str, str]:
        """Id and code first, then what is made of them: digests of terms, then signatures."""
        changes = {ID: launch, CODE: code}
        for digest, of in self._promised.items():
            changes[digest] = terms_digest(
                launch, of.step, attempt=of.attempt, version=of.version, terms=of.terms
            )
        acts = _replaced(self._acts, changes).split(SEPARATOR)
        for signed, act in zip(self._signed, acts, strict=True):
            said = {
                **signed.envelope,
                "launch": launch,
                "command": _replaced(signed.envelope["command"], {ID: launch}),
                "body_digest": f"sha256:{sha256(act.encode()).hexdigest()}",
            }
            changes[signed.jws] = sign(said, self._key)
        return changes


def _owed(launch: Launch) -> list[Columns]:
    """A closed launch has its place in the archive; its history, which nobody has, is owed."""
    at = launch.closed_at
    if at is None:
        return []
    return [{"launch": ID, "closed_at": at, "entries": launch.seq, "head": "", "retry_at": at}]


def _texts(rows: Rows) -> Iterator[str]:
    """All texts of all rows, in order."""
    for row in chain.from_iterable(rows):
        yield from (value for value in row.values() if isinstance(value, str))


def _with_texts(row: Columns, texts: Iterator[str]) -> Columns:
    """The row with its texts replaced by the next ones."""
    return {name: next(texts) if isinstance(value, str) else value for name, value in row.items()}


def _replaced(text: str, changes: Changes) -> str:
    return reduce(lambda done, change: done.replace(*change), changes.items(), text)


def id_of(number: int) -> str:
    """As scattered as the ids of the API."""
    return sha256(f"launch {number}".encode()).hexdigest()[:16]


def code_of(number: int) -> str:
    """Lower case, so that it stands in the text that is searched as it is."""
    return f"seed-{number:07}"


async def fill(database: Database, key: OKPKey, *, first: int, count: int) -> None:
    """So many launches more, beginning with that number."""
    samples = [Sample(campaign, key) for campaign in campaigns(organisation(), key)]
    async with database.write() as session:
        await keys.trust(session, public_jwk(key), at=datetime.now(UTC))
    for batch in _batches(range(first, first + count)):
        copies = [samples[n % len(samples)].copy(id_of(n), code_of(n)) for n in batch]
        async with database.write() as session:
            for table, statement in enumerate(_INSERTS):
                rows = [row for copy in copies for row in copy[table]]
                if rows:
                    await session.execute(statement, rows)


_INSERTS: Final = tuple(insert(table_of(row)) for row in TABLES)


def _batches(numbers: range) -> Iterator[Sequence[int]]:
    for begin in range(0, len(numbers), BATCH):
        yield numbers[begin : begin + BATCH]


async def _main(url: str, key: str, first: str, count: str) -> None:
    async with Database(url) as database:
        await fill(database, load_or_create(Path(key)), first=int(first), count=int(count))


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
