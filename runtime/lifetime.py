"""How a process of ours learns that it should stop, and how it leaves."""

import asyncio
import os
import signal
import sys
from types import FrameType
from typing import Final, NoReturn

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class CannotStart(RuntimeError):
    """The process cannot work with what it was given: `what` is wrong, and what to do about it."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"{what}. {advice}")
        self.what = what
        self.advice = advice


def stop_requested(*, leave_after: float | None = None) -> asyncio.Event:
    """An event that SIGINT and SIGTERM set, instead of interrupting. Needs a running loop.

    `leave_after` seconds later the process leaves all the same, with exit code 1: for one whose
    work is safe to drop and may wait for something that never answers.
    """
    event = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        event.set()
        if leave_after is not None:
            loop.call_later(leave_after, leave, 1)

    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop)
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
