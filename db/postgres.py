"""PostgreSQL through psycopg: pooled transactions, and locks by name for rows yet to come."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import URL, CursorResult, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.sql import Executable

from db.transaction import Parameters

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


class PostgresTransaction:
    """The transaction of one `async with`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[Any]:
        return await self._connection.execute(statement, parameters)

    async def lock(self, name: str) -> None:
        await self._connection.execute(_LOCK, {"name": name})


class Postgres:
    """One PostgreSQL database. Readers see one snapshot for the whole transaction."""

    def __init__(self, url: URL) -> None:
        self._writing = async_engine(url)
        self._reading = self._writing.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    @asynccontextmanager
    async def write(self) -> AsyncIterator[PostgresTransaction]:
        async with self._writing.begin() as connection:
            yield PostgresTransaction(connection)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[PostgresTransaction]:
        async with self._reading.connect() as connection:
            yield PostgresTransaction(connection)

    async def close(self) -> None:
        await self._writing.dispose()


def async_engine(url: URL) -> AsyncEngine:
    """The engine; a connection that died is noticed before it is used."""
    return create_async_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)
