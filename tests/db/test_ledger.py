import asyncio
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Executable

from db import ledger
from db.ledger import GENESIS, LedgerGap, chained, row_hash
from db.row import table_of
from db.session import Database
from db.tables import LedgerRow
from domain.canonical import digest, plain
from domain.events import ChainCompleted, GatePassed, StepRan
from tests.db.story import Story, prepare, signed_story, stalled_story, write
from tests.plans import at

_ledger = table_of(LedgerRow)
ROWS = chained("L1", stalled_story().entries, GENESIS)


async def test_a_ledger_comes_back_as_it_was_written(database: Database) -> None:
    story = stalled_story()
    await write(database, story)
    async with database.read() as session:
        stored = await ledger.entries(session, "L1")
        assert tuple(item.entry for item in stored) == story.entries
        assert await ledger.fold_launch(session, "L1") == story.launch
        assert await ledger.launches(session) == ("L1",)
        part = await ledger.entries(session, "L1", after=2, limit=2)
        assert [item.entry.seq for item in part] == [3, 4]
        assert await ledger.entries(session, "unknown") == ()
        assert await ledger.fold_launch(session, "unknown") is None


async def test_each_row_follows_the_one_before(database: Database) -> None:
    await write(database, stalled_story())
    async with database.read() as session:
        stored = await ledger.entries(session, "L1")
    hashes = [GENESIS, *(item.hash for item in stored)]
    assert [item.prev_hash for item in stored] == hashes[:-1]
    assert len(set(hashes)) == len(hashes)


def test_a_hash_is_that_of_the_canonical_document() -> None:
    for entry, row in zip(stalled_story().entries, ROWS, strict=True):
        document = {name: row[name] for name in row if name != "hash"}
        document["data"] = {
            name: value
            for name, value in plain(entry.event).items()
            if name not in {"kind", "step"}
        }
        assert row["hash"] == digest(document)


async def test_a_served_event_says_all_its_hash_is_made_of(database: Database) -> None:
    await write(database, stalled_story())
    async with database.read() as session:
        for stored in await ledger.entries(session, "L1"):
            served = ledger.event_document(stored)
            proved = {name: value for name, value in served.items() if name != "hash"}
            assert digest({"launch": "L1", **proved}) == served["hash"]


@given(data=st.data())
@settings(max_examples=150)
def test_any_single_edit_of_a_row_changes_its_hash(data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(ROWS))
    name = data.draw(st.sampled_from([name for name in row if name != "hash"]))
    edited = {**row, name: data.draw(_other(row[name]))}
    assert row_hash(edited) != row["hash"]


def _other(value: object) -> st.SearchStrategy[Any]:
    if isinstance(value, int):
        drawn: st.SearchStrategy[Any] = st.integers(0, 99)
    elif isinstance(value, str | None):
        drawn = st.text(max_size=20) | st.none()
    else:
        drawn = st.integers(1, 10**9).map(at)
    return drawn.filter(lambda other: other != value)


# -- appending -----------------------------------------------------------------------------------


async def test_of_two_writers_at_the_same_seq_exactly_one_writes(database: Database) -> None:
    story = Story()
    await write(database, story)
    mine = (replace(story.entries[-1], seq=story.launch.seq + 1, event=StepRan("mine")),)
    yours = (replace(story.entries[-1], seq=story.launch.seq + 1, event=StepRan("yours")),)

    async def append(entries: tuple[Any, ...]) -> ledger.Appended:
        async with database.write() as session:
            return await ledger.append(session, "L1", entries)

    first, second = await asyncio.gather(append(mine), append(yours))
    assert {first.adopted, second.adopted} in ({None, mine}, {None, yours})


async def test_forty_writers_lose_nothing(database: Database) -> None:
    story = Story()
    await write(database, story)

    async def append(number: int) -> None:
        seq = story.launch.seq + 1
        while True:
            entry = replace(story.entries[-1], seq=seq, event=StepRan(f"s{number}"))
            async with database.write() as session:
                appended = await ledger.append(session, "L1", (entry,))
            if appended.adopted is None:
                return
            seq = appended.adopted[-1].seq + 1

    await asyncio.gather(*(append(number) for number in range(40)))
    async with database.read() as session:
        stored = await ledger.entries(session, "L1", after=story.launch.seq)
    steps = {item.entry.event.step for item in stored if isinstance(item.entry.event, StepRan)}
    assert steps == {f"s{number}" for number in range(40)}
    assert len(stored) == 40


