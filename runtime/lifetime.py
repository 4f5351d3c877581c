"""How a process of ours learns that it should stop, and how it leaves."""

import asyncio
import os
import signal
import sys
from typing import Final, NoReturn

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def stop_requested() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set, instead of interrupting. Needs a running loop."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, event.set)
    return event


def leave(code: int = 0) -> NoReturn:
    """Ends the process at once, output flushed, interpreter teardown skipped: after a Temporal
    worker has stopped that teardown may die with SIGSEGV and spoil the exit code.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
