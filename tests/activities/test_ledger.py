import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.ledger import Ledger
from db import codes, commands, ledger
from db.commands import NewCommand
from db.integrity import verify
from db.ledger import LedgerGap
from db.projection import project
from db.read_model import launch_text, stored
from db.replies import reply_text
from db.row import table_of
from db.session import Database
from db.tables import LedgerRow
from domain.events import Entry, GatePassed, LaunchStarted
from domain.ports import RECORD, Append, Recorded
from runtime.signing import generate_key
from runtime.signing import sign as sign_with
from tests.db import story as stories
from tests.db.story import Story, prepare, signed_story, stalled_story
from tests.plans import at, plan, step

_ledger = table_of(LedgerRow)


def turns(story: Story) -> list[tuple[Entry, ...]]:
    """The entries as the workflow records them: those of one act together."""
    found: list[list[Entry]] = []
    for entry in story.entries:
        same = found and (entry.at, entry.command) == (found[-1][0].at, found[-1][0].command)
        if same:
            found[-1].append(entry)
        else:
            found.append([entry])
    return [tuple(turn) for turn in found]


async def record(worker: Ledger, launch: str, entries: Sequence[Entry]) -> Recorded:
    recorded: Recorded = await ActivityEnvironment().run(
        worker.record, Append(launch, tuple(entries))
    )
    return recorded


async def assert_told(database: Database, *told: Story) -> None:
    """Ledger, fold and read model say what the stories say, and everything verifies."""
    async with database.read() as session:
        for story in told:
            entries = await ledger.entries(session, story.id)
            assert tuple(item.entry for item in entries) == story.entries
            assert await ledger.fold_launch(session, story.id) == story.launch
            assert await stored(session, story.id) == project(story.launch)
    assert (await verify(database)).problems == ()


def test_the_name_is_the_one_the_workflow_calls() -> None:
    definition = activity._Definition.from_callable(Ledger.record)
    assert definition is not None
    assert definition.name == RECORD


@pytest.mark.parametrize("remembered", [100, 1, 0])
async def test_interleaved_launches_are_recorded_turn_by_turn(
    database: Database, remembered: int
) -> None:
    told = signed_story("L1"), stalled_story("L2"), signed_story("L3")
    await prepare(database, *told)
    worker = Ledger(database, remembered=remembered)
    for number in range(20):
        for story in told:
            for turn in turns(story)[number : number + 1]:
                assert await record(worker, story.id, turn) == Recorded(None)
    await assert_told(database, *told)


async def test_a_command_is_answered_with_its_entries(database: Database) -> None:
    """The outcome is final in the same transaction, and a repeat leaves it alone."""
    story = signed_story()
    await prepare(database, story)
    worker = Ledger(database)
    start, signed, *_ = turns(story)
    for entries, status in ((start, 201), (signed, 200)):
        command = entries[0].command or ""
        asked = NewCommand(command, "lead.product", command, "r", "L1", "x", "{}", entries[0].at)
        async with database.write() as session:
            await commands.open_command(session, asked)
        for _ in range(2):
            await ActivityEnvironment().run(worker.record, Append("L1", entries, command))
            async with database.read() as session:
                answered = await commands.get(session, command)
                assert answered is not None
                document = await launch_text(session, "L1")
                assert await reply_text(session, answered) == document
            assert (answered.state, answered.status) == ("done", status)


async def test_recording_again_gives_back_what_stands(database: Database) -> None:
    """The worker was killed after the commit and before the workflow heard of it."""
    story = signed_story()
    await prepare(database, story)
    for turn in turns(story):
        await record(Ledger(database), "L1", turn)
        again = await record(Ledger(database), "L1", turn)
        assert again == Recorded(turn)
    await assert_told(database, story)


async def test_other_entries_at_a_written_seq_yield_to_the_ledger(database: Database) -> None:
    story = signed_story()
    await prepare(database, story)
    worker = Ledger(database)
    for turn in turns(story):
        await record(worker, "L1", turn)
        if turn[0].seq > 1:
            other = replace(turn[0], at=at(999), command="other", event=GatePassed())
            assert await record(worker, "L1", (other,)) == Recorded(turn)
    await assert_told(database, story)


async def test_what_follows_comes_back_too(database: Database) -> None:
    story = signed_story()
    await prepare(database, story)
    worker = Ledger(database)
    for turn in turns(story):
        await record(worker, "L1", turn)
    late = await record(worker, "L1", story.entries[4:6])
    assert late.adopted == story.entries[4:]


async def test_two_workers_at_once_write_each_turn_once(
    database: Database, database_url: str
) -> None:
    story = signed_story()
    await prepare(database, story)
    other = Database(database_url)
    workers = Ledger(database), Ledger(other)
    for turn in turns(story):
        answers = await asyncio.gather(*(record(worker, "L1", turn) for worker in workers))
        assert sorted(answers, key=str) == sorted((Recorded(None), Recorded(turn)), key=str)
    await other.close()
    await assert_told(database, story)


