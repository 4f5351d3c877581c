"""The same databases as the tests of `db` have."""

from tests.db.conftest import database, database_url, migrated_database, migrated_file, postgres

__all__ = ["database", "database_url", "migrated_database", "migrated_file", "postgres"]
