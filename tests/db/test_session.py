import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from db import sqlite
from db.address import DatabaseUrlInvalid
from db.row import table_of
from db.session import Database
from db.tables import OrganisationRow

_organisation = table_of(OrganisationRow)


async def count(database: Database) -> int:
    async with database.read() as session:
        return int((await session.execute(select(_organisation.c.document))).scalar() or 0)


async def increment(database: Database) -> None:
    async with database.write() as session:
        await session.lock("counter")
        number = int((await session.execute(select(_organisation.c.document))).scalar() or 0)
        await asyncio.sleep(0)
        await session.execute(update(_organisation).values(document=str(number + 1)))


@pytest.fixture
async def counter(database: Database) -> Database:
    async with database.write() as session:
        await session.execute(insert(_organisation), {"id": 1, "document": "0"})
    return database


async def test_forty_increments_at_once_lose_nothing(counter: Database) -> None:
    await asyncio.gather(*(increment(counter) for _ in range(40)))
    assert await count(counter) == 40


async def test_increments_of_two_processes_lose_nothing(
    counter: Database, database_url: str
) -> None:
    others = [Database(database_url) for _ in range(4)]
    await asyncio.gather(*(increment(other) for other in others * 10))
    assert await count(counter) == 40
    for other in others:
        await other.close()


async def fail_half_way(database: Database) -> None:
    async with database.write() as session:
        await session.execute(update(_organisation).values(document="7"))
        await session.execute(insert(_organisation), {"id": 1, "document": "8"})


async def test_an_exception_undoes_the_transaction(counter: Database) -> None:
    with pytest.raises(IntegrityError):
        await fail_half_way(counter)
    assert await count(counter) == 0


async def test_a_cancelled_transaction_is_undone_and_the_next_one_works(
    counter: Database,
) -> None:
    started = asyncio.Event()

    async def hang() -> None:
        async with counter.write() as session:
            await session.execute(update(_organisation).values(document="7"))
            started.set()
            await asyncio.Event().wait()

    hanging = asyncio.create_task(hang())
    await started.wait()
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    await increment(counter)
    assert await count(counter) == 1


async def test_a_commit_under_way_is_not_lost_by_a_cancellation(counter: Database) -> None:
    for _ in range(20):
        task = asyncio.create_task(increment(counter))
        await asyncio.sleep(0.001)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    before = await count(counter)
    await increment(counter)
    assert await count(counter) == before + 1


async def test_readers_see_one_picture_and_wait_for_no_writer(counter: Database) -> None:
    async with counter.read() as session, counter.write() as writer:
        document = select(_organisation.c.document)
        assert (await session.execute(document)).scalar() == "0"
        await writer.execute(update(_organisation).values(document="1"))
        assert (await session.execute(document)).scalar() == "0"
    assert await count(counter) == 1


async def test_readers_cannot_write(counter: Database) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        async with counter.read() as session:
            await session.execute(update(_organisation).values(document="1"))


async def test_many_readers_at_once_do_not_wait_for_each_other(counter: Database) -> None:
    everybody_reads = asyncio.Barrier(20)

    async def read() -> int:
        async with counter.read() as session:
            await everybody_reads.wait()
            return int((await session.execute(select(_organisation.c.document))).scalar() or 0)

    async with asyncio.timeout(20):
        assert await asyncio.gather(*(read() for _ in range(20))) == [0] * 20


async def test_a_file_that_stays_locked_is_an_error_in_time(
    sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "LOCK_TIMEOUT", 0.05)
    database = Database(f"sqlite:///{sqlite_file}")
    other = sqlite3.connect(sqlite_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        async with database.write():
            pass
    other.execute("ROLLBACK")
    other.close()
    async with database.write() as session:
        await session.execute(insert(_organisation), {"id": 1, "document": "0"})
    await database.close()


async def test_a_sqlite_file_is_durable_and_checks_its_keys(sqlite_file: Path) -> None:
    database = Database(f"sqlite:///{sqlite_file}")
    pragmas = ("journal_mode", "synchronous", "foreign_keys")
    found = []
    async with database.write() as session:
        for pragma in pragmas:
            answer = await session.execute(text(f"PRAGMA {pragma}"))
            found.append(answer.scalar())
    assert found == ["wal", 2, 1]
    await database.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "is not an address"),
        ("mysql://user@host/name", "'mysql'"),
        ("sqlite://", "outlives the process"),
        ("sqlite:///:memory:", "outlives the process"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_words(url: str, says: str) -> None:
    with pytest.raises(DatabaseUrlInvalid, match=says):
        Database(url)


def test_postgresql_is_reached_through_psycopg() -> None:
    database = Database("postgresql://user@host/name")
    assert database.url.drivername == "postgresql+psycopg"
