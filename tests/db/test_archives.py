"""The archive: owed with the end of a launch, filled in once, never changed again by anybody."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Executable

from db import archives
from db.archives import History
from db.integrity import verify
from db.row import table_of
from db.session import Database
from db.tables import ArchiveRow, LedgerRow
from tests.db.story import signed_story, stalled_story, write
from tests.db.test_integrity import TRIGGERS as LEDGER_TRIGGERS
from tests.plans import at

_archive, _ledger = table_of(ArchiveRow), table_of(LedgerRow)
HISTORY = History(runs=2, events=42, packed=b"\x1f\x8b packed")
LATE = at(10_000)
TRIGGERS = {
    "sqlite": (
        *(f"DROP TRIGGER archive_no_{what}" for what in ("change", "delete", "replace")),
        "DROP TRIGGER ledger_no_overwrite",
    ),
    "postgresql": tuple(
        f"DROP TRIGGER archive_no_{what} ON archive" for what in ("change", "delete", "truncate")
    ),
}


async def kept(database: Database, launch: str = "L1", history: History = HISTORY) -> bool:
    async with database.write() as session:
        return await archives.keep(session, launch, history, at=LATE)


async def owed(database: Database, most: int = 10) -> tuple[str, ...]:
    async with database.read() as session:
        return tuple(one.launch for one in await archives.owed(session, LATE, most=most))


async def found(database: Database, launch: str = "L1") -> archives.Archived:
    async with database.read() as session:
        archived = await archives.find(session, launch)
    assert archived is not None
    return archived


async def tamper(database: Database, *statements: Executable) -> None:
    """What somebody with the database's password can do."""
    backend = database.url.get_backend_name()
    async with database.write() as session:
        for trigger in (*TRIGGERS[backend], *LEDGER_TRIGGERS[backend]):
            await session.execute(text(trigger))
        for statement in statements:
            await session.execute(statement)


async def problems(database: Database) -> list[tuple[str, int | None, str]]:
    return [(p.launch, p.seq, p.kind) for p in (await verify(database)).problems]


async def test_a_history_is_owed_until_it_is_kept(database: Database) -> None:
    await write(database, signed_story("L1"), stalled_story("L2"), signed_story("L3"))
    assert await owed(database) == ("L1", "L3")
    assert await owed(database, most=1) == ("L1",)
    assert (await found(database)).history is None
    assert await kept(database)
    assert await owed(database) == ("L3",)
    archived = await found(database)
    assert archived.history == HISTORY
    assert archived.is_whole
    assert archived.archived_at == LATE
    assert archived.entries == signed_story("L1").launch.seq
    assert await problems(database) == []


async def test_who_comes_second_changes_nothing(database: Database) -> None:
    await write(database, signed_story())
    assert await kept(database)
    assert not await kept(database, history=History(1, 1, b"other"))
    assert (await found(database)).history == HISTORY
    assert not await kept(database, "L9"), "nothing is owed"


async def test_what_is_postponed_comes_later(database: Database) -> None:
    await write(database, signed_story("L1"), signed_story("L2"))
    async with database.write() as session:
        await archives.postpone(session, "L1", LATE + timedelta(seconds=1))
    assert await owed(database) == ("L2",)


async def test_a_launch_that_goes_on_is_not_in_the_archive(database: Database) -> None:
    await write(database, stalled_story())
    async with database.read() as session:
        assert await archives.find(session, "L1") is None
        assert await archives.launches(session) == ()


