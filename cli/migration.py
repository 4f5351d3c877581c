"""Bringing an installation's database to the newest version, with failures a person can act on."""

from sqlalchemy.exc import SQLAlchemyError

from cli.failure import Failed
from db.schema import SchemaUnknown
from db.schema import migrate as to_head
from db.session import DatabaseUrlInvalid
from runtime.settings import Settings


async def migrate_database(settings: Settings) -> None:
    """A repeat changes nothing. Raises `Failed`."""
    settings.installation.create()
    try:
        await to_head(settings.database_url)
    except (DatabaseUrlInvalid, SchemaUnknown) as error:
        raise Failed(str(error)) from error
    except (OSError, SQLAlchemyError) as error:
        raise Failed(f"the database cannot be reached or changed: {error}") from error
