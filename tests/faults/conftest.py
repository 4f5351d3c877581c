"""Installations under test, and what a fault test gets besides."""

import os
import random
from collections.abc import AsyncIterator, Callable

import httpx2
import pytest

from tests.faults import rig as rigs
from tests.faults.desk import Desk
from tests.faults.process import PATIENCE
from tests.faults.report import Figures, as_property
from tests.faults.rig import Rig

SEED = "FAULTS_SEED"
Note = Callable[[Figures], None]


@pytest.fixture(scope="package")
async def installation(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    async with rigs.running(tmp_path_factory.mktemp("installation")) as rig:
        yield rig
        await rig.site.verify_ledger()


@pytest.fixture
async def rig(installation: Rig, request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    """The installation of these tests, all of it running; its logs are shown where one fails."""
    await installation.heal()
    installation.deaths.clear()
    yield installation
    request.node.add_report_section("call", "installation", installation.log_ends())


@pytest.fixture
async def desk(rig: Rig) -> AsyncIterator[Desk]:
    async with httpx2.AsyncClient(timeout=PATIENCE) as http:
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
