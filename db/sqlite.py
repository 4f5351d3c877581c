"""SQLite: one writing connection that takes the write lock before it reads, others that only read,
and the pragmas that make a commit durable. Connections stay open for the next transaction.

Statements run where they are called, because each takes microseconds and a change of threads takes
more. So do commits, as long as the disk answers at once; on a slow disk they wait in a thread.
Waiting for the lock is a sleep.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from time import monotonic, sleep
from typing import Any, Final

from sqlalchemy import URL, Connection, CursorResult, Engine, NullPool, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import Executable

from db.prepared import Statements, as_sqlalchemy
from db.transaction import Parameters, Rows

LOCK_TIMEOUT: Final = 15.0
"""Seconds a writer waits for another process to let go of the file."""

SLOW_COMMIT: Final = 0.005
"""Seconds that commits may hold up everybody else, on average; longer ones wait in a thread, which
costs a third of a millisecond of processor time.
"""
_AVERAGED: Final = 8
_IDLE: Final = 8

_STATEMENTS: Final = Statements()
_LOCK_POLL: Final = 0.001
_PRAGMAS: Final = (
    "busy_timeout = 15000",
    "synchronous = FULL",
    "foreign_keys = ON",
    "temp_store = MEMORY",
    "wal_autocheckpoint = 400",  # a longer log takes longer to read back
)


class SqliteTransaction:
    """The transaction of one `async with`; its statements never leave the event loop's thread."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.driver = _driver_of(connection)

    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[Any] | Rows:
        prepared = _STATEMENTS.prepared(statement, parameters)
        if prepared is None:
            return self.connection.execute(statement, parameters)
        return prepared.execute(self.driver, parameters)

    async def lock(self, name: str) -> None:
        """Nothing to do: a writer has the whole file to itself."""


class Sqlite:
    """One SQLite file. Writers of this process queue in order, those of others are waited for."""

    def __init__(self, url: URL) -> None:
        # A reader may be held across other awaits, so readers never wait for each other.
        self._reading = create_engine(url, poolclass=NullPool)
        self._writing = create_engine(url, poolclass=NullPool)
        event.listen(self._reading, "connect", _only_reads)
        event.listen(self._writing, "connect", _writes)
        self._readers: list[Connection] = []
        self._writers: list[Connection] = []
        self._turn = asyncio.Lock()
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="sqlite-commit")
        self._commit_time = 0.0
        self._is_closed = False

    @asynccontextmanager
    async def write(self) -> AsyncIterator[SqliteTransaction]:
        async with self._turn:
            transaction = self._lent(self._writers, self._writing)
            try:
                await _begun(transaction.driver)
                yield transaction
                await self._commit(transaction.driver)
            finally:
                self._back(transaction, self._writers)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqliteTransaction]:
        transaction = self._lent(self._readers, self._reading)
        try:
            _begin(transaction.driver)
            yield transaction
        finally:
            self._back(transaction, self._readers)

    async def close(self) -> None:
        async with self._turn:
            self._is_closed = True
            for idle in (self._readers, self._writers):
                while idle:
                    idle.pop().close()
            self._disk.shutdown()

    def _lent(self, idle: list[Connection], engine: Engine) -> SqliteTransaction:
        """A transaction on a connection that nobody uses."""
        connection = idle.pop() if idle else engine.connect()
        return SqliteTransaction(connection)

    def _back(self, transaction: SqliteTransaction, idle: list[Connection]) -> None:
        """What was not committed is undone; the connection stays open for the next. One that cannot
        undo is given up: closing the file undoes it, and lets go of the lock.
        """
        connection = transaction.connection
        try:
            transaction.driver.rollback()
            connection.rollback()
        except (sqlite3.Error, SQLAlchemyError):
            connection.invalidate()
        if self._is_closed or connection.invalidated or len(idle) >= _IDLE:
            connection.close()
        else:
            idle.append(connection)

    async def _commit(self, driver: sqlite3.Connection) -> None:
        try:
            is_slow = self._commit_time > SLOW_COMMIT
            took = await self._in_thread(driver) if is_slow else _committed(driver)
        except sqlite3.Error as error:
            raise as_sqlalchemy(error, "COMMIT") from error
        self._commit_time += (took - self._commit_time) / _AVERAGED

    async def _in_thread(self, driver: sqlite3.Connection) -> float:
        """A caller still waits for the thread however often it is cancelled: nobody else may use
        the connection.
        """
        running = asyncio.get_running_loop().run_in_executor(self._disk, _committed, driver)
        cancelled: asyncio.CancelledError | None = None
        while not running.done():
            try:
                await asyncio.wait((running,))
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            running.exception()  # seen here: the caller is told of nothing but its own end
            raise cancelled
        return running.result()