async def test_workers_that_take_turns_do_not_trust_their_memory(
    database: Database, database_url: str
) -> None:
    story = signed_story()
    await prepare(database, story)
    other = Database(database_url)
    workers = Ledger(database), Ledger(other)
    for number, turn in enumerate(turns(story)):
        await record(workers[number % 2], "L1", turn)
    await other.close()
    await assert_told(database, story)


async def test_forty_launches_at_once_lose_nothing(database: Database) -> None:
    told = [signed_story(f"L{number}") for number in range(40)]
    await prepare(database, *told)
    worker = Ledger(database, remembered=10)

    async def tell(story: Story) -> None:
        for turn in turns(story)[:5]:
            await record(worker, story.id, turn)

    await asyncio.gather(*map(tell, told))
    async with database.read() as session:
        for story in told:
            written = await ledger.entries(session, story.id)
            expected = [entry for turn in turns(story)[:5] for entry in turn]
            assert [item.entry for item in written] == expected
    assert (await verify(database)).problems == ()


# -- what is refused -----------------------------------------------------------------------------


async def refused(database: Database, launch: str, entries: Sequence[Entry]) -> str:
    """The type of the final error; nothing may have been written."""
    with pytest.raises(ApplicationError) as caught:
        await record(Ledger(database), launch, entries)
    assert caught.value.non_retryable
    async with database.read() as session:
        assert (await session.execute(select(_ledger))).all() == []
    return str(caught.value.type)


def forged(story: Story, values: Mapping[str, Any]) -> tuple[Entry, ...]:
    return (replace(story.entries[0], **values), *story.entries[1:])


async def test_a_start_without_a_reserved_code_is_forged(database: Database) -> None:
    await prepare(database)
    assert await refused(database, "L1", Story().entries) == "forged"


async def test_a_start_with_the_code_of_another_launch_is_forged(database: Database) -> None:
    await prepare(database, Story("L1"))
    assert await refused(database, "L2", Story("L2").entries) == "forged"


async def test_a_start_by_an_unknown_key_is_forged(database: Database) -> None:
    story = Story()
    async with database.write() as session:
        await codes.reserve(session, story.code, "L1", person="planner.personal", at=at(0))
    assert await refused(database, "L1", story.entries) == "forged"


async def test_a_start_that_is_not_what_was_signed_is_forged(database: Database) -> None:
    story = Story()
    await prepare(database, story)
    started = story.entries[0].event
    assert isinstance(started, LaunchStarted)
    other_plan = replace(started, plan=plan(step("product"), window=(100, 900)))
    edits: tuple[dict[str, Any], ...] = (
        {"jws": None},
        {"jws": "a.b.c"},
        {"jws": sign_with({"act": "start"}, generate_key())},
        {"jws": sign_with({"act": "start"}, stories.KEY)},
        {"actor": "lead.product"},
        {"command": "another"},
        {"command": None},
        {"event": other_plan},
        {"event": replace(started, staff=())},
        {"event": replace(started, launch="L2")},
    )
    for values in edits:
        assert await refused(database, "L1", forged(story, values)) == "forged", values


@pytest.mark.parametrize("seqs", [(0,), (1, 3), (1, 1), (2, 1)])
async def test_entries_out_of_sequence_are_refused(
    database: Database, seqs: tuple[int, ...]
) -> None:
    story = Story()
    await prepare(database, story)
    entries = [replace(story.entries[min(seq, 2) - 1], seq=seq) for seq in seqs]
    assert await refused(database, "L1", entries) == "out_of_sequence"


async def test_a_launch_starts_once(database: Database) -> None:
    story = Story()
    await prepare(database, story)
    twice = replace(story.entries[0], seq=3)
    assert await refused(database, "L1", (*story.entries, twice)) == "out_of_sequence"
    assert await refused(database, "L1", (replace(twice, seq=2),)) == "out_of_sequence"
    headless = (replace(story.entries[1], seq=1),)
    assert await refused(database, "L1", headless) == "out_of_sequence"


async def test_a_gap_is_waited_for_not_given_up(database: Database) -> None:
    """Rows that are gone may come back from a backup: the workflow keeps trying."""
    story = Story()
    await prepare(database, story)
    with pytest.raises(LedgerGap):
        await record(Ledger(database), "L1", story.entries[1:])


async def test_a_record_that_fails_half_way_leaves_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = signed_story()
    await prepare(database, story)
    worker = Ledger(database)
    first, second, *rest = turns(story)
    await record(worker, "L1", first)

    def broken(launch: object, _earlier: object) -> None:
        raise RuntimeError("no read model today")

    with monkeypatch.context() as patched:
        patched.setattr("activities.ledger.project", broken)
        with pytest.raises(RuntimeError):
            await record(worker, "L1", second)
    for turn in (second, *rest):
        assert await record(worker, "L1", turn) == Recorded(None)
    await assert_told(database, story)
