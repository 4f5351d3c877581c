"""Installations under test, and what a fault test gets besides."""

import os
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import httpx2
import pytest

from tests.faults import cluster
from tests.faults import rig as rigs
from tests.faults.desk import Desk
from tests.faults.process import PATIENCE
from tests.faults.report import Figures, as_property
from tests.faults.rig import Rig

SEED = "FAULTS_SEED"
SQLITE, POSTGRESQL = "sqlite", "postgresql"
Note = Callable[[Figures], None]


class Installations:
    """One for each kind of database, started when it is first asked for."""

    def __init__(self, folder: pytest.TempPathFactory, opened: AsyncExitStack) -> None:
        self._folder = folder
        self._opened = opened
        self._running: dict[str, Rig] = {}

    async def on(self, database: str) -> Rig:
        if database not in self._running:
            data = self._folder.mktemp(f"on-{database}")
            server = None
            if database == POSTGRESQL:
                server = self._opened.enter_context(cluster.empty())
            running = rigs.running(data, server)
            self._running[database] = await self._opened.enter_async_context(running)
        return self._running[database]

    async def verify(self) -> None:
        for rig in self._running.values():
            await rig.site.verify_ledger()


@pytest.fixture(scope="package")
async def installations(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installations]:
    async with AsyncExitStack() as opened:
        installations = Installations(tmp_path_factory, opened)
        yield installations
        await installations.verify()


@pytest.fixture
async def rig(installations: Installations, request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    """An installation of these tests, all of it running; its logs are shown where one fails."""
    rig = await installations.on(getattr(request, "param", SQLITE))
    await rig.heal()
    rig.deaths.clear()
    yield rig
    request.node.add_report_section("call", "installation", rig.log_ends())


@pytest.fixture
async def desk(rig: Rig) -> AsyncIterator[Desk]:
    async with httpx2.AsyncClient(timeout=PATIENCE) as http:
        yield Desk(rig.site, http)


@pytest.fixture
async def hasty(rig: Rig) -> AsyncIterator[Desk]:
    """A desk whose clients wait two seconds for an answer, then ask again under the same key."""
    async with httpx2.AsyncClient(timeout=2) as http:
        yield Desk(rig.site, http)


@pytest.fixture
def seed() -> int:
    """From the environment to see a run again, else a new one; it stands in the table."""
    return int(os.environ.get(SEED) or random.SystemRandom().randrange(10**6))


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Adds a line to the table at the end of the run."""

    def add(figures: Figures) -> None:
        request.node.user_properties.append(as_property(figures))

    return add
