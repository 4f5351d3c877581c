"""A migrated database for each test, once for every kind of database there is."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from db.schema import migrate
from db.session import Database
from tests.postgres import Server, running


def sqlite(directory: Path, template: Path) -> str:
    """The address of a fresh copy of the migrated file."""
    shutil.copy(template, directory / "test.db")
    return f"sqlite:///{directory / 'test.db'}"


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
