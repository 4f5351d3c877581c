"""Two installations for all API tests of a process: one on SQLite, one on PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from tests.db.conftest import postgres
from tests.postgres import Server
from tests.stack import Stack, running_stack

__all__ = ["postgres"]


@pytest.fixture(scope="session")
async def sqlite_stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    async with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture(scope="session")
async def postgresql_stack(
    tmp_path_factory: pytest.TempPathFactory, postgres: Server
) -> AsyncIterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    async with running_stack(folder, database_url=postgres.create()) as stack:
        yield stack


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stack(request: pytest.FixtureRequest) -> Stack:
    """The installation on each database; both live as long as the process of tests."""
    chosen: Stack = request.getfixturevalue(f"{request.param}_stack")
    return chosen
