"""Addresses of databases: which ones can be used, how they are shown, and what to do about one that
cannot be used. No password stands in what is said here.
"""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from runtime.lifetime import CannotStart

DRIVERS: Final = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}
PATIENCE: Final[Mapping[str, str]] = {
    "connect_timeout": "10",
    "tcp_user_timeout": "10000",
    "keepalives_idle": "5",
    "keepalives_interval": "5",
    "keepalives_count": "3",
}
"""Parameters of libpq by which a server that says nothing any more counts as gone after some ten
seconds instead of hours; what the address says itself wins.
"""

_WRITE: Final = "Write sqlite:///FILE or postgresql://USER@HOST/NAME."
_FULL: Final = ("too many clients", "too many connections", "connection slots are reserved")
"""What a PostgreSQL server says that has no connection left; the driver has no code for it."""
_DOOR: Final = ("", "28", "3D", "08")
"""The classes of SQLSTATE that say why nobody got in; none where the driver has no code."""
_NO_ROOM: Final = "53"
_UNWRITABLE: Final = frozenset(
    {
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_PERM,
    }
)
_SECRETS: Final = frozenset({"password", "sslpassword", "passfile"})


class DatabaseUnusable(CannotStart):
    """The database cannot be used as it is; the text says why and what to do."""


class DatabaseUrlInvalid(DatabaseUnusable):
    """The address cannot be used; the text says what to write instead."""


class DatabaseUnreachable(DatabaseUnusable):
    """The server does not answer, or has no connection left; it may have one later."""


def parsed(url: str, called: str = "DATABASE_URL") -> URL:
    """The address with our driver. Raises `DatabaseUrlInvalid`, with what the address is `called`
    where it was given.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUrlInvalid(f"{called} is not an address", _WRITE) from error
    backend = address.drivername.partition("+")[0]
    if backend not in DRIVERS:
        raise DatabaseUrlInvalid(f"{called} names {backend!r}", _WRITE)
    if backend == "sqlite" and address.database in {None, "", ":memory:"}:
        raise DatabaseUrlInvalid(
            f"{called} names no file that outlives the process", "Write sqlite:///FILE."
        )
    if backend == "postgresql":
        address = _patient(address, called)
    return address.set(drivername=DRIVERS[backend])


def _patient(address: URL, called: str) -> URL:
    """With PATIENCE. A password with an @ would be read as a part of the host, and shown as one."""
    if "@" in (address.host or "") or "@" in (address.database or ""):
        raise DatabaseUrlInvalid(f"{called} has an @ in its password", "Write it as %40.")
    missing = {name: value for name, value in PATIENCE.items() if name not in address.query}
    return address.update_query_dict(missing)


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def shown(address: URL) -> str:
    """The address as a person wrote it, without its secrets and without what was added here."""
    hidden = {name: "***" for name in address.query if name in _SECRETS}
    plain = address.set(drivername=address.get_backend_name()).update_query_dict(hidden)
    added = [name for name, value in PATIENCE.items() if plain.query.get(name) == value]
    plain = plain.difference_update_query(added)
    return plain.render_as_string(hide_password=True)


def unusable(address: URL, error: Exception) -> DatabaseUnusable:
    """What an error of the driver or of SQLAlchemy means for who has to do something about it.

    Asks a PostgreSQL server whether it is there, which may take ten seconds.
    """
    reason = first_line(error)
    code = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    if is_sqlite(address):
        return DatabaseUnusable(
            f"The file {address.database} cannot be used as the database: {reason}",
            _what_to_do(Path(address.database or ""), error),
        )
    if not isinstance(error, OperationalError) or code[:2] not in _DOOR:
        return DatabaseUnusable(
            f"The database {shown(address)} refuses: {reason}",
            "Its server has no room: make some, and try again."
            if code.startswith(_NO_ROOM)
            else "Look into the log of its server.",
        )
    if not _answers(address):
        return DatabaseUnreachable(
            f"The database {shown(address)} does not answer: {reason}",
            "Start its server, or correct host and port in its address.",
        )
    if any(full in reason for full in _FULL):
        return DatabaseUnreachable(
            f"The database {shown(address)} takes no more connections: {reason}",
            "Raise max_connections of its server, or end processes that hold some.",
        )
    return DatabaseUnusable(
        f"The database {shown(address)} cannot be used: {reason}",
        "Its server answers: check user, password and name in its address, and make the database "
        "where there is none of that name.",
    )


def first_line(error: Exception) -> str:
    """The first line of what a driver says, as the end of a sentence."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines() or [
        type(error).__name__
    ]
    return lines[0].strip().rstrip(".")


def _what_to_do(file: Path, error: Exception) -> str:
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", 0)
    if file.is_dir():
        return "It is a directory: name a file in it."
    if not file.parent.is_dir():
        return f"There is no directory {file.parent}: make it, or correct the address."
    if code & 0xFF in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
        return "Correct the address, or bring the database back from a backup."
    if code & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return "Stop the process that holds it, or try again later."
    if code & 0xFF in _UNWRITABLE:
        return "This user must be able to write it and its directory, and the disk must have room."
    return "Correct the address if it is not a database of Countersign."


def _answers(address: URL) -> bool:
    """Whether a server takes connections there, whatever it thinks of user and database."""
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - not loaded for SQLite
    from psycopg.pq import PGconn, Ping  # noqa: PLC0415 - the same

    dialect: Any = address.get_dialect()()
    _, arguments = dialect.create_connect_args(address)
    ping = PGconn.ping(make_conninfo(**arguments).encode())
    return ping not in {Ping.NO_RESPONSE, Ping.REJECT}
