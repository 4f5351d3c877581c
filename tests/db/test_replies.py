from dataclasses import replace
from itertools import pairwise

import pytest

from db import commands, ledger
from db.commands import NewCommand, StoredCommand
from db.projection import NOTHING, project, without_document
from db.read_model import launch_text, store
from db.replies import ReplyLost, reply_text
from db.session import Database
from domain.evolve import evolve
from tests.db.story import Story, prepare, stalled_story, write


async def answered(database: Database, story: Story, name: str, seq: int) -> StoredCommand:
    """A command of that launch, answered at that seq."""
    at = story.entries[seq - 1].at
    asked = NewCommand(name, "lead.product", name, "r", story.id, "sign", "{}", at)
    async with database.write() as session:
        await commands.open_command(session, asked)
        await commands.answer(session, name, status=200, seq=seq, at=at)
        command = await commands.get(session, name)
    assert command is not None
    return command


async def test_a_reply_stays_the_launch_as_it_was(database: Database) -> None:
    """Told by the read model while nothing else has happened, later by the ledger: the same, though
    the first was made from the one before and the second from the first entry on.
    """
    story = stalled_story()
    await prepare(database, story)
    async with database.write() as session:
        await ledger.append(session, story.id, story.entries)
    known: list[tuple[StoredCommand, str | None]] = []
    launch, since = None, None
    for entry in story.entries:
        launch = evolve(launch, entry)
        now = project(launch, since)
        async with database.write() as session:
            await store(session, now, since=since or NOTHING)
        since = without_document(now)
        command = await answered(database, story, f"c{entry.seq}", entry.seq)
        async with database.read() as session:
            first = await reply_text(session, command)
            assert first == await launch_text(session, story.id)
            known.append((command, first))
            for earlier, text in known:
                assert await reply_text(session, earlier) == text
    assert all(one[1] != other[1] for one, other in pairwise(known))


async def test_a_pending_command_has_no_reply(database: Database) -> None:
    story = stalled_story()
    await prepare(database, story)
    asked = NewCommand("c", "zoe", "k", "r", story.id, "sign", "{}", story.entries[0].at)
    async with database.write() as session:
        opened = await commands.open_command(session, asked)
        assert await reply_text(session, opened.command) is None


async def test_a_reply_that_no_ledger_tells_is_an_error(database: Database) -> None:
    story = stalled_story()
    await write(database, story)
    command = await answered(database, story, "c", 3)
    async with database.read() as session:
        for lost in (replace(command, seq=len(story.entries) + 1), replace(command, launch="L9")):
            with pytest.raises(ReplyLost):
                await reply_text(session, lost)
