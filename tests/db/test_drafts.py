"""Drafts: one person's own, as many as are allowed, and moved with everything else."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from db import directory, drafts
from db.moving import copy
from db.session import Database
from tests.db.test_directory import NOW, ORGANISATION
from tests.postgres import Server

FIELDS = {"title": "开学季\n🙂", "offers[0].pay": "99.00"}


@pytest.fixture(params=["sqlite", "postgresql"])
def goal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty place to move to."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'goal.db'}"
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture
async def peopled(database: Database) -> Database:
    async with database.write() as session:
        await directory.save(session, ORGANISATION)
    return database


async def keep(database: Database, person: str, draft: str, after: int = 0) -> str | None:
    async with database.write() as session:
        now = NOW + timedelta(seconds=after)
        return await drafts.save(session, person, draft, FIELDS, now=now)


async def test_the_one_saved_last_comes_first(peopled: Database) -> None:
    for after, draft in enumerate(("a", "b", "a")):
        await keep(peopled, "zoe", draft, after)
    async with peopled.read() as session:
        found = await drafts.of_person(session, "zoe")
        assert [(one.id, one.fields) for one in found] == [("a", FIELDS), ("b", FIELDS)]
        assert await drafts.get(session, "adam", "a") is None


async def test_saves_at_once_are_one_draft_and_never_too_many(peopled: Database) -> None:
    same = await asyncio.gather(*(keep(peopled, "zoe", "a") for _ in range(8)))
    assert set(same) == {"a"}
    ids = [uuid4().hex for _ in range(drafts.MOST + 5)]
    saved = await asyncio.gather(*(keep(peopled, "zoe", one) for one in ids))
    assert saved.count(None) == 6
    async with peopled.read() as session:
        assert len(await drafts.of_person(session, "zoe")) == drafts.MOST


async def test_drafts_are_moved(database_url: str, goal: str) -> None:
    source = Database(database_url)
    async with source.write() as session:
        await directory.save(session, ORGANISATION)
        await drafts.save(session, "zoe", "a", FIELDS, now=NOW)
    await source.close()
    counted = {one.table: one.rows for one in copy(database_url, goal, lambda *_: None)}
    assert counted["draft"] == 1
    target = Database(goal)
    async with target.read() as session:
        assert await drafts.get(session, "zoe", "a") == drafts.Draft("a", NOW, FIELDS)
    await target.close()
