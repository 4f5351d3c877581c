"""On which databases a fault test runs."""

import pytest

from tests.faults.conftest import POSTGRESQL, SQLITE

on_both = pytest.mark.parametrize("rig", [SQLITE, POSTGRESQL], indirect=True)
on_postgresql = pytest.mark.parametrize("rig", [POSTGRESQL], indirect=True)
on_sqlite_first = pytest.mark.parametrize(
    "rig", [SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.slow)], indirect=True
)
"""On PostgreSQL only where time does not matter."""
