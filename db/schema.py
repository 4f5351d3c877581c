"""The schema of a database: which revision it has, which one this build needs, and the way there.

A change of the schema is one transaction that holds the write lock from its first statement, so
that of two processes migrating at once the second finds everything done.
"""

import asyncio
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import URL, Connection, inspect, text

from db.postgres import async_engine
from db.session import is_sqlite, parsed
from db.sqlite import migrating_engine

if TYPE_CHECKING:
    from alembic.config import Config

T = TypeVar("T")

_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('schema', 0))")
_REVISION: Final = text("SELECT version_num FROM alembic_version")


class SchemaUnknown(RuntimeError):
    """The database is at a revision this build does not know; it comes from a newer one."""


class SchemaOutdated(RuntimeError):
    """The database is not at the revision this build needs; the text says what to do."""


async def migrate(url: str) -> None:
    """Bring the database to `head()`; an existing SQLite file or database keeps its content.

    Raises SchemaUnknown and leaves everything as it was where a newer build has been there.
    """
    if await revision_of(url) != head():
        await alter(url, _upgrade)


async def demand_head(url: str) -> None:
    """Raise SchemaOutdated unless the database is at the revision of this build."""
    revision = await revision_of(url)
    if revision != head():
        raise SchemaOutdated(
            f"The database is at revision {revision or 'none'}, this build needs {head()}: "
            "run `countersign migrate`."
        )


async def revision_of(url: str) -> str | None:
    """The revision the database is at; None for an empty or absent one."""
    address = parsed(url)
    if is_sqlite(address) and not await asyncio.to_thread(Path(address.database or "").exists):
        return None
    return await _on(address, _revision)


def head() -> str:
    """The newest revision this build knows: the highest number among its migrations."""
    versions = files("db") / "migrations" / "versions"
    return max(entry.name[:4] for entry in versions.iterdir() if entry.name[:4].isdigit())


async def alter(url: str, change: "Callable[[Config], None]") -> None:
    """Run one alembic command in one transaction."""

    def changed(connection: Connection) -> None:
        change(_config(connection))

    await _on(parsed(url), changed)


def _upgrade(config: "Config") -> None:
    from alembic import command  # noqa: PLC0415 - takes longer to load than most commands run
    from alembic.util import CommandError  # noqa: PLC0415 - the same

    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SchemaUnknown(
            f"This build knows revisions up to {head()} and cannot migrate the database "
            f"({error}); use the build that wrote it, or a newer one."
        ) from error


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - see _upgrade

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(files("db") / "migrations"))
    return config


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(_REVISION).scalar()


async def _on(address: URL, work: Callable[[Connection], T]) -> T:
    if is_sqlite(address):
        return await asyncio.to_thread(_on_sqlite, address, work)
    engine = async_engine(address)
    try:
        async with engine.begin() as connection:
            await connection.execute(_LOCK)
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def _on_sqlite(address: URL, work: Callable[[Connection], T]) -> T:
    engine = migrating_engine(address)
    try:
        with engine.begin() as connection:
            return work(connection)
    finally:
        engine.dispose()
