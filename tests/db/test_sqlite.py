"""Connections to SQLite that stay open from one transaction to the next, and the disk below."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.exc import IntegrityError

from db import sqlite
from db.row import table_of
from db.session import Database
from db.tables import OrganisationRow

_organisation = table_of(OrganisationRow)
_NEW = insert(_organisation)
_IDS = select(_organisation.c.id).order_by(_organisation.c.id)


@pytest.fixture
async def file(sqlite_file: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{sqlite_file}")
    yield database
    await database.close()


def engine_of(database: Database) -> sqlite.Sqlite:
    assert isinstance(database._engine, sqlite.Sqlite)
    return database._engine


async def add(database: Database, number: int, *, then: Exception | None = None) -> None:
    async with database.write() as session:
        await session.execute(_NEW, {"id": number, "document": "{}"})
        if then is not None:
            raise then


async def ids(database: Database) -> list[int]:
    async with database.read() as session:
        return list((await session.execute(_IDS)).scalars())


async def test_a_connection_is_used_again(file: Database) -> None:
    for number in range(1, 4):
        await add(file, number)
        assert await ids(file) == list(range(1, number + 1))
    engine = engine_of(file)
    assert (len(engine._readers), len(engine._writers)) == (1, 1)


async def test_what_failed_is_undone_before_the_next_uses_the_connection(file: Database) -> None:
    await add(file, 1)
    for _ in range(3):  # the first by SQLAlchemy, then by the driver
        with pytest.raises(IntegrityError):
            await add(file, 1)
        with pytest.raises(ValueError, match="no"):
            await add(file, 2, then=ValueError("no"))
    await add(file, 3)
    assert await ids(file) == [1, 3]


async def test_a_connection_that_cannot_undo_is_given_up(
    file: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file's lock goes with it, and the true reason is heard."""
    broken: list[bool] = []

    class Broken(sqlite3.Connection):
        def rollback(self) -> None:
            if broken:
                broken.pop()
                raise sqlite3.OperationalError("disk I/O error")
            super().rollback()

    def connect(_dialect: object, _record: object, words: Any, named: Any) -> Any:  # noqa: ANN401
        return sqlite3.connect(*words, **named, factory=Broken)

    event.listen(engine_of(file)._writing, "do_connect", connect)
    monkeypatch.setattr(sqlite, "LOCK_TIMEOUT", 0.5)
    await add(file, 1)
    broken.append(True)
    with pytest.raises(ValueError, match="the reason") as heard:
        await add(file, 2, then=ValueError("the reason"))
    assert not broken
    await add(file, 3)
    assert await ids(file) == [1, 3]
    assert heard.value is not None  # keeps the frames, and what they hold, until here


async def test_a_commit_in_a_thread_is_waited_for_however_often_cancelled(
    file: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed = sqlite._committed

    def slowly(driver: sqlite3.Connection) -> float:
        time.sleep(0.2)
        return committed(driver)

    monkeypatch.setattr(sqlite, "_committed", slowly)
    engine_of(file)._commit_time = 1.0
    writing = asyncio.create_task(add(file, 1))
    for _ in range(3):
        await asyncio.sleep(0.02)
        writing.cancel()
    with pytest.raises(ValueError, match="undo me"):
        await add(file, 2, then=ValueError("undo me"))
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await ids(file) == [1]


async def test_closing_while_one_reads_closes_it_when_it_is_done(file: Database) -> None:
    await add(file, 1)
    async with file.read() as session:
        await file.close()
        assert (await session.execute(_IDS)).scalar() == 1
    engine = engine_of(file)
    assert (engine._readers, engine._writers) == ([], [])
    assert await ids(file) == [1]


async def test_only_a_few_connections_are_kept(file: Database) -> None:
    everybody_reads = asyncio.Barrier(30)

    async def read() -> None:
        async with file.read():
            await everybody_reads.wait()

    await asyncio.gather(*(read() for _ in range(30)))
    assert len(engine_of(file)._readers) == sqlite._IDLE


@pytest.mark.parametrize(
    ("seconds", "in_threads"),
    [
        ([0.1] * 3 + [0.0] * 40, [False, True, True, True]),
        ([0.0] * 5 + [0.03] + [0.0] * 5, [False] * 11),
    ],
    ids=["a slow disk", "one slow commit"],
)
async def test_a_slow_disk_is_waited_for_in_a_thread(
    file: Database, monkeypatch: pytest.MonkeyPatch, seconds: list[float], in_threads: list[bool]
) -> None:
    """And only as long as it is slow: a busy event loop says nothing about the disk."""
    threads: list[bool] = []

    def committed(driver: sqlite3.Connection) -> float:
        driver.commit()
        threads.append(in_thread())
        return seconds[len(threads) - 1]

    monkeypatch.setattr(sqlite, "_committed", committed)
    for _ in seconds:
        async with file.write():
            pass
    assert threads[: len(in_threads)] == in_threads
    assert threads[-1] is False


def in_thread() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return True
    return False