REFUSED = {
    "another history": update(_archive).values(history=b"other"),
    "no history": update(_archive).values(history=None),
    "another digest": update(_archive).values(digest="x"),
    "another head": update(_archive).values(head="x"),
    "delete": delete(_archive),
    "insert over it": insert(_archive).values(
        launch="L1", closed_at=at(0), entries=1, head="x", retry_at=at(0)
    ),
}
BY_SQLITE = {
    "replace": "INSERT OR REPLACE INTO archive (launch, closed_at, entries, head, retry_at) "
    "SELECT launch, closed_at, 1, 'x', retry_at FROM archive WHERE launch = 'L1'",
    "upsert": "INSERT INTO archive SELECT * FROM archive WHERE launch = 'L1' "
    "ON CONFLICT (launch) DO UPDATE SET head = 'x'",
    "replace from beside": "UPDATE OR REPLACE archive SET launch = 'L1' WHERE launch = 'L2'",
    "ledger by its hidden number": "INSERT OR REPLACE INTO ledger (rowid, launch, seq, at, type, "
    "actor, data, prev_hash, hash) SELECT (SELECT rowid FROM ledger WHERE launch = 'L1' "
    "AND seq = 1), launch, seq + 1, at, type, actor, data, hash, 'sha256:x' FROM ledger "
    "WHERE launch = 'L2' ORDER BY seq DESC LIMIT 1",
}
BY_POSTGRESQL = {"truncate": "TRUNCATE archive"}


@pytest.mark.parametrize(
    ("backend", "statement"),
    [
        *(pytest.param("sqlite", text(s), id=f"sqlite: {name}") for name, s in BY_SQLITE.items()),
        *(pytest.param("postgresql", text(s), id=name) for name, s in BY_POSTGRESQL.items()),
    ],
)
async def test_no_way_around_is_left(
    database: Database, backend: str, statement: Executable
) -> None:
    if database.url.get_backend_name() != backend:
        pytest.skip(f"only {backend} knows this way")
    await write(database, signed_story("L1"), signed_story("L2"))
    await kept(database)
    before = await found(database)
    with pytest.raises(DBAPIError, match=r"what is archived is kept|append-only"):
        async with database.write() as session:
            await session.execute(statement)
    assert await found(database) == before
    assert await problems(database) == []


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED.keys())
async def test_the_database_refuses(database: Database, statement: Executable) -> None:
    await write(database, signed_story())
    await kept(database)
    before = await found(database)
    with pytest.raises(DBAPIError, match=r"what is archived is kept|UNIQUE|unique"):
        async with database.write() as session:
            await session.execute(statement)
    assert await found(database) == before


@pytest.mark.parametrize(
    "values",
    [{"head": "x"}, {"entries": 3}, {"closed_at": at(1)}, {"digest": "x"}, {"archived_at": at(1)}],
)
async def test_what_is_owed_stays_what_it_is(database: Database, values: dict[str, object]) -> None:
    await write(database, signed_story())
    with pytest.raises(DBAPIError, match="what is archived is kept"):
        async with database.write() as session:
            await session.execute(update(_archive).values(values))


async def test_a_damaged_history_is_named(database: Database) -> None:
    await write(database, signed_story())
    await kept(database)
    await tamper(database, update(_archive).values(history=b"other"))
    assert await problems(database) == [("L1", None, "archive")]


async def test_a_cut_tail_is_named_though_the_read_model_was_made_to_fit(
    database: Database,
) -> None:
    story = signed_story()
    await write(database, story)
    last = story.launch.seq
    await tamper(
        database,
        delete(_ledger).where(_ledger.c.seq == last),
        text("DELETE FROM inbox"),
        text("DELETE FROM escalation"),
        text("DELETE FROM launch"),
    )
    assert ("L1", last, "archive") in await problems(database)


async def test_a_ledger_that_is_gone_is_named(database: Database) -> None:
    story = signed_story()
    await write(database, story)
    await tamper(
        database,
        delete(_ledger),
        text("DELETE FROM inbox"),
        text("DELETE FROM escalation"),
        text("DELETE FROM launch"),
    )
    assert await problems(database) == [("L1", story.launch.seq, "archive")]


async def test_a_closed_launch_that_is_not_in_the_archive_is_named(database: Database) -> None:
    await write(database, signed_story())
    await tamper(database, delete(_archive))
    assert await problems(database) == [("L1", None, "archive")]


async def test_launches_closed_by_a_build_without_archive_owe_too(database: Database) -> None:
    await write(database, signed_story("L1"), stalled_story("L2"), signed_story("L3"))
    await tamper(database, delete(_archive))
    for _ in range(2):
        async with database.write() as session:
            await archives.owe_all(session)
    assert await owed(database) == ("L1", "L3")
    assert await problems(database) == []
    assert (await found(database)).entries == signed_story("L1").launch.seq
