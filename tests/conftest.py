"""What every test process loads: servers and databases, made where a test asks for one; the table
of the fault tests, printed where the run ends; property tests that are never judged by their time;
and logs that keep out of what commands print.
"""

import sys

import structlog
from hypothesis import settings

from tests.faults.report import pytest_terminal_summary
from tests.servers import (
    database,
    database_url,
    migrated_database,
    migrated_file,
    postgres,
    sqlite_file,
    temporal,
)

__all__ = [
    "database",
    "database_url",
    "migrated_database",
    "migrated_file",
    "postgres",
    "pytest_terminal_summary",
    "sqlite_file",
    "temporal",
]

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))
