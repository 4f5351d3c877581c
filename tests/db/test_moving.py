"""A database copied into another: all of it or nothing, whatever kind the two are."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, Table, create_engine, insert, text
from sqlalchemy.exc import DBAPIError

from db import audit, moving, schema
from db.address import DatabaseUnusable, is_sqlite, parsed
from db.audit import RefusedAct
from db.integrity import verify
from db.moving import Copied, CopyRefused, DatabaseInUse, TargetNotEmpty, copy
from db.row import table_of
from db.schema import SomebodyElses
from db.session import Database
from db.tables import LedgerRow, OrganisationRow
from tests.db.story import signed_story, stalled_story, write
from tests.db.test_postgres import kill_all
from tests.db.test_schema import differences, run, tables
from tests.plans import at
from tests.postgres import Server

REFUSED = RefusedAct(at(0), "POST", "/x", 403, "not_yours", "没有权限\n🙂", person="zoe")


def unheard(_doing: str, _table: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A place for a database, with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'target.db'}"
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture
async def filled_url(database_url: str) -> str:
    """A database with two launches, an escalation, refusals; nobody has it open."""
    database = Database(database_url)
    await write(database, signed_story("L1"), stalled_story("L2"))
    async with database.write() as session:
        for _ in range(3):
            await audit.write(session, REFUSED)
    await database.close()
    return database_url


def rows(copied: tuple[Copied, ...]) -> dict[str, int]:
    return {one.table: one.rows for one in copied}


async def test_everything_arrives(
    filled_url: str, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "BATCH", 7)
    counted = rows(copy(filled_url, empty_url, unheard))
    assert set(counted) == tables(empty_url) - {"alembic_version"}
    assert (counted["reservation"], counted["refusal"]) == (2, 3)
    assert counted["ledger"] > 20
    assert differences(empty_url) == []
    found = []
    for url in (filled_url, empty_url):
        database = Database(url)
        found.append(await verify(database))
        await database.close()
    assert found[0] == found[1]
    assert (found[1].launches, found[1].problems) == (2, ())


async def test_the_ledger_is_guarded_there_and_numbers_go_on(
    filled_url: str, empty_url: str
) -> None:
    copy(filled_url, empty_url, unheard)
    with pytest.raises(DBAPIError, match="append-only"):
        run(empty_url, "UPDATE ledger SET actor = 'x'")
    database = Database(empty_url)
    async with database.write() as session:
        await audit.write(session, REFUSED)
        numbers = (await session.execute(text("SELECT id FROM refusal ORDER BY id"))).scalars()
        assert list(numbers) == [1, 2, 3, 4]
    async with database.read() as session:
        assert await audit.newest(session) == (REFUSED,) * 4
    await database.close()


def test_progress_counts_every_table_twice(filled_url: str, empty_url: str) -> None:
    heard: list[tuple[str, str, int, int]] = []
    counted = rows(copy(filled_url, empty_url, lambda *step: heard.append(step)))
    ledger = [(doing, done, total) for doing, table, done, total in heard if table == "ledger"]
    assert ledger[-1] == ("comparing", counted["ledger"], counted["ledger"])
    assert {doing for doing, _, _ in ledger} == {"copying", "comparing"}
    assert all(one[1] <= next_one[1] for one, next_one in pairwise(ledger) if one[0] == next_one[0])


def test_a_database_of_something_else_is_no_target(filled_url: str, empty_url: str) -> None:
    engine = create_engine(parsed(empty_url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE invoices (id INTEGER)"))
    engine.dispose()
    with pytest.raises(SomebodyElses, match="belongs to something else: it has a table invoices"):
        copy(filled_url, empty_url, unheard)


def test_who_comes_while_it_is_copied_is_noticed(postgres: Server, filled_url: str) -> None:
    if is_sqlite(parsed(filled_url)):
        pytest.skip("a SQLite file is locked meanwhile")
    engine = create_engine(parsed(filled_url))
    opened: list[Connection] = []

    def progress(*_: object) -> None:
        if not opened:
            opened.append(engine.connect())

    target = postgres.create()
    with pytest.raises(DatabaseInUse, match="is open in 1 other sessions"):
        copy(filled_url, target, progress)
    opened[0].close()
    engine.dispose()
    assert copy(filled_url, target, unheard), "nothing of it was kept"


async def test_a_target_at_head_will_do_if_it_is_empty(filled_url: str, empty_url: str) -> None:
    await schema.migrate(empty_url)
    copy(filled_url, empty_url, unheard)
    with pytest.raises(TargetNotEmpty, match=r"not empty: its table .* has rows"):
        copy(filled_url, empty_url, unheard)


@pytest.mark.parametrize("revision", ["9999", "0003"])
async def test_a_source_at_another_revision_is_left_alone(
    revision: str, filled_url: str, empty_url: str
) -> None:
    run(filled_url, f"UPDATE alembic_version SET version_num = '{revision}'")  # noqa: S608
    with pytest.raises(DatabaseUnusable, match=revision):
        copy(filled_url, empty_url, unheard)
    assert await schema.revision_of(empty_url) is None


async def test_a_target_of_a_newer_build_is_left_alone(filled_url: str, empty_url: str) -> None:
    await schema.migrate(empty_url)
    run(empty_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(schema.SchemaUnknown, match="9999"):
        copy(filled_url, empty_url, unheard)


def test_a_copy_that_came_out_different_is_undone(
    filled_url: str, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the target had changed what was written to it."""
    real = moving._go_on_numbering

    def altered(table: Table, writer: Connection) -> None:
        real(table, writer)
        if table.name == "person":
            row = {"id": "x", "position": 1, "active": True, "name_en": "x", "name_zh": "x"}
            writer.execute(insert(table), row)

    monkeypatch.setattr(moving, "_go_on_numbering", altered)
    with pytest.raises(moving.CopyDiffers, match="person"):
        copy(filled_url, empty_url, unheard)
    assert tables(empty_url) == set()


