"""Statements carried out by the driver give what SQLAlchemy gives."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    CursorResult,
    Integer,
    Select,
    String,
    bindparam,
    column,
    create_engine,
    func,
    insert,
    select,
    table,
    true,
    update,
)
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.sql import Executable

from db import access, commands, directory, inbox, ledger, read_model
from db.address import parsed
from db.prepared import Prepared, Statements
from db.row import Instant
from db.session import Database
from db.transaction import Parameters, Rows, Session
from tests.db.story import signed_story, stalled_story, write
from tests.plans import at

NOON = datetime(2026, 12, 1, 4, 0, 0, 5, tzinfo=UTC)
PERSON = "lead.marketing"
_thing = table(
    "thing",
    column("id", Integer),
    column("name", String),
    column("at", Instant()),
    column("is_old", Boolean),
)
_ALL = select(_thing).where(_thing.c.id >= bindparam("least")).order_by(_thing.c.id)
_NEW = insert(_thing)
_OLDER = update(_thing).where(_thing.c.id == bindparam("which")).values(is_old=true())


@pytest.fixture
def driver() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE thing (id INTEGER UNIQUE, name TEXT, at TEXT, is_old BOOL)")
    yield connection
    connection.close()


def known(statement: Executable, parameters: Parameters | None) -> Prepared:
    """The statement as it is carried out from the second time on."""
    statements = Statements()
    assert statements.prepared(statement, parameters) is None
    prepared = statements.prepared(statement, parameters)
    assert prepared is not None
    assert statements.prepared(statement, parameters) is prepared
    return prepared


def run(
    driver: sqlite3.Connection, statement: Executable, parameters: Parameters | None = None
) -> Rows:
    return known(statement, parameters).execute(driver, parameters)


class Heard:
    """A session that notes what is read in it, and how SQLAlchemy answers."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.read: list[tuple[Select[Any], Parameters | None]] = []

    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[Any] | Rows:
        if isinstance(statement, Select):
            self.read.append((statement, parameters))
        return await self._session.execute(statement, parameters)

    async def lock(self, name: str) -> None:
        await self._session.lock(name)


async def everything_read(session: Session) -> None:
    """What the paths of an act read, of a launch in trouble."""
    await read_model.standing(session, "L2")
    await read_model.launch_text(session, "L2")
    await read_model.escalation(session, "L2.e1")
    await ledger.fold_launch(session, "L2")
    await ledger.seqs(session, "L2")
    await commands.find_by_key(session, PERSON, "k")
    await commands.get(session, "c1")
    await directory.roles_of(session, PERSON)
    await access.person_of_token(session, "none", now=NOON)
    await inbox.inbox(session, PERSON, ["lead:marketing"])


async def test_what_is_read_is_what_sqlalchemy_reads(sqlite_file: Path) -> None:
    url = f"sqlite:///{sqlite_file}"
    database = Database(url)
    await write(database, signed_story("L1"), stalled_story("L2"))
    asked = commands.NewCommand("c1", PERSON, "k", "r", None, "sign", "{}", at(0))
    async with database.write() as session:
        await commands.open_command(session, asked)
    async with database.read() as session:
        heard = Heard(session)
        await everything_read(heard)
    await database.close()
    assert len(heard.read) >= 10
    engine = create_engine(parsed(url))
    driver = sqlite3.connect(sqlite_file)
    with engine.connect() as connection:
        for statement, parameters in heard.read:
            wanted = connection.execute(statement, parameters)
            found = run(driver, statement, parameters)
            assert found.mappings() == [dict(row) for row in wanted.mappings()]
    driver.close()
    engine.dispose()


def things(count: int) -> Sequence[dict[str, Any]]:
    return [
        {"id": number, "name": None, "at": NOON if number else None, "is_old": number % 2 == 0}
        for number in range(count)
    ]


def test_instants_truths_and_nothing_come_back_as_they_went(driver: sqlite3.Connection) -> None:
    assert run(driver, _NEW, things(3)).rowcount == 3
    rows = run(driver, _ALL, {"least": 0}).all()
    assert [tuple(row) for row in rows] == [tuple(thing.values()) for thing in things(3)]
    assert rows[1].at == NOON
    assert rows[1].at.tzinfo is UTC
    assert [row.is_old for row in rows] == [True, False, True]
    assert run(driver, _ALL, {"least": 7}).first() is None


def test_changes_are_counted(driver: sqlite3.Connection) -> None:
    run(driver, _NEW, things(2))
    assert run(driver, _OLDER, {"which": 1, "name": "new"}).rowcount == 1
    assert run(driver, _OLDER, {"which": 9}).rowcount == 0
    assert run(driver, _ALL, {"least": 1}).all()[0].is_old is True


def test_another_set_of_fields_is_another_statement(driver: sqlite3.Connection) -> None:
    statements = Statements()
    statements.prepared(_OLDER, {"which": 1})
    narrow = statements.prepared(_OLDER, {"which": 1})
    wide = statements.prepared(_OLDER, {"which": 1, "name": "x"})
    assert narrow is not wide
    assert narrow is not None
    run(driver, _NEW, things(2))
    narrow.execute(driver, {"which": 1})
    assert run(driver, _ALL, {"least": 1}).all()[0].name is None


def test_what_the_database_refuses_is_sqlalchemys_error(driver: sqlite3.Connection) -> None:
    run(driver, _NEW, things(1))
    with pytest.raises(IntegrityError):
        run(driver, _NEW, things(1))
    driver.execute("DROP TABLE thing")
    with pytest.raises(OperationalError, match="no such table"):
        run(driver, _ALL, {"least": 0})


def test_a_field_left_out_of_a_later_row_is_no_nothing(driver: sqlite3.Connection) -> None:
    rows = [dict(thing) for thing in things(2)]
    del rows[1]["at"]
    with pytest.raises(KeyError, match="at"):
        run(driver, _NEW, rows)
    assert run(driver, _ALL, {"least": 0}).all() == []


def test_a_naive_instant_is_refused(driver: sqlite3.Connection) -> None:
    naive = {**things(1)[0], "at": NOON.replace(tzinfo=None)}
    with pytest.raises(ValueError, match="naive"):
        run(driver, _NEW, [naive])


@pytest.mark.parametrize(
    "statement",
    [
        select(_thing).where(_thing.c.id.in_([1, 2])),
        select(_thing.c.id, _thing.c.id.label("id")),
        select(func.count(), func.count()),
        select(_thing.c.id.label("class")),
        select(_thing.c.id.label("_id")),
        _OLDER.returning(_thing.c.name),
    ],
)
def test_what_needs_sqlalchemy_is_left_to_it(statement: Executable) -> None:
    statements, given = Statements(), {"which": 1}
    assert [statements.prepared(statement, given) for _ in range(3)] == [None] * 3


def test_a_statement_is_forgotten_with_its_owner() -> None:
    statements = Statements()
    for number in range(5):
        statements.prepared(select(_thing).where(_thing.c.id == number), None)
    assert len(statements._known) <= 1