def migrating_engine(url: URL) -> Engine:
    """An engine whose transactions take the write lock at once, for changes of the schema."""
    engine = create_engine(url)
    event.listen(engine, "connect", _configured)
    event.listen(engine, "begin", _take_the_lock)
    return engine


def reading_engine(url: URL) -> Engine:
    """An engine that only looks, one picture for each transaction."""
    engine = create_engine(url)
    event.listen(engine, "connect", _only_looks)
    event.listen(engine, "begin", _take_a_picture)
    return engine


def exclusive_engine(url: URL) -> Engine:
    """An engine that only reads a file, and only one that no other process has open."""
    engine = create_engine(url, poolclass=NullPool)
    event.listen(engine, "connect", _has_alone)
    event.listen(engine, "begin", _take_a_picture)
    return engine


def _committed(driver: sqlite3.Connection) -> float:
    """The seconds that the disk took, wherever it was waited for."""
    begun = monotonic()
    driver.commit()
    return monotonic() - begun


def _begin(driver: sqlite3.Connection) -> None:
    try:
        driver.execute("BEGIN")
    except sqlite3.Error as error:
        raise as_sqlalchemy(error, "BEGIN") from error


async def _begun(driver: sqlite3.Connection) -> None:
    """SQLite's own waiting sleeps in a thread and up to 100 ms too long; this one does neither.

    Under load the lock is often taken; a refusal by the driver costs next to nothing.
    """
    deadline = monotonic() + LOCK_TIMEOUT
    while True:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or monotonic() > deadline:
                raise as_sqlalchemy(error, "BEGIN IMMEDIATE") from error
            await asyncio.sleep(_LOCK_POLL)
        else:
            return


def _driver_of(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError("not a connection to SQLite")
    return driver


def _configured(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
    # Transactions are begun in so many words; the driver must not begin its own.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    _keep_a_log(cursor)
    cursor.close()


def _keep_a_log(cursor: Any) -> None:  # noqa: ANN401 - the driver's own
    """Write-ahead logging, a property of the file. Of two connections that turn it on at once, one
    is refused whatever its busy_timeout; a moment later it is on.
    """
    deadline = monotonic() + LOCK_TIMEOUT
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or monotonic() > deadline:
                raise
            sleep(_LOCK_POLL)
        else:
            return


def _writes(connection: Any, record: object) -> None:  # noqa: ANN401 - the driver's own
    _configured(connection, record)
    connection.execute("PRAGMA busy_timeout = 0")


def _only_reads(connection: Any, record: object) -> None:  # noqa: ANN401 - the driver's own
    _configured(connection, record)
    connection.execute("PRAGMA query_only = ON")


def _only_looks(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
    # The file may be somebody else's: not even its way of logging is changed.
    connection.isolation_level = None
    for pragma in ("busy_timeout = 15000", "query_only = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _has_alone(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
    # Asked for before anything else touches the file; granted or refused at the first read.
    connection.isolation_level = None
    for pragma in ("locking_mode = EXCLUSIVE", "busy_timeout = 500", "query_only = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _take_a_picture(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _take_the_lock(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
