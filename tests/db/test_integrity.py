import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Table, delete, insert, select, text, update
from sqlalchemy.sql import Executable

from db import keys, ledger
from db.integrity import rebuild, record, told, verify
from db.ledger import GENESIS, chained
from db.row import Row, table_of
from db.session import Database
from db.tables import EscalationRow, InboxRow, KeyRow, LaunchRow, LedgerRow
from runtime.signing import generate_key, public_jwk
from tests.db.story import Story, prepare, signed_story, stalled_story, write
from tests.plans import at

_ledger, _launch = table_of(LedgerRow), table_of(LaunchRow)
_inbox, _escalation = table_of(InboxRow), table_of(EscalationRow)

TRIGGERS: Mapping[str, tuple[str, ...]] = {
    "sqlite": tuple(
        f"DROP TRIGGER ledger_no_{what}" for what in ("update", "delete", "replace", "gap")
    ),
    "postgresql": tuple(
        f"DROP TRIGGER ledger_no_{what} ON ledger" for what in ("change", "truncate", "gap")
    ),
}


async def damage(database: Database, *statements: Executable) -> None:
    """What somebody with the database's password can do."""
    async with database.write() as session:
        for trigger in TRIGGERS[database.url.get_backend_name()]:
            await session.execute(text(trigger))
        for statement in statements:
            await session.execute(statement)


async def found(database: Database) -> list[tuple[str, int | None, str]]:
    problems = (await verify(database)).problems
    return [(problem.launch, problem.seq, problem.kind) for problem in problems]


async def dump(database: Database) -> dict[str, list[Any]]:
    tables: tuple[type[Row], ...] = (LaunchRow, InboxRow, EscalationRow)
    dumped = {}
    async with database.read() as session:
        for row in tables:
            table: Table = table_of(row)
            rows = await session.execute(select(table).order_by(*table.primary_key.columns))
            dumped[table.name] = [tuple(found) for found in rows]
    return dumped


def at_seq(seq: int) -> Any:  # noqa: ANN401 - a condition
    return (_ledger.c.launch == "L1") & (_ledger.c.seq == seq)


async def test_what_nobody_touched_is_whole(database: Database) -> None:
    stories = signed_story("L1"), stalled_story("L2")
    await write(database, *stories)
    verified = await verify(database)
    assert verified.problems == ()
    assert verified.launches == 2
    assert verified.entries == sum(len(story.entries) for story in stories)
    assert verified.signatures == 18


async def test_an_empty_database_is_whole(database: Database) -> None:
    assert (await verify(database)).launches == 0


async def test_an_unknown_launch_has_nothing_to_verify(database: Database) -> None:
    assert (await verify(database, "L9")).entries == 0


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"actor": "mallory"}, "edited"),
        ({"data": "{}"}, "edited"),
        ({"jws": None}, "edited"),
        ({"step": "service"}, "edited"),
        ({"at": at(77)}, "edited"),
        ({"command": None}, "edited"),
        ({"hash": GENESIS}, "edited"),
        ({"prev_hash": GENESIS}, "edited"),
    ],
)
async def test_an_edited_row_is_named(
    database: Database, values: dict[str, Any], kind: str
) -> None:
    await write(database, stalled_story("L1"), stalled_story("L2"))
    await damage(database, update(_ledger).where(at_seq(3)).values(values))
    assert ("L1", 3, kind) in await found(database)
    assert {launch for launch, _, _ in await found(database)} == {"L1"}


async def test_a_row_that_cannot_be_read_is_named(database: Database) -> None:
    if database.url.get_backend_name() != "sqlite":
        pytest.skip("only SQLite stores a text as an instant")
    await write(database, stalled_story("L1"))
    await damage(database, text("UPDATE ledger SET at = 'yesterday' WHERE seq = 4"))
    assert await found(database) == [("L1", 4, "edited")]
    assert [problem.seq for problem in (await rebuild(database)).problems] == [4]


