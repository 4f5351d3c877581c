"""Timeouts and retries of what a launch calls. Nothing but its answer ends a record."""

from datetime import timedelta
from typing import Final

from temporalio.common import RetryPolicy

RECORD_TIMEOUT: Final = timedelta(seconds=20)
"""One attempt of writing to the ledger; there is no limit on attempts."""

RECORD_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=100),
    maximum_interval=timedelta(seconds=5),
    maximum_attempts=0,
)

EFFECT_TIMEOUT: Final = timedelta(seconds=30)
EFFECT_PATIENCE: Final = timedelta(minutes=10)
"""How long undoing a step is tried before it becomes an open incident."""

EFFECT_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=10)
)

AT_ONCE: Final = timedelta(0)
"""The shortest a timer takes."""
