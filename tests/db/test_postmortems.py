"""The ledger of post-mortems: what is written is read again, what is changed is found."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, text, update

from db import integrity, ledger, postmortems, read_model
from db.projection import NOTHING, project
from db.row import table_of
from db.session import Database
from db.tables import PostMortemEntryRow, PostMortemRow, ReservationRow
from domain import acts
from domain.launch import Launch
from domain.postmortem import events
from domain.postmortem.record import Content, Sides
from tests.plans import at, chain_of_five
from tests.unit.play import Play

_entry, _listed = table_of(PostMortemEntryRow), table_of(PostMortemRow)
TRIGGERS = {
    "sqlite": (
        "DROP TRIGGER postmortem_entry_no_update",
        "DROP TRIGGER postmortem_entry_no_delete",
    ),
    "postgresql": ("DROP TRIGGER postmortem_entry_no_change ON postmortem_entry",),
}
WRITTEN = events.PostMortemEdited(
    ("summary", "sides"),
    Content(
        summary="迟了", factors=("clash",), notes={"clash": "“two”"}, sides=Sides(customer="Waited")
    ),
)
UNREADABLE = replace(WRITTEN, fields=3)  # type: ignore[arg-type]  # as a later build might


def cancelled() -> Play:
    play = Play(chain_of_five())
    play.sign()
    play.do("sponsor", acts.CancelLaunch("Enough."))
    while play.standing().compensations:
        pending = play.standing().compensations[0]
        play.carry_out(acts.Command(acts.ReportCompensation(pending.step)))
    return play


@pytest.fixture
async def launch(database: Database) -> Launch:
    """A closed launch in ledger and read model, with its post-mortem opened and written in."""
    play = cancelled()
    run = play.standing()
    reserved = {"code": run.plan.code, "launch": run.id, "person": "zoe", "at": at(0)}
    async with database.write() as session:
        await session.execute(table_of(ReservationRow).insert(), reserved)
        await ledger.append(session, run.id, play.entries)
        await read_model.store(session, project(run), since=NOTHING)
        await postmortems.open_if_due(session, run, at(5))
        await postmortems.append(
            session, run, [events.Entry(2, at(6), "facilitator", "c1", WRITTEN)]
        )
    return run


async def problems(database: Database) -> list[tuple[str, str]]:
    found = await integrity.verify(database)
    return [(p.kind, p.detail) for p in found.problems if p.kind == "postmortem"]


async def untied(database: Database) -> None:
    async with database.write() as session:
        for trigger in TRIGGERS[database.url.get_backend_name()]:
            await session.execute(text(trigger))


async def test_what_is_written_is_read_again(database: Database, launch: Launch) -> None:
    async with database.read() as session:
        record = await postmortems.find(session, launch.id)
        page = await postmortems.page(session)
    assert record is not None
    assert record.content == WRITTEN.content
    assert (record.cause, record.seq, record.editors) == ("cancelled", 2, ("facilitator",))
    assert [(item.launch, item.seq) for item in page.items] == [(launch.id, 2)]
    assert await problems(database) == []


async def test_it_opens_once(database: Database, launch: Launch) -> None:
    async with database.write() as session:
        await postmortems.open_if_due(session, launch, at(9))
        assert len(await postmortems.entries(session, launch.id)) == 2


async def test_a_changed_entry_is_found(database: Database, launch: Launch) -> None:
    await untied(database)
    async with database.write() as session:
        await session.execute(update(_entry).where(_entry.c.seq == 2).values(actor="mallory"))
    assert await problems(database) == [
        ("postmortem", "entry 2: its hash is not the hash of its content")
    ]


async def test_an_entry_taken_out_is_found(database: Database, launch: Launch) -> None:
    await untied(database)
    async with database.write() as session:
        await session.execute(delete(_entry).where(_entry.c.seq == 1))
    assert await problems(database) == [
        ("postmortem", "entry 2: it does not follow the entry before it")
    ]


async def test_an_end_that_was_cut_off_is_found(database: Database, launch: Launch) -> None:
    await untied(database)
    async with database.write() as session:
        await session.execute(delete(_entry).where(_entry.c.seq == 2))
    assert await problems(database) == [
        ("postmortem", "lists show entry 2, its ledger ends with 1")
    ]


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (UNREADABLE, "PostMortemEdited: Input should be a valid array"),
        (events.PostMortemOpened("requested"), "a post-mortem is opened once"),
    ],
)
async def test_an_entry_that_tells_nothing_is_named_and_left(
    database: Database, launch: Launch, event: events.Event, says: str
) -> None:
    """Edited together with its hash, or written by a build that knows more."""
    await untied(database)
    async with database.write() as session:
        first, _ = await postmortems.rows(session, launch.id)
        await session.execute(delete(_entry).where(_entry.c.seq == 2))
        entry = events.Entry(2, at(9), "facilitator", "c9", event)
        (row,) = postmortems.chained(launch.id, [entry], first["hash"])
        await session.execute(insert(_entry).values(row))
    assert await problems(database) == [("postmortem", f"entry 2: {says}")]
    rebuilt = await integrity.rebuild(database, launch.id)
    assert [(p.kind, p.detail) for p in rebuilt.problems] == [("postmortem", f"entry 2: {says}")]
    async with database.read() as session:
        with pytest.raises(postmortems.EntryUnreadable, match=says):
            await postmortems.find(session, launch.id)


async def test_an_entry_that_cannot_be_read_ends_nothing(
    database: Database, launch: Launch
) -> None:
    if database.url.get_backend_name() != "sqlite":
        pytest.skip("only SQLite stores a text as an instant")
    await untied(database)
    async with database.write() as session:
        await session.execute(text("UPDATE postmortem_entry SET at = 'then' WHERE seq = 2"))
    ((kind, detail),) = await problems(database)
    assert (kind, detail[:24]) == ("postmortem", "its ledger cannot be rea")
    assert [p.kind for p in (await integrity.rebuild(database)).problems] == ["postmortem"]


async def test_what_lists_show_is_made_again(database: Database, launch: Launch) -> None:
    async with database.read() as session:
        before = await postmortems.listed(session, launch.id)
    async with database.write() as session:
        await session.execute(delete(_listed))
    assert (await problems(database))[0][1] == "lists show entry 0, its ledger ends with 2"
    await integrity.rebuild(database)
    async with database.read() as session:
        assert await postmortems.listed(session, launch.id) == before
    assert await problems(database) == []


async def test_a_run_that_closed_before_there_were_any_gets_its_own(
    database: Database, launch: Launch
) -> None:
    await untied(database)
    async with database.write() as session:
        await session.execute(delete(_entry))
        await session.execute(delete(_listed))
    await integrity.rebuild(database)
    async with database.read() as session:
        record = await postmortems.find(session, launch.id)
    assert record is not None
    assert (record.cause, record.opened_at) == ("cancelled", launch.closed_at)
