"""The real ledger, on a database of either kind."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from activities.ledger import Ledger
from activities.notices import Notices
from db import codes, keys, ledger
from db.schema import migrate
from db.session import Database
from domain.events import Entry
from domain.ports import Append
from runtime.signing import public_jwk
from tests.plans import PLANNER
from tests.workflows.cast import KEY


class StoredLedger:
    """What `worker.py` wires up, on a database of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.ledger = Ledger(database)
        self.notices = Notices(database)

    @property
    def activities(self) -> Sequence[Callable[..., Any]]:
        return (self.ledger.record, self.notices.stand_down)

    async def entries(self, launch: str) -> tuple[Entry, ...]:
        async with self.database.read() as session:
            stored = await ledger.entries(session, launch)
        return tuple(row.entry for row in stored)

    async def write(self, launch: str, entries: Sequence[Entry]) -> None:
        recorded = await self.ledger.record(Append(launch, tuple(entries)))
        assert recorded.adopted is None

    async def reserve(self, code: str, launch: str) -> None:
        """Take the code, as the API does before it starts a launch."""
        now = datetime.now(UTC)
        async with self.database.write() as session:
            assert await codes.reserve(session, code, launch, person=PLANNER, at=now)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[StoredLedger]:
    """A ledger that trusts the key of the tests."""
    await migrate(url)
    database = Database(url)
    async with database.write() as session:
        await keys.trust(session, public_jwk(KEY), at=datetime.now(UTC))
    try:
        yield StoredLedger(database)
    finally:
        await database.close()
