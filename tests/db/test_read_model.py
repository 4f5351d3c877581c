import json
from typing import Any

import pytest
from sqlalchemy import CursorResult
from sqlalchemy.sql import Executable

from db import read_model
from db.projection import NOTHING, project, without_document
from db.read_model import store, stored
from db.session import Database
from db.transaction import Parameters
from domain.escalation import Addressee
from domain.evolve import fold
from domain.parties import parties_of
from domain.view import launch_document
from tests.db.story import Story, prepare, signed_story, stalled_story, write


async def test_the_read_model_follows_every_entry(database: Database) -> None:
    """Written entry by entry, only what changed, it is what one fold of the whole gives."""
    for story in (signed_story("L1"), stalled_story("L2")):
        await prepare(database, story)
        since = NOTHING
        for count in range(1, len(story.entries) + 1):
            now = project(fold(story.entries[:count]))
            async with database.write() as session:
                await store(session, now, since=since)
                assert await stored(session, story.id) == now
            since = without_document(now)


async def test_a_read_model_of_unknown_state_is_written_anew(database: Database) -> None:
    story = signed_story()
    await prepare(database, story)
    for count in (4, 12, 2, len(story.entries)):
        now = project(fold(story.entries[:count]))
        async with database.write() as session:
            await store(session, now, since=None)
            assert await stored(session, "L1") == now


class NoStatement:
    """A transaction in which nothing may be executed."""

    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[Any]:
        raise AssertionError(f"executed: {statement} {parameters}")

    async def lock(self, name: str) -> None:
        raise AssertionError(f"locked: {name}")


async def test_storing_what_stands_writes_nothing() -> None:
    launch = stalled_story().launch
    await store(NoStatement(), project(launch), since=project(launch))


async def test_a_launch_is_served_as_its_document(database: Database) -> None:
    story = stalled_story()
    await write(database, story)
    async with database.read() as session:
        served = await read_model.launch_text(session, "L1")
        standing = await read_model.standing(session, "L1")
        assert await read_model.launch_text(session, "L9") is None
        assert await read_model.standing(session, "L9") is None
    assert served is not None
    assert json.loads(served) == launch_document(story.launch)
    assert "充100送50" in served
    assert standing == read_model.Standing(
        parties_of(story.launch), story.launch.seq, story.launch.phase
    )


async def test_an_escalation_is_served_with_its_addressee(database: Database) -> None:
    story = stalled_story()
    await write(database, story)
    (raised,) = story.launch.escalations
    async with database.read() as session:
        view = await read_model.escalation(session, raised.id)
        assert await read_model.escalation(session, "L9.1") is None
    assert view is not None
    assert (view.launch, view.step, view.to) == ("L1", "marketing", raised.to)
    assert json.loads(view.document)["cause"] == "overdue_answer"
    assert isinstance(view.to, Addressee)


@pytest.mark.parametrize("story", [Story(), stalled_story(), signed_story()])
def test_the_same_launch_gives_the_same_rows(story: Story) -> None:
    again = fold(story.entries)
    assert project(again) == project(story.launch)
    assert project(again).launch["document"] == project(story.launch).launch["document"]
