"""A database that answers late, and one whose write lock somebody else holds."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from db.sqlite import LOCK_TIMEOUT
from tests.faults.cluster import DATABASE
from tests.faults.conftest import Note
from tests.faults.databases import on_postgresql
from tests.faults.desk import Desk
from tests.faults.rig import API, WORKER, Rig
from tests.faults.signing import Load
from tests.faults.survival import Blow, at_work, survive

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]


@asynccontextmanager
async def locked(file: Path) -> AsyncIterator[None]:
    """Held by the process of the tests, which takes its time."""
    connection = sqlite3.connect(file, isolation_level=None, timeout=60, check_same_thread=False)
    try:
        await asyncio.to_thread(connection.execute, "BEGIN IMMEDIATE")
        yield
        connection.rollback()
    finally:
        connection.close()


def hold(least: float, most: float) -> Blow:
    """Nobody else writes for a while; seconds from its end until acts were done again."""

    async def blow(rig: Rig, load: Load, chance: Random) -> float:
        await at_work(load, chance)
        async with locked(rig.site.settings.installation.database):
            begun = monotonic()
            await asyncio.sleep(chance.uniform(least, most))
            done = [receipt for receipt in load.desk.acknowledged if receipt.begun > begun]
        assert done == [], "somebody wrote though the file was locked"
        return await load.recovers(monotonic())

    return blow


async def test_another_writer(rig: Rig, desk: Desk, seed: int, note: Note) -> None:
    blows, what = [hold(0.5, 1.5)] * 2, "the write lock held by another process, now and then"
    note(await survive(rig, desk, blows, what=what, seed=seed, faults=len(blows)))


@pytest.mark.slow
async def test_a_writer_that_does_not_end(rig: Rig, desk: Desk, seed: int, note: Note) -> None:
    """Longer than writers wait: clients hear of it and ask again."""
    blows = [hold(LOCK_TIMEOUT + 3, LOCK_TIMEOUT + 4)]
    what = "the write lock held longer than writers wait"
    note(await survive(rig, desk, blows, what=what, seed=seed, faults=1))
    assert desk.retries, "nobody was told"


@pytest.mark.slow
@on_postgresql
@pytest.mark.parametrize("milliseconds", [10, 50])
async def test_late_answers(rig: Rig, desk: Desk, seed: int, note: Note, milliseconds: int) -> None:
    async def blow(rig: Rig, load: Load, chance: Random) -> float:
        begun = monotonic()
        for _ in range(4):
            await at_work(load, chance)
        return await load.recovers(begun)

    wires = [rig.wires[process, DATABASE] for process in (API, WORKER)]
    before = [wire.late for wire in wires]
    async with AsyncExitStack() as slow:
        for wire in wires:
            await slow.enter_async_context(wire.slow(milliseconds / 1000))
        what = f"each round trip to the database {milliseconds} ms later"
        figures = await survive(rig, desk, [blow], what=what, seed=seed, faults=1)
    assert all(wire.late > late for wire, late in zip(wires, before, strict=True))
    note(figures)
