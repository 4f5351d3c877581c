"""The schema of a database: which revision it has, which one this build needs, and the way there.

A change of the schema is one transaction that holds the write lock from its first statement, so
that of two processes migrating at once the second finds everything done.
"""

import asyncio
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeVar

import structlog
from sqlalchemy import URL, Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from db.address import (
    DatabaseUnreachable,
    DatabaseUnusable,
    is_sqlite,
    parsed,
    shown,
    unusable,
)
from db.sqlite import migrating_engine, reading_engine

if TYPE_CHECKING:
    from alembic.config import Config

T = TypeVar("T")

PATIENCE: Final = 15.0
"""Seconds a process that starts waits for a server that does not answer."""
PAUSE: Final = 2.0

_log = structlog.get_logger()
SCHEMA_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('schema', 0))")
_REVISION: Final = text("SELECT version_num FROM alembic_version")


class SchemaUnknown(DatabaseUnusable):
    """The database is at a revision this build does not know; it comes from a newer one."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The database is at revision {revision}, this build knows revisions up to {head()}",
            "Use the build that wrote it, or a newer one.",
        )


class SomebodyElses(DatabaseUnusable):
    """The database has tables that are not ours."""

    def __init__(self, address: URL, table: str) -> None:
        super().__init__(
            f"The database {shown(address)} belongs to something else: it has a table {table}",
            "Name one that is new, or that `countersign migrate` has made.",
        )


class SchemaOutdated(DatabaseUnusable):
    """The database is not at the revision this build needs; the text says what to do."""


async def migrate(url: str) -> None:
    """Bring the database to `head()`; an existing SQLite file or database keeps its content.

    Raises `DatabaseUnusable` and leaves everything as it was, also where a newer build was there.
    """
    if await _usable_revision(url) != head():
        await alter(url, _upgrade)


async def demand_head(url: str) -> None:
    """Raise `DatabaseUnusable` unless the database is at the revision of this build."""
    demand(await revision_of(url))


async def demand_usable(url: str) -> None:
    """Raise `DatabaseUnusable` unless `migrate` could bring it to head. Changes nothing."""
    address = parsed(url)
    await _usable_revision(url)
    folder = Path(address.database or "").parent
    if is_sqlite(address) and not await asyncio.to_thread(folder.is_dir):
        raise DatabaseUnusable(f"There is no directory {folder}", "Make it, or name another.")


async def awaited_head(url: str) -> None:
    """As `demand_head` at the start of a process: a server that does not answer is waited for,
    because machines that start together do not start in order.
    """
    give_up = monotonic() + PATIENCE
    while True:
        try:
            return await demand_head(url)
        except DatabaseUnreachable as error:
            if monotonic() > give_up:
                raise
            _log.warning("database.awaited", reason=str(error))
            await asyncio.sleep(PAUSE)


async def revision_of(url: str) -> str | None:
    """The revision the database is at; None for an empty or absent one, or somebody else's."""
    return await _read(parsed(url), revision_on)


async def _usable_revision(url: str) -> str | None:
    """The same, of a database that this build may bring to head."""
    address = parsed(url)

    def judged(connection: Connection) -> str | None:
        demand_ours(connection, address)
        return revision_on(connection)

    revision = await _read(address, judged)
    demand_known(revision)
    return revision


async def _read(address: URL, work: Callable[[Connection], T]) -> T | None:
    """None where there is not even a file."""
    if is_sqlite(address) and not await asyncio.to_thread(Path(address.database or "").exists):
        return None
    return await _on(address, work, locks=False)


def head() -> str:
    """The newest revision this build knows: the highest number among its migrations."""
    return max(known())


def demand(revision: str | None) -> None:
    """Raise `DatabaseUnusable` unless this is the revision of this build."""
    demand_known(revision)
    if revision != head():
        raise SchemaOutdated(
            f"The database is at revision {revision or 'none'}, this build needs {head()}",
            "Run `countersign migrate`.",
        )


def known() -> frozenset[str]:
    """Every revision of this build."""
    versions = files("db") / "migrations" / "versions"
    return frozenset(e.name[:4] for e in versions.iterdir() if e.name[:4].isdigit())


def demand_known(revision: str | None) -> None:
    """Raise `SchemaUnknown` where a newer build was there."""
    if revision is not None and revision not in known():
        raise SchemaUnknown(revision)


async def alter(url: str, change: "Callable[[Config], None]") -> None:
    """Run one alembic command in one transaction."""

    def changed(connection: Connection) -> None:
        change(_config(connection))

    await _on(parsed(url), changed)


def upgrade(connection: Connection) -> None:
    """Bring the database of this transaction to `head()`."""
    _upgrade(_config(connection))


def demand_ours(connection: Connection, address: URL) -> None:
    """Raise `SomebodyElses` where there are tables that no revision of ours makes."""
    from db.tables import LedgerRow  # noqa: PLC0415 - takes longer to load than most commands run

    ours = {"alembic_version", *LedgerRow.metadata.tables}
    if strange := set(inspect(connection).get_table_names()) - ours:
        raise SomebodyElses(address, min(strange))


def revision_on(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(_REVISION).scalar()


def _upgrade(config: "Config") -> None:
    from alembic import command  # noqa: PLC0415 - takes longer to load than most commands run

    command.upgrade(config, "head")


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - see _upgrade

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(files("db") / "migrations"))
    return config


async def _on(address: URL, work: Callable[[Connection], T], *, locks: bool = True) -> T:
    """What only reads takes no lock: it is asked every few seconds, and never stands in the way."""
    try:
        if is_sqlite(address):
            engine = migrating_engine(address) if locks else reading_engine(address)
            return await asyncio.to_thread(_on_sqlite, engine, work)
        return await _on_postgres(address, work, locks=locks)
    except (OSError, SQLAlchemyError) as error:
        raise await asyncio.to_thread(unusable, address, error) from error


async def _on_postgres(address: URL, work: Callable[[Connection], T], *, locks: bool) -> T:
    from db.postgres import async_engine  # noqa: PLC0415 - loads its driver

    engine = async_engine(address)
    try:
        async with engine.begin() as connection:
            if locks:
                await connection.execute(SCHEMA_LOCK)
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def _on_sqlite(engine: Engine, work: Callable[[Connection], T]) -> T:
    try:
        with engine.begin() as connection:
            return work(connection)
    finally:
        engine.dispose()