@pytest.mark.parametrize("column", ["actor", "step", "jws"])
async def test_octets_in_one_row_hide_no_other_launch(database: Database, column: str) -> None:
    if database.url.get_backend_name() != "sqlite":
        pytest.skip("only SQLite stores octets as a text")
    await write(database, stalled_story("L1"), signed_story("L2"))
    value = "CAST(X'FF' AS TEXT)" if column == "actor" else "X'FF'"
    octets = text(f"UPDATE ledger SET {column} = {value} WHERE launch = 'L1' AND seq = 4")  # noqa: S608 - ours
    other = delete(_ledger).where(_ledger.c.launch == "L2", _ledger.c.seq == 3)
    await damage(database, octets, other)
    assert {("L1", 4, "edited"), ("L2", 3, "missing")} <= {*await found(database)}


async def test_what_lost_its_end_is_not_made_again_without_it(database: Database) -> None:
    await write(database, stalled_story())
    last = len(stalled_story().entries)
    await damage(database, delete(_ledger).where(at_seq(last)))
    assert [problem.seq for problem in (await rebuild(database)).problems] == [last]
    assert ("L1", last, "missing") in await found(database), "it is still found afterwards"


async def test_a_missing_row_is_named(database: Database) -> None:
    await write(database, stalled_story())
    await damage(database, delete(_ledger).where(at_seq(3)))
    assert await found(database) == [("L1", 3, "missing")]


async def test_a_missing_beginning_is_named(database: Database) -> None:
    await write(database, stalled_story())
    await damage(database, delete(_ledger).where(at_seq(1)))
    assert await found(database) == [("L1", 1, "missing")]


async def test_a_cut_off_end_is_named(database: Database) -> None:
    story = stalled_story()
    await write(database, story)
    last = len(story.entries)
    await damage(database, delete(_ledger).where(at_seq(last) | at_seq(last - 1)))
    assert await found(database) == [("L1", last - 1, "missing"), ("L1", last, "missing")]


async def test_a_ledger_that_is_gone_is_named(database: Database) -> None:
    story = stalled_story()
    await write(database, story)
    await damage(database, delete(_ledger))
    problems = await found(database)
    assert problems == [("L1", seq, "missing") for seq in range(1, len(story.entries) + 1)]


async def test_rows_that_changed_places_are_named(database: Database) -> None:
    await write(database, stalled_story())
    moves = [
        update(_ledger).where(at_seq(here)).values(seq=there)
        for here, there in ((3, 999), (4, 3), (999, 4))
    ]
    await damage(database, *moves)
    assert [problem for problem in await found(database) if problem[2] == "reordered"] == [
        ("L1", 3, "reordered"),
        ("L1", 4, "reordered"),
    ]


async def test_a_row_put_in_beside_the_chain_is_named(database: Database) -> None:
    """Somebody replaced a row and computed its hash, but not those of the rows that follow."""
    story = stalled_story()
    await write(database, story)
    forged = replace(story.entries[3], actor="mallory", jws=None, command=None)
    (row,) = chained("L1", [forged], chained("L1", story.entries[:3], GENESIS)[-1]["hash"])
    await damage(database, delete(_ledger).where(at_seq(4)), insert(_ledger).values(row))
    assert ("L1", 5, "hash_mismatch") in await found(database)


async def test_an_unknown_event_is_named(database: Database) -> None:
    story = stalled_story()
    await write(database, story)
    rows = chained("L1", story.entries, GENESIS)
    rows[-1]["type"] = "LaunchDissolved"
    rows[-1]["hash"] = ledger.row_hash(rows[-1])
    last = len(rows)
    await damage(database, delete(_ledger).where(at_seq(last)), insert(_ledger).values(rows[-1]))
    assert await found(database) == [("L1", last, "unknown_event")]


# -- the read model ------------------------------------------------------------------------------

SPOILT = {
    "document": (update(_launch).values(document="{}"), "document"),
    "phase": (update(_launch).values(phase="live"), "phase"),
    "an inbox item gone": (delete(_inbox), "inbox"),
    "an inbox item changed": (update(_inbox).values(overdue=True, urgency=7), "inbox"),
    "escalation": (update(_escalation).values(state="lost"), "escalations"),
}


