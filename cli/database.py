"""The database of an installation, for the commands that work on it directly."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from cli.failure import Failed
from cli.options import read_settings
from db.schema import SchemaOutdated, demand_head
from db.session import Database, DatabaseUrlInvalid

T = TypeVar("T")
Work = Callable[[Database], Awaitable[T]]


def on_database(data_dir: Path | None, work: Work[T]) -> T:
    """What `work` gives on the installation's database. Raises `Failed` where it is not migrated
    or cannot be reached.
    """
    url = read_settings(data_dir=data_dir).database_url
    return asyncio.run(_opened(url, work))


async def _opened(url: str, work: Work[T]) -> T:
    try:
        await demand_head(url)
        database = Database(url)
        try:
            return await work(database)
        finally:
            await database.close()
    except (DatabaseUrlInvalid, SchemaOutdated) as error:
        raise Failed(str(error)) from error
    except (OSError, SQLAlchemyError) as error:
        raise Failed(f"the database cannot be used: {error}") from error
