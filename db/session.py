"""The database of an installation by its address; one `async with` is one transaction.

`write` begins with the lock on SQLite, so a transaction must not wait for anything but its own
statements. `read` never writes and never waits for a writer.
"""

from contextlib import AbstractAsyncContextManager
from typing import Self

from db.address import is_sqlite, parsed
from db.postgres import Postgres
from db.sqlite import Sqlite
from db.transaction import Session


class Database:
    """`Database("sqlite:////data/countersign.db")` or `Database("postgresql://user@host/name")`.

    As an asynchronous context manager it is closed at the end of the block.
    """

    def __init__(self, url: str) -> None:
        self.url = parsed(url)
        self._engine = Sqlite(self.url) if is_sqlite(self.url) else Postgres(self.url)

    def write(self) -> AbstractAsyncContextManager[Session]:
        """A transaction that may write; nobody else writes meanwhile on SQLite."""
        return self._engine.write()

    def read(self) -> AbstractAsyncContextManager[Session]:
        """A transaction that only reads, a consistent picture where it matters."""
        return self._engine.read()

    async def close(self) -> None:
        await self._engine.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
