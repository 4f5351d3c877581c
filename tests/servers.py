"""The servers that tests of a process share, and a migrated database for each test, once for every
kind of database there is.

Loaded by the one conftest at the top, because a fixture that two of them import is made twice; and
a second Temporal server would take TEMPORAL_ADDRESS from the first.
"""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from temporalio.client import Client

from db.schema import migrate
from db.session import Database
from tests.postgres import Server, running
from tests.workflows.server import dev_server


def sqlite(directory: Path, template: Path) -> str:
    """The address of a fresh copy of the migrated file."""
    shutil.copy(template, directory / "test.db")
    return f"sqlite:///{directory / 'test.db'}"


@pytest.fixture(scope="session")
async def temporal(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """A Temporal server of this process of tests, which finds it by TEMPORAL_ADDRESS."""
    async with dev_server(tmp_path_factory.mktemp("temporal") / "temporal.log") as client:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TEMPORAL_ADDRESS", client.service_client.config.target_host)
            yield client


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server of this process of tests."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
async def migrated_database(postgres: Server) -> str:
    """The name of a PostgreSQL database at head, to be copied."""
    postgres.execute("CREATE DATABASE migrated")
    await migrate(postgres.url("migrated"))
    return "migrated"


@pytest.fixture(scope="session")
async def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at head, to be copied: copying is faster than migrating."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    await migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_file(tmp_path: Path, migrated_file: Path) -> Path:
    """An empty SQLite database at head, for what only SQLite can show."""
    sqlite(tmp_path, migrated_file)
    return tmp_path / "test.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database at head."""
    if request.param == "sqlite":
        yield sqlite(tmp_path, request.getfixturevalue("migrated_file"))
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.create(request.getfixturevalue("migrated_database"))
    yield url
    server.drop(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()