async def test_what_stands_is_given_back_from_the_first_seq_on(database: Database) -> None:
    story = signed_story()
    await write(database, story)
    async with database.write() as session:
        for first in (1, 2, 17, len(story.entries)):
            other = replace(story.entries[first - 1], event=ChainCompleted(), command="other")
            appended = await ledger.append(session, "L1", (other,))
            assert appended.adopted == story.entries[first - 1 :]


async def test_an_append_that_goes_further_than_the_rows_still_yields(
    database: Database,
) -> None:
    """A worker died after two entries were written; the next one proposes three from there."""
    story = Story()
    written = story.sign("product")
    await write(database, story)
    more = replace(written[-1], seq=story.launch.seq + 1, event=GatePassed())
    async with database.write() as session:
        appended = await ledger.append(session, "L1", (*written, more))
        stored = await ledger.entries(session, "L1")
    assert appended.adopted == written
    assert len(stored) == len(story.entries)


async def test_nothing_is_appended_behind_a_gap(database: Database) -> None:
    story = Story()
    await prepare(database, story)
    async with database.write() as session:
        with pytest.raises(LedgerGap, match="entry 1"):
            await ledger.append(session, "L1", story.entries[1:])
        await ledger.append(session, "L1", story.entries)
        late = (replace(story.entries[-1], seq=story.launch.seq + 2),)
        with pytest.raises(LedgerGap, match=f"entry {late[0].seq - 1}"):
            await ledger.append(session, "L1", late)


@pytest.mark.parametrize("seqs", [(), (0, 1), (1, 3), (2, 1), (1, 1)])
async def test_entries_must_be_in_sequence(database: Database, seqs: tuple[int, ...]) -> None:
    entries = [replace(Story().entries[0], seq=seq) for seq in seqs]
    async with database.write() as session:
        with pytest.raises(ValueError, match=r"nothing|sequence"):
            await ledger.append(session, "L1", entries)


# -- the triggers --------------------------------------------------------------------------------

REFUSED = {
    "update": update(_ledger).values(actor="mallory"),
    "update of nothing but the hash": update(_ledger).values(hash="x").where(_ledger.c.seq == 1),
    "delete": delete(_ledger),
    "delete of the last row": delete(_ledger).where(_ledger.c.seq == len(ROWS)),
    "insert over a row": insert(_ledger).values({**ROWS[0], "actor": "mallory"}),
    "insert behind a gap": insert(_ledger).values({**ROWS[-1], "seq": len(ROWS) + 2}),
    "insert beside the chain": insert(_ledger).values({**ROWS[-1], "seq": len(ROWS) + 1}),
    "insert before the first": insert(_ledger).values({**ROWS[0], "seq": 0}),
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED.keys())
async def test_the_database_refuses(database: Database, statement: Executable) -> None:
    await write(database, stalled_story())
    with pytest.raises(DBAPIError, match=r"append-only|UNIQUE|unique"):
        async with database.write() as session:
            await session.execute(statement)
    async with database.read() as session:
        assert [dict(row) for row in await ledger.rows_after(session, "L1")] == ROWS


async def test_sqlite_refuses_to_replace_a_row(database: Database) -> None:
    if database.url.get_backend_name() != "sqlite":
        pytest.skip("only SQLite knows INSERT OR REPLACE")
    await write(database, stalled_story())
    replacing = text(
        "INSERT OR REPLACE INTO ledger SELECT launch, seq, at, type, step, 'mallory', command, "
        "jws, data, prev_hash, hash FROM ledger WHERE seq = 2"
    )
    upserting = text(
        "INSERT INTO ledger SELECT * FROM ledger WHERE seq = 2 "
        "ON CONFLICT (launch, seq) DO UPDATE SET actor = 'mallory'"
    )
    for statement in (replacing, upserting):
        with pytest.raises(DBAPIError, match="append-only"):
            async with database.write() as session:
                await session.execute(statement)


async def test_an_unreserved_launch_has_no_ledger(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"FOREIGN KEY|foreign key"):
        async with database.write() as session:
            await ledger.append(session, "L9", Story("L9").entries)
