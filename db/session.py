"""The database of an installation by its address; one `async with` is one transaction.

`write` begins with the lock on SQLite, so a transaction must not wait for anything but its own
statements. `read` never writes and never waits for a writer.
"""

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Self

from sqlalchemy import URL

from db.address import is_sqlite, parsed
from db.sqlite import Sqlite
from db.transaction import Session

if TYPE_CHECKING:
    from db.postgres import Postgres


class Database:
    """`Database("sqlite:////data/countersign.db")` or `Database("postgresql://user@host/name")`.

    As an asynchronous context manager it is closed at the end of the block.
    """

    def __init__(self, url: str) -> None:
        self.url = parsed(url)
        self._engine = Sqlite(self.url) if is_sqlite(self.url) else _postgres(self.url)

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


def _postgres(url: URL) -> "Postgres":
    from db.postgres import Postgres  # noqa: PLC0415 - loads its driver, which SQLite needs not

    return Postgres(url)
