"""A database that cannot be used: every command says why and what to do, and changes nothing."""

import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from api.sample import ORGANISATION
from db import schema
from runtime.ports import free_port
from tests.cli.conftest import Done, invoke
from tests.postgres import GUARDED, SUPERUSER, Server

SECRET = "hunter2"
COMMANDS = {
    "migrate": ("migrate",),
    "org import": ("org", "import", str(ORGANISATION)),
    "ledger verify": ("ledger", "verify"),
    "move": ("move", "--to", "sqlite:///nowhere.db"),
    "serve": ("serve",),
    "worker": ("worker",),
    "up": ("up", "--port", "0", "--temporal-port", "0"),
    "doctor": ("doctor",),
}
every_command = pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
AT_ANY_REVISION = ("org import", "ledger verify", "move", "serve", "worker", "doctor")
needing_head = pytest.mark.parametrize(
    "command", [COMMANDS[name] for name in AT_ANY_REVISION], ids=AT_ANY_REVISION
)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "PATIENCE", 0.0)
    monkeypatch.setattr(schema, "PAUSE", 0.0)


@pytest.fixture(autouse=True)
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that own their process end here without ending it, and leave its signals alone."""
    monkeypatch.setattr("runtime.loop.leave", sys.exit)
    monkeypatch.setattr("cli.processes.exit_on_signals", lambda: None)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def guarded(postgres: Server) -> Iterator[str]:
    """The address of a database, with a wrong password for a user who needs one."""
    url = postgres.create()
    postgres.execute(f"CREATE ROLE {GUARDED} LOGIN PASSWORD 'right'")
    yield url.replace(f"{SUPERUSER}@", f"{GUARDED}:{SECRET}@")
    postgres.drop(url)
    postgres.execute(f"DROP ROLE {GUARDED}")


def run(command: tuple[str, ...], place: Path, url: str) -> Done:
    data_dir = place / "data"
    return invoke(*command, "--data-dir", str(data_dir), DATABASE_URL=url)


def refused(done: Done, *says: str) -> None:
    """In words, and never with the password."""
    text = done.stdout + done.stderr
    assert done.code == 1, text
    assert all(word in text for word in says), text
    assert SECRET not in text
    assert "Traceback" not in text


@every_command
@pytest.mark.parametrize(
    ("url", "says"),
    [
        (f"mysql://u:{SECRET}@host/name", "DATABASE_URL names 'mysql'"),
        (f"u:{SECRET}", "DATABASE_URL is not an address"),
        (f"postgresql://u:{SECRET}@host:port/name", "DATABASE_URL is not an address"),
        (f"postgresql://u:p@{SECRET}@host/name", "DATABASE_URL has an @ in its password"),
        ("sqlite://", "names no file"),
    ],
)
def test_an_address_that_is_none(
    command: tuple[str, ...], url: str, says: str, place: Path
) -> None:
    refused(run(command, place, url), says, "rite ")
    assert not (place / "nowhere.db").exists()


@every_command
def test_a_server_that_does_not_answer(command: tuple[str, ...], place: Path) -> None:
    url = f"postgresql://u:{SECRET}@127.0.0.1:{free_port()}/name?sslpassword={SECRET}"
    refused(run(command, place, url), "does not answer", "Start its server")


@every_command
def test_a_wrong_password(command: tuple[str, ...], place: Path, guarded: str) -> None:
    refused(run(command, place, guarded), "password authentication failed", "check user")


@every_command
def test_a_database_that_does_not_exist(
    command: tuple[str, ...], place: Path, postgres: Server
) -> None:
    refused(run(command, place, postgres.url("nobody_made_it")), "does not exist", "make the data")


@every_command
def test_a_file_that_is_no_database(command: tuple[str, ...], place: Path) -> None:
    file = place / "notes.db"
    file.write_text("The minutes of the last meeting. " * 200)
    before = file.read_bytes()
    refused(run(command, place, f"sqlite:///{file}"), "not a database", "orrect the address")
    assert file.read_bytes() == before
    assert {entry.name for entry in place.iterdir()} <= {"data", "notes.db"}


@every_command
def test_a_directory(command: tuple[str, ...], place: Path) -> None:
    (place / "folder").mkdir()
    refused(run(command, place, f"sqlite:///{place / 'folder'}"), "directory", "name a file")
    assert list((place / "folder").iterdir()) == []


@pytest.mark.parametrize("name", ["migrate", "up", "doctor"])
def test_a_file_without_a_directory(name: str, place: Path) -> None:
    url = f"sqlite:///{place / 'none' / 'there.db'}"
    refused(run(COMMANDS[name], place, url), "here is no directory", "ake it")
    assert not (place / "none").exists()


@needing_head
@pytest.mark.parametrize("revision", ["none", "0003"])
def test_an_older_revision(
    command: tuple[str, ...], revision: str, place: Path, postgres: Server
) -> None:
    url = at_revision(postgres, revision)
    if command == ("doctor",) and revision == "none":
        assert "countersign migrate" in run(command, place, url).stdout
        return
    refused(run(command, place, url), f"revision {revision}", schema.head(), "countersign migrate")
    assert revision_of(url) == revision


@every_command
def test_a_newer_revision(command: tuple[str, ...], place: Path, postgres: Server) -> None:
    url = at_revision(postgres, "9999")
    refused(run(command, place, url), "revision 9999", schema.head(), "build that wrote it")
    assert revision_of(url) == "9999"


def at_revision(postgres: Server, revision: str) -> str:
    url = postgres.create()
    if revision != "none":
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
            connection.execute("INSERT INTO alembic_version VALUES (%s)", (revision,))
    return url


def revision_of(url: str) -> str:
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        if not tables.fetchall():
            return "none"
        assert tables.rowcount == 1
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert found is not None
    return str(found[0])
