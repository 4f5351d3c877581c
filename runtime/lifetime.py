"""How a process of ours learns that it should stop, and how it leaves."""

import asyncio
import os
import signal
import sys
from types import FrameType
from typing import Final, NoReturn

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def stop_requested() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set, instead of interrupting. Needs a running loop."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, event.set)
    return event


def exit_on_signals() -> None:
    """SIGINT and SIGTERM end the process with exit code 0 from here on. A server that handles them
    itself, and raises them again when it has stopped, then ends as cleanly as it stopped.
    """

    def end(_number: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(0)

    for number in STOP_SIGNALS:
        signal.signal(number, end)


def leave(code: int = 0) -> NoReturn:
    """Ends the process at once, output flushed, interpreter teardown skipped: after a Temporal
    worker has stopped that teardown may die with SIGSEGV and spoil the exit code.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
