"""What every test process loads: the table of the fault tests, printed where the run ends."""

from tests.faults.report import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]
