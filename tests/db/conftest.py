"""A migrated database for each test, once for every kind of database there is."""

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from db.schema import migrate
from db.session import Database


def sqlite(directory: Path, template: Path) -> str:
    """The address of a fresh copy of the migrated file."""
    shutil.copy(template, directory / "test.db")
    return f"sqlite:///{directory / 'test.db'}"


KINDS: tuple[Callable[[Path, Path], str], ...] = (sqlite,)


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


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def database_url(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> str:
    """The address of an empty database at head."""
    address: str = request.param(tmp_path, migrated_file)
    return address


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()