def test_what_the_target_cannot_store_is_said_and_undone(
    tmp_path: Path, migrated_file: Path, postgres: Server
) -> None:
    """SQLite keeps a text with a NUL in it, PostgreSQL does not."""
    url, target = f"sqlite:///{tmp_path / 'copy.db'}", postgres.create()
    Path(tmp_path / "copy.db").write_bytes(migrated_file.read_bytes())
    with closing(sqlite3.connect(tmp_path / "copy.db")) as file, file:
        file.execute("INSERT INTO organisation VALUES (1, 'a' || char(0) || 'b')")
    with pytest.raises(DatabaseUnusable, match=r"organisation.*NUL"):
        copy(url, target, unheard)
    assert tables(target) == set()
    postgres.drop(target)


def test_nobody_writes_while_it_is_copied(postgres: Server, filled_url: str) -> None:
    """Who comes and goes again is seen by nobody, so nobody gets in."""
    if is_sqlite(parsed(filled_url)):
        pytest.skip("a SQLite file is locked meanwhile")
    refused: list[str] = []

    def progress(*_: object) -> None:
        with psycopg.connect(filled_url) as connection:
            connection.execute("SET lock_timeout = 50")
            try:
                connection.execute("DELETE FROM refusal")
            except psycopg.errors.LockNotAvailable as error:
                refused.append(str(error))

    target = postgres.create()
    assert copy(filled_url, target, progress)
    assert refused
    postgres.drop(target)


def test_a_file_of_something_else_is_left_as_it_is(tmp_path: Path, filled_url: str) -> None:
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as other, other:
        other.execute("CREATE TABLE invoices (id INTEGER)")
    before = file.read_bytes()
    with pytest.raises(SomebodyElses, match="invoices"):
        copy(filled_url, f"sqlite:///{file}", unheard)
    assert file.read_bytes() == before


def test_a_file_that_nothing_came_of_is_gone(
    tmp_path: Path, filled_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise CopyRefused("lost", "Again.")

    monkeypatch.setattr(moving, "_go_on_numbering", lost)
    with pytest.raises(CopyRefused):
        copy(filled_url, f"sqlite:///{tmp_path / 'new.db'}", unheard)
    assert not (tmp_path / "new.db").exists()


def test_a_source_lost_when_all_is_copied_spoils_nothing(
    postgres: Server, filled_url: str, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last word was read before the target was written."""
    if is_sqlite(parsed(filled_url)):
        pytest.skip("a file is not lost")
    monkeypatch.setattr(moving, "_demand_still_alone", lambda *_: kill_all(postgres, filled_url))
    assert copy(filled_url, empty_url, unheard)
    assert "ledger" in tables(empty_url)


def test_a_source_lost_on_the_way_is_named(
    postgres: Server, filled_url: str, empty_url: str
) -> None:
    if is_sqlite(parsed(filled_url)):
        pytest.skip("a file is not lost")

    def progress(doing: str, table: str, *_: object) -> None:
        if (doing, table) == ("comparing", "ledger"):
            kill_all(postgres, filled_url)

    with pytest.raises(DatabaseUnusable, match=str(parsed(filled_url).database)):
        copy(filled_url, empty_url, progress)
    assert tables(empty_url) == set()


def opened_sqlite(url: str) -> Callable[[], None]:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.execute("SELECT count(*) FROM ledger").fetchall()
    return connection.close


def opened_postgres(url: str) -> Callable[[], None]:
    return psycopg.connect(url).close


def test_a_source_that_somebody_has_open_is_left_alone(filled_url: str, empty_url: str) -> None:
    is_sqlite = filled_url.startswith("sqlite")
    close = (opened_sqlite if is_sqlite else opened_postgres)(filled_url)
    with pytest.raises(DatabaseUnusable, match="Stop the process") as refused:
        copy(filled_url, empty_url, unheard)
    assert isinstance(refused.value, DatabaseInUse) is not is_sqlite
    assert tables(empty_url) == set()
    close()
    assert rows(copy(filled_url, empty_url, unheard))["reservation"] == 2


def test_every_table_is_known_to_the_copy() -> None:
    assert set(moving._ordered()) == set(LedgerRow.metadata.tables.values())
    assert table_of(OrganisationRow) in moving._ordered()
