"""What every test process loads: the table of the fault tests, printed where the run ends, property
tests that are never judged by their time, and logs that keep out of what commands print.
"""

import sys

import structlog
from hypothesis import settings

from tests.faults.report import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))