@pytest.mark.parametrize(("statement", "says"), SPOILT.values(), ids=SPOILT.keys())
async def test_a_read_model_that_differs_is_named_and_made_again(
    database: Database, statement: Executable, says: str
) -> None:
    await write(database, stalled_story("L1"), signed_story("L2"))
    before = await dump(database)
    async with database.write() as session:
        await session.execute(statement)
    problems = (await verify(database)).problems
    assert {(problem.kind, problem.seq) for problem in problems} == {("read_model", None)}
    assert all(says in problem.detail for problem in problems)
    assert (await rebuild(database)).launches == 2
    assert await dump(database) == before
    assert (await verify(database)).problems == ()


async def test_a_read_model_that_is_gone_comes_back_byte_for_byte(database: Database) -> None:
    await write(database, stalled_story("L1"), signed_story("L2"), Story("L3"))
    before = await dump(database)
    async with database.write() as session:
        for table in (_inbox, _escalation, _launch):
            await session.execute(delete(table))
    assert await found(database) == [(f"L{n}", None, "read_model") for n in (1, 2, 3)]
    assert (await rebuild(database, "L2")).launches == 1
    assert (await rebuild(database)).launches == 3
    assert await dump(database) == before


async def test_a_launch_that_never_happened_is_forgotten(database: Database) -> None:
    ghost = stalled_story()
    await write(database, ghost)
    await damage(database, delete(_ledger))
    await rebuild(database)
    assert await dump(database) == {"launch": [], "inbox": [], "escalation": []}


async def test_one_that_only_the_archive_knows_is_not_forgotten(database: Database) -> None:
    await write(database, ending := signed_story("L1"))
    closing = ending.entries[-1]
    before = await dump(database)
    await damage(database, delete(_ledger))
    for _ in range(2):
        assert [p.kind for p in (await rebuild(database)).problems] == ["archive"]
        assert await dump(database) == before
    assert ("L1", closing.seq, "archive") in await found(database)


async def test_an_entry_that_follows_from_nothing_ends_the_telling(database: Database) -> None:
    """Edited together with its hash: the chain breaks only after it."""
    story = stalled_story()
    await write(database, story)
    event = replace(story.entries[3].event, step="nowhere")  # type: ignore[arg-type]  # one about a step
    forged = replace(story.entries[3], event=event)
    (row,) = chained("L1", [forged], chained("L1", story.entries[:3], GENESIS)[-1]["hash"])
    await damage(database, delete(_ledger).where(at_seq(4)), insert(_ledger).values(row))
    async with database.read() as session:
        stands = told(await record(session, "L1"), await keys.trusted(session))
    assert stands.entries == story.entries[:3]
    assert (stands.problems[0].seq, stands.problems[0].kind) == (4, "edited")


async def test_nothing_is_built_from_a_damaged_ledger(database: Database) -> None:
    await write(database, stalled_story("L1"), stalled_story("L2"))
    before = await dump(database)
    await damage(database, update(_ledger).where(at_seq(2)).values(actor="mallory"))
    rebuilt = await rebuild(database)
    assert rebuilt.launches == 1
    assert [(p.launch, p.seq, p.kind) for p in rebuilt.problems] == [("L1", 2, "edited")]
    assert await dump(database) == before


async def test_a_chain_that_tells_no_launch_is_named(database: Database) -> None:
    story = Story()
    await prepare(database, story)
    headless = [replace(entry, seq=seq) for seq, entry in enumerate(story.entries[1:], 1)]
    async with database.write() as session:
        await ledger.append(session, "L1", headless)
    assert await found(database) == [("L1", 1, "edited")]
    assert [p.kind for p in (await rebuild(database)).problems] == ["edited"]


async def test_a_key_that_nobody_endorsed_is_no_key(database: Database) -> None:
    """Whoever can write rows still adds none."""
    own, other = public_jwk(generate_key()), public_jwk(generate_key())
    async with database.write() as session:
        await keys.trust(session, own, at=at(0))
        row = {"kid": other["kid"], "jwk": json.dumps(other), "since": at(5)}
        await session.execute(table_of(KeyRow).insert(), {**row, "endorsement": None})
    async with database.read() as session:
        assert set(await keys.trusted(session)) == {own["kid"]}
