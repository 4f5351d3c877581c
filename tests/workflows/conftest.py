"""One real dev server for all tests of a process, and one worker most of them share."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from tests.workflows.ledgers import MemoryLedger
from tests.workflows.server import dev_server
from tests.workflows.stage import Stage, staged


@pytest.fixture(scope="session")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    async with dev_server(tmp_path_factory.mktemp("server") / "temporal.log") as client:
        yield client


@pytest.fixture(scope="session")
def ledger() -> MemoryLedger:
    return MemoryLedger()


@pytest.fixture(scope="session")
async def stage(client: Client, ledger: MemoryLedger) -> AsyncIterator[Stage]:
    async with staged(client, ledger) as stage:
        yield stage
