"""The database of an installation by its address; one `async with` is one transaction.

`write` begins with the lock on SQLite, so a transaction must not wait for anything but its own
statements. `read` never writes and never waits for a writer.
"""

from contextlib import AbstractAsyncContextManager
from typing import Final, Self

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from db.postgres import Postgres
from db.sqlite import Sqlite
from db.transaction import Session

DRIVERS: Final = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}


class DatabaseUrlInvalid(ValueError):
    """The address cannot be used; the text says what to write instead."""


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


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def parsed(url: str) -> URL:
    """The address with our driver. Raises `DatabaseUrlInvalid`."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise DatabaseUrlInvalid(
            "DATABASE_URL is not an address; write sqlite:///file or postgresql://user@host/name"
        ) from error
    backend = address.drivername.partition("+")[0]
    if backend not in DRIVERS:
        raise DatabaseUrlInvalid(
            f"DATABASE_URL names {backend!r}; only sqlite:///file and postgresql:// are known"
        )
    if backend == "sqlite" and address.database in {None, "", ":memory:"}:
        raise DatabaseUrlInvalid("SQLite needs a file that outlives the process: sqlite:///file")
    return address.set(drivername=DRIVERS[backend])
