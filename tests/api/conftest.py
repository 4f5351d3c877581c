"""Installations for the API tests of a process, one on each kind of database.

Every test that asks for `stack` runs on both; what asks for none stores nothing.
"""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from tests.postgres import Server
from tests.stack import Stack, running_stack


@pytest.fixture(scope="session")
async def sqlite_stack(
    tmp_path_factory: pytest.TempPathFactory, temporal: Client
) -> AsyncIterator[Stack]:
    async with running_stack(tmp_path_factory.mktemp("sqlite"), temporal) as stack:
        yield stack


@pytest.fixture(scope="session")
async def postgresql_stack(
    tmp_path_factory: pytest.TempPathFactory, temporal: Client, postgres: Server
) -> AsyncIterator[Stack]:
    folder, url = tmp_path_factory.mktemp("postgresql"), postgres.create()
    async with running_stack(folder, temporal, database_url=url) as stack:
        yield stack


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stack(request: pytest.FixtureRequest) -> Stack:
    """The installation on each database; both live as long as the process of tests."""
    chosen: Stack = request.getfixturevalue(f"{request.param}_stack")
    return chosen
