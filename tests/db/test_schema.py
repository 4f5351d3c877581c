import asyncio
import json
import os
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from db import commands, schema
from db.address import is_sqlite, parsed
from db.commands import NewCommand
from db.ledger import GENESIS
from db.row import Row
from db.session import Database
from tests.plans import at
from tests.postgres import Server


def differences(url: str) -> list[object]:
    engine = create_engine(parsed(url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = list(compare_metadata(context, Row.metadata))
    engine.dispose()
    return found


RESERVED = "INSERT INTO reservation VALUES ('C1', 'L1', 'zoe', '2026-11-01 00:00:00')"
ENTRY = """
    INSERT INTO ledger (launch, seq, at, type, actor, data, prev_hash, hash)
    VALUES ('L1', {seq}, '2026-11-01 00:00:00', 'X', 'system', '{{}}', '{before}', 'sha256:{seq}')
"""
FORBIDDEN = (
    "UPDATE ledger SET actor = 'mallory'",
    "DELETE FROM ledger",
    ENTRY.format(seq=3, before="sha256:2"),
    ENTRY.format(seq=2, before="sha256:0"),
)
FORBIDDEN_ON = {
    "sqlite": ("INSERT OR REPLACE INTO ledger SELECT * FROM ledger",),
    "postgresql": ("TRUNCATE ledger", "TRUNCATE reservation CASCADE"),
}
WRITTEN = """
    INSERT INTO postmortem_entry (launch, seq, at, type, actor, data, prev_hash, hash)
    VALUES ('L1', {seq}, '2026-11-01 00:00:00', 'X', 'zoe', '{{}}', '{before}', 'sha256:{seq}')
"""
FORBIDDEN_IN_POSTMORTEMS = (
    "UPDATE postmortem_entry SET actor = 'mallory'",
    "DELETE FROM postmortem_entry",
    WRITTEN.format(seq=3, before="sha256:2"),
    WRITTEN.format(seq=2, before="sha256:0"),
)
FORBIDDEN_IN_POSTMORTEMS_ON = {
    "sqlite": ("INSERT OR REPLACE INTO postmortem_entry SELECT * FROM postmortem_entry",),
    "postgresql": ("TRUNCATE postmortem_entry",),
}


def run(url: str, *statements: str) -> None:
    engine = create_engine(parsed(url))
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


def is_guarded(url: str) -> bool:
    """Nothing that changes or breaks the chain passes."""
    for statement in (*FORBIDDEN, *FORBIDDEN_ON[parsed(url).get_backend_name()]):
        with pytest.raises(DBAPIError, match="append-only"):
            run(url, statement)
    return True


def tables(url: str) -> set[str]:
    engine = create_engine(parsed(url))
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_rows_and_migrations_agree(database_url: str) -> None:
    assert differences(database_url) == []


def test_a_difference_between_rows_and_migrations_is_noticed(database_url: str) -> None:
    engine = create_engine(parsed(database_url))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE launch ADD COLUMN mood VARCHAR"))
    engine.dispose()
    assert differences(database_url) != []


async def test_the_schema_goes_all_the_way_down_and_up_again(database_url: str) -> None:
    assert await schema.revision_of(database_url) == schema.head()
    await schema.alter(database_url, lambda config: command.downgrade(config, "base"))
    assert tables(database_url) == {"alembic_version"}
    assert await schema.revision_of(database_url) is None
    await schema.migrate(database_url)
    assert await schema.revision_of(database_url) == schema.head()
    assert differences(database_url) == []


async def test_alembic_finds_nothing_to_do(database_url: str) -> None:
    await schema.alter(database_url, command.check)


async def test_every_migration_leaves_the_ledger_guarded(database_url: str) -> None:
    """From the one that makes the triggers on, on the way down and on the way up."""
    run(database_url, RESERVED, ENTRY.format(seq=1, before=GENESIS))
    revisions = [revision for revision in sorted(schema.known()) if revision >= "0002"]
    assert is_guarded(database_url)
    for revision in reversed(revisions[:-1]):
        await schema.alter(database_url, partial(command.downgrade, revision=revision))
        assert is_guarded(database_url)
    for revision in revisions[1:]:
        await schema.alter(database_url, partial(command.upgrade, revision=revision))
        assert is_guarded(database_url)
    assert await schema.revision_of(database_url) == schema.head()


def test_the_ledger_of_post_mortems_is_guarded_alike(database_url: str) -> None:
    run(database_url, RESERVED, WRITTEN.format(seq=1, before=GENESIS))
    backend = parsed(database_url).get_backend_name()
    for statement in (*FORBIDDEN_IN_POSTMORTEMS, *FORBIDDEN_IN_POSTMORTEMS_ON[backend]):
        with pytest.raises(DBAPIError, match="append-only"):
            run(database_url, statement)
    run(database_url, WRITTEN.format(seq=2, before="sha256:1"))


async def test_what_a_command_was_answered_outlives_a_step_down(database_url: str) -> None:
    database = Database(database_url)
    asked = NewCommand("c1", "zoe", "k", "r", "L1", "sign", "{}", at(0))
    async with database.write() as session:
        await commands.open_command(session, asked)
        await commands.answer(session, "c1", status=200, seq=7, at=at(0))
    await database.close()
    await schema.alter(database_url, lambda config: command.downgrade(config, "0003"))
    engine = create_engine(parsed(database_url))
    with engine.begin() as connection:
        reply = connection.execute(text("SELECT reply FROM command")).scalar_one()
    engine.dispose()
    assert json.loads(reply) == {"id": "L1", "seq": 7}


async def test_migrating_again_changes_nothing(database_url: str) -> None:
    before = tables(database_url)
    await schema.migrate(database_url)
    assert tables(database_url) == before


async def test_asking_for_the_revision_makes_no_file(tmp_path: Path) -> None:
    assert await schema.revision_of(f"sqlite:///{tmp_path / 'none.db'}") is None
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - no Path methods in async functions


async def test_asking_for_the_revision_waits_for_no_writer(database_url: str) -> None:
    """Neither for one who changes rows nor for one who changes the schema."""
    engine = create_engine(parsed(database_url))
    with engine.begin() as writer:
        if is_sqlite(parsed(database_url)):
            writer.execute(text("INSERT INTO organisation VALUES (1, '{}')"))
        else:
            writer.execute(schema.SCHEMA_LOCK)
        assert await asyncio.wait_for(schema.revision_of(database_url), 10) == schema.head()
    engine.dispose()


async def test_two_migrations_at_once_are_one(database_url: str) -> None:
    url = database_url
    await schema.alter(url, lambda config: command.downgrade(config, "base"))
    await asyncio.gather(schema.migrate(url), schema.migrate(url))
    assert differences(url) == []


async def test_a_database_behind_is_told_what_to_do(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'fresh.db'}"
    with pytest.raises(schema.SchemaOutdated, match=r"none.*countersign migrate"):
        await schema.demand_head(url)
    await schema.migrate(url)
    await schema.demand_head(url)


async def test_somebody_elses_database_is_left_alone(tmp_path: Path, postgres: Server) -> None:
    for url in (f"sqlite:///{tmp_path / 'theirs.db'}", postgres.create()):
        engine = create_engine(parsed(url))
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE invoices (id INTEGER)"))
        engine.dispose()
        before = (tmp_path / "theirs.db").read_bytes()
        for act in (schema.migrate, schema.demand_usable):
            with pytest.raises(schema.SomebodyElses, match="invoices"):
                await act(url)
        assert await schema.revision_of(url) is None
        assert (tmp_path / "theirs.db").read_bytes() == before, "not even its header"
        assert tables(url) == {"invoices"}


async def test_a_database_of_a_newer_build_is_left_alone(database_url: str) -> None:
    engine = create_engine(parsed(database_url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(schema.SchemaUnknown, match="newer"):
        await schema.migrate(database_url)
    assert await schema.revision_of(database_url) == "9999"
