"""The database of an installation, for the commands that work on it directly."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from cli.failure import Failed
from cli.options import read_settings
from db.address import DatabaseUnusable, unusable
from db.schema import demand_head
from db.session import Database

T = TypeVar("T")
Work = Callable[[Database], Awaitable[T]]


def on_database(data_dir: Path | None, work: Work[T]) -> T:
    """What `work` gives on the installation's database. Raises `Failed` where it is not migrated
    or cannot be reached.
    """
    return on_url(read_settings(data_dir=data_dir).database_url, work)


def on_url(url: str, work: Work[T]) -> T:
    """The same on the database at this address."""
    return asyncio.run(_opened(url, work))


async def _opened(url: str, work: Work[T]) -> T:
    try:
        await demand_head(url)
        return await _done(Database(url), work)
    except DatabaseUnusable as error:
        raise Failed(str(error)) from error


async def _done(database: Database, work: Work[T]) -> T:
    try:
        return await work(database)
    except (OSError, SQLAlchemyError) as error:
        raise unusable(database.url, error) from error
    finally:
        await database.close()
