"""The archive: what Temporal remembers of a closed launch, kept beside its ledger for ever.

A launch's place in it is made in the transaction that closes it and filled in later, so that
nothing closed is forgotten, whatever dies in between. What is filled in never changes again.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, select, update

from db.row import table_of
from db.tables import ArchiveRow, LaunchRow, LedgerRow
from db.transaction import Session

_archive, _launch, _ledger = table_of(ArchiveRow), table_of(LaunchRow), table_of(LedgerRow)
_PLACE = insert(_archive)
_OWED = (
    select(_archive.c.launch, _archive.c.closed_at)
    .where(_archive.c.history.is_(None), _archive.c.retry_at <= bindparam("now"))
    .order_by(_archive.c.retry_at, _archive.c.launch)
    .limit(bindparam("most"))
)
_STILL_OWED = (_archive.c.launch == bindparam("which")) & _archive.c.history.is_(None)
_FILL = update(_archive).where(_STILL_OWED)
_POSTPONE = update(_archive).where(_STILL_OWED)
_UNPLACED = (
    select(_ledger.c.launch, _ledger.c.at, _ledger.c.seq, _ledger.c.hash, _ledger.c.at)
    .join(_launch, (_launch.c.id == _ledger.c.launch) & (_launch.c.seq == _ledger.c.seq))
    .outerjoin(_archive, _archive.c.launch == _launch.c.id)
    .where(_launch.c.phase == "closed", _archive.c.launch.is_(None))
)
_PLACE_ALL = insert(_archive).from_select(
    ["launch", "closed_at", "entries", "head", "retry_at"], _UNPLACED, include_defaults=False
)
_LAUNCHES = select(_archive.c.launch).order_by(_archive.c.launch)
_ONE = select(_archive).where(_archive.c.launch == bindparam("which"))
_COLUMNS: Final = tuple(column.name for column in _archive.columns)


@dataclass(frozen=True, slots=True)
class History:
    """A launch's history as archived: `packed` holds `runs` of altogether `events`."""

    runs: int
    events: int
    packed: bytes


@dataclass(frozen=True, slots=True)
class Owed:
    """A closed launch whose history is to be archived now."""

    launch: str
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class Archived:
    """What the archive holds of a launch. `entries` and `head` are the length and the last hash of
    its ledger when it closed; `history` is None while it is owed.
    """

    launch: str
    closed_at: datetime
    entries: int
    head: str
    archived_at: datetime | None
    history: History | None
    digest: str | None

    @property
    def is_whole(self) -> bool:
        """Whether the history is the one that was archived; one that is owed is."""
        return self.history is None or digest_of(self.history.packed) == self.digest


async def owe(
    session: Session, launch: str, *, closed_at: datetime, entries: int, head: str
) -> None:
    """A launch closes: from now on its history is owed. Once, with the entries that close it."""
    row = dict.fromkeys(_COLUMNS)
    row.update(launch=launch, closed_at=closed_at, entries=entries, head=head, retry_at=closed_at)
    await session.execute(_PLACE, row)


async def owe_all(session: Session) -> None:
    """Every closed launch without a place gets one; of two workers at it one does it."""
    await session.lock("archive")
    await session.execute(_PLACE_ALL)


async def owed(session: Session, now: datetime, *, most: int) -> tuple[Owed, ...]:
    """Launches whose history is still to be archived, the ones waiting longest first."""
    rows = await session.execute(_OWED, {"now": now, "most": most})
    return tuple(Owed(row.launch, row.closed_at) for row in rows)


async def keep(session: Session, launch: str, history: History, *, at: datetime) -> bool:
    """Fill in the history. False where another worker was first, or nothing is owed: then nothing
    changes.
    """
    filled = {
        "which": launch,
        "archived_at": at,
        "runs": history.runs,
        "events": history.events,
        "digest": digest_of(history.packed),
        "history": history.packed,
    }
    return (await session.execute(_FILL, filled)).rowcount > 0


async def postpone(session: Session, launch: str, until: datetime) -> None:
    """It cannot be fetched now; ask again then."""
    await session.execute(_POSTPONE, {"which": launch, "retry_at": until})


async def find(session: Session, launch: str) -> Archived | None:
    """The launch's place in the archive; None while it has not closed."""
    row = (await session.execute(_ONE, {"which": launch})).first()
    if row is None:
        return None
    history = None if row.history is None else History(row.runs, row.events, row.history)
    return Archived(
        launch=row.launch,
        closed_at=row.closed_at,
        entries=row.entries,
        head=row.head,
        archived_at=row.archived_at,
        history=history,
        digest=row.digest,
    )


async def launches(session: Session) -> tuple[str, ...]:
    """The ids of all launches that have closed."""
    return tuple((await session.execute(_LAUNCHES)).scalars())


def digest_of(packed: bytes) -> str:
    """`sha256:` and the hex SHA-256 of a packed history."""
    return f"sha256:{hashlib.sha256(packed).hexdigest()}"
