"""Bringing an installation's database to the newest version, with failures a person can act on."""

from cli.failure import Failed
from db.address import DatabaseUnusable, parsed
from db.schema import demand_usable
from db.schema import migrate as to_head
from runtime.settings import Settings


async def migrate_database(settings: Settings) -> None:
    """A repeat changes nothing. Raises `Failed`."""
    try:
        parsed(settings.database_url)
        settings.installation.create()
        await to_head(settings.database_url)
    except DatabaseUnusable as error:
        raise Failed(str(error)) from error
    except OSError as error:
        raise Failed(f"the data directory cannot be used: {error}") from error


async def check_database(settings: Settings) -> None:
    """Whether it answers and a migration can bring it to head. Raises `Failed`."""
    try:
        await demand_usable(settings.database_url)
    except DatabaseUnusable as error:
        raise Failed(str(error)) from error
