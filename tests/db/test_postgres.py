"""What only PostgreSQL can show: connections that die, its driver, its readers."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import IntegrityError, OperationalError

from db import commands, schema
from db.address import DatabaseUnreachable, parsed
from db.commands import NewCommand
from db.session import Database
from tests.db.story import signed_story, stalled_story, write
from tests.db.test_prepared import PERSON, Heard, everything_read
from tests.plans import at
from tests.postgres import Server

ASKED = NewCommand("c1", PERSON, "k", "r", None, "sign", "{}", at(0))
KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"


@pytest.fixture
async def database(postgres: Server, migrated_database: str) -> AsyncIterator[Database]:
    url = postgres.create(migrated_database)
    async with Database(url) as opened:
        async with opened.write() as session:
            await commands.open_command(session, ASKED)
        yield opened
    postgres.drop(url)


def kill_all(server: Server, url: str | URL) -> None:
    """Every connection to a database, as a restart of the server does."""
    server.execute(KILL.format(name=make_url(url).database))


async def is_found(database: Database) -> bool:
    async with database.read() as session:
        return await commands.get(session, "c1") is not None


async def test_a_connection_that_died_at_rest_is_noticed_before_it_is_used(
    database: Database, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await is_found(database)
    kill_all(postgres, database.url)
    monkeypatch.setattr("db.postgres.IDLE", 0.0)
    assert await is_found(database)


async def test_one_that_died_in_use_costs_a_transaction_and_no_more(
    database: Database, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.postgres.IDLE", 60.0)
    assert await is_found(database)
    kill_all(postgres, database.url)
    with pytest.raises(OperationalError):
        await is_found(database)
    assert await is_found(database)


async def test_of_many_that_died_in_use_one_is_lost(
    database: Database, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.postgres.IDLE", 60.0)
    async with database.read(), database.read(), database.read():
        pass
    kill_all(postgres, database.url)
    with pytest.raises(OperationalError):
        await is_found(database)
    async with database.read() as one, database.read() as other:
        assert await commands.get(one, "c1") == await commands.get(other, "c1") is not None


async def test_a_server_without_a_connection_left_is_worth_waiting_for(
    database: Database, postgres: Server
) -> None:
    name = database.url.database
    postgres.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT 0')
    postgres.execute("CREATE ROLE somebody LOGIN")
    url = database.url.set(username="somebody").render_as_string(hide_password=False)
    with pytest.raises(DatabaseUnreachable, match=r"takes no more connections.*max_connections"):
        await schema.demand_head(url)
    postgres.execute("DROP ROLE somebody")


async def test_a_statement_used_again_is_refused_as_sqlalchemy_would(database: Database) -> None:
    for _ in range(3):
        with pytest.raises(IntegrityError, match="command"):
            async with database.write() as session:
                await session.execute(commands._OPEN, commands._row(ASKED))
    assert await is_found(database)


async def test_what_the_driver_reads_is_what_sqlalchemy_reads(database: Database) -> None:
    await write(database, signed_story("L1"), stalled_story("L2"))
    async with database.read() as session:
        await everything_read(session)
        heard = Heard(session)  # from the second time on it is the driver's
        await everything_read(heard)
    engine = create_engine(parsed(database.url.render_as_string(hide_password=False)))
    async with database.read() as session:
        with engine.connect() as connection:
            for statement, parameters in heard.read:
                wanted = connection.execute(statement, parameters)
                found = await session.execute(statement, parameters)
                assert [dict(row) for row in found.mappings()] == [
                    dict(row) for row in wanted.mappings()
                ]
    engine.dispose()


async def test_readers_are_bound_to_one_moment_and_never_write(database: Database) -> None:
    async with database.read() as session:
        level = await session.execute(text("SHOW transaction_isolation"))
        mode = await session.execute(text("SHOW transaction_read_only"))
        assert (level.scalar(), mode.scalar()) == ("repeatable read", "on")
    async with database.write() as session:
        level = await session.execute(text("SHOW transaction_isolation"))
        assert level.scalar() == "read committed"
