"""A full disk under the ledger or under Temporal, with clients at work: they are told to wait or to
ask again, nothing is half done, and when there is room again everything becomes final.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import httpx2
import pytest

from tests import postgres
from tests.faults.cluster import DatabaseServer
from tests.faults.conftest import Note
from tests.faults.desk import Desk
from tests.faults.disk import Disk, mounted
from tests.faults.process import PATIENCE, POLL
from tests.faults.recovery import told
from tests.faults.rig import Rig, running
from tests.faults.signing import signing

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

SMALL_LOG = {"max_wal_size": "4MB", "min_wal_size": "2MB"}


async def hold_out(rig: Rig, disk: Disk, note: Note, what: str, *, seconds: float) -> None:
    """The line in the table of one installation that ran out of room."""
    async with httpx2.AsyncClient(timeout=PATIENCE) as http:
        desk = Desk(rig.site, http)
        async with signing(desk, clients=2) as load:
            await load.reaches(4)
            async with disk.full():
                await until(lambda: desk.retries + desk.unknown > 0)
                await asyncio.sleep(seconds)  # how long nobody notices
            begun = monotonic()
            await rig.revive()
            recovery = await load.recovers(begun)
        figures = await told(rig, desk, what, faults=1, recoveries=[recovery])
        assert figures.executed == figures.acknowledged
        await rig.site.verify_ledger()
    note(figures)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not is_so():  # noqa: ASYNC110 - counted where answers arrive
            await asyncio.sleep(POLL)


@contextmanager
def shown(request: pytest.FixtureRequest, rig: Rig) -> Iterator[None]:
    """The installation's logs, where the test fails."""
    try:
        yield
    finally:
        request.node.add_report_section("call", "installation", rig.log_ends())


async def test_under_sqlite(tmp_path: Path, note: Note, request: pytest.FixtureRequest) -> None:
    with mounted(tmp_path / "disk", megabytes=16) as disk:
        file = disk.root / "countersign.db"
        async with running(tmp_path / "data", file=file) as rig:
            with shown(request, rig):
                await hold_out(rig, disk, note, "full disk: the database's", seconds=2)


@pytest.mark.slow
async def test_under_temporal(tmp_path: Path, note: Note, request: pytest.FixtureRequest) -> None:
    """And under the keys and logs, as in an installation whose database is elsewhere."""
    with mounted(tmp_path / "disk", megabytes=32) as disk:
        data, file = disk.root / "data", tmp_path / "countersign.db"
        async with running(data, file=file) as rig:
            with shown(request, rig):
                await hold_out(rig, disk, note, "full disk: Temporal's", seconds=8)


@pytest.mark.slow
async def test_under_everything(tmp_path: Path, note: Note, request: pytest.FixtureRequest) -> None:
    with mounted(tmp_path / "disk", megabytes=48) as disk:
        async with running(disk.root / "data") as rig:
            with shown(request, rig):
                await hold_out(rig, disk, note, "full disk: the whole data directory", seconds=8)


@pytest.mark.slow
async def test_under_postgresql(tmp_path: Path, note: Note, request: pytest.FixtureRequest) -> None:
    with postgres.own_folder() as folder, mounted(folder / "disk", megabytes=96) as disk:
        postgres.give_away(disk.root)
        cluster = postgres.initialised(folder, disk.root / "data", "--wal-segsize=1")
        async with running(tmp_path, DatabaseServer(cluster, SMALL_LOG)) as rig:
            with shown(request, rig):
                await hold_out(rig, disk, note, "full disk: the database's", seconds=5)
