"""PostgreSQL through psycopg: pooled transactions, and locks by name for rows yet to come.

Statements, commits and locks go to the driver itself; SQLAlchemy pools the connections and carries
out what is put together for one use.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any, Final, cast

import psycopg
from psycopg import AsyncConnection as Driver
from psycopg import IsolationLevel
from sqlalchemy import URL, CursorResult, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.sql import Executable

from db.prepared import Prepared, Statements, as_sqlalchemy
from db.transaction import Parameters, Rows

READERS: Final = 20
POOL_TIMEOUT: Final = 10.0
"""Seconds until a caller hears that all connections are in use."""
WRITERS: Final = 15
"""How many connections a process opens at most for each."""
IDLE: Final = 1.0
"""Seconds after which a connection is asked whether it still lives, before it is used."""

_KEPT: Final = 5
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_DIALECT: Final[Any] = cast("Any", PGDialectAsync_psycopg)()  # SQLAlchemy leaves it untyped
_STATEMENTS: Final = Statements(_DIALECT)


class PostgresTransaction:
    """The transaction of one `async with`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._driver = _driver_of(connection)

    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[Any] | Rows:
        prepared = _STATEMENTS.prepared(statement, parameters)
        if prepared is None:
            return await self._connection.execute(statement, parameters)
        try:
            return await _executed(self._driver, prepared, parameters)
        except psycopg.Error as error:
            raise _translated(error, prepared.text) from error

    async def lock(self, name: str) -> None:
        try:
            await self._driver.execute(_LOCK, (name,))
        except psycopg.Error as error:
            raise _translated(error, _LOCK) from error

    async def commit(self) -> None:
        try:
            await self._driver.commit()
        except psycopg.Error as error:
            raise _translated(error, "COMMIT") from error


class Postgres:
    """One PostgreSQL database. Readers see one snapshot for the whole transaction."""

    def __init__(self, url: URL) -> None:
        self._writing = async_engine(url, WRITERS)
        self._reading = async_engine(url, READERS)
        event.listen(self._reading.sync_engine, "connect", _only_reads)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[PostgresTransaction]:
        async with self._writing.connect() as connection:
            transaction = PostgresTransaction(connection)
            yield transaction
            await transaction.commit()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[PostgresTransaction]:
        async with self._reading.connect() as connection:
            yield PostgresTransaction(connection)

    async def close(self) -> None:
        await self._writing.dispose()
        await self._reading.dispose()


def async_engine(url: URL, most: int = WRITERS) -> AsyncEngine:
    """The engine; a connection that died while nobody used it is noticed before it is used."""
    engine = create_async_engine(
        url, pool_size=_KEPT, max_overflow=most - _KEPT, pool_timeout=POOL_TIMEOUT
    )
    doubts = _Doubts()
    event.listen(engine.sync_engine, "checkin", doubts.note_use)
    event.listen(engine.sync_engine, "invalidate", doubts.note_death)
    event.listen(engine.sync_engine, "checkout", doubts.demand_alive)
    return engine


class _Doubts:
    """Asking a connection whether it lives costs as much as a row by its key, so it is asked only
    where there is a doubt: nobody used it for a while, or another has died since.
    """

    def __init__(self) -> None:
        self._last_death = 0.0

    def note_use(self, _connection: object, record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        record.info["used"] = monotonic()

    def note_death(self, *_: object) -> None:
        self._last_death = monotonic()

    def demand_alive(self, connection: Any, record: Any, _proxy: object) -> None:  # noqa: ANN401
        used = record.info.get("used")
        if used is None or used > max(monotonic() - IDLE, self._last_death):
            return
        try:
            _DIALECT.do_ping(connection)
        except psycopg.Error as error:
            raise InvalidatePoolError from error


async def _executed(driver: Driver[Any], prepared: Prepared, parameters: Parameters | None) -> Rows:
    async with driver.cursor() as cursor:
        if isinstance(parameters, Sequence):
            await cursor.executemany(prepared.text, [prepared.values(p) for p in parameters])
        else:
            await cursor.execute(prepared.text, prepared.values(parameters or {}))
        rows = await cursor.fetchall() if cursor.description else ()
        return prepared.answer(rows, cursor.rowcount)


def _translated(error: psycopg.Error, statement: str) -> BaseException:
    return as_sqlalchemy(error, statement, base=psycopg.Error, dialect=_DIALECT)


def _driver_of(connection: AsyncConnection) -> Driver[Any]:
    pooled = connection.sync_connection
    driver = None if pooled is None else pooled.connection.driver_connection
    if not isinstance(driver, Driver):
        raise TypeError("not a connection to PostgreSQL")
    return driver


def _only_reads(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
    connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
    connection.set_read_only(True)
