"""Runs a command that must not outlive the process that started it, even if that is killed.

A script, not a module to import: `python tether.py PARENT_PID COMMAND...`. On Linux the kernel
kills the command when the parent dies, and nothing stays in between. Elsewhere this process stays
and looks after its parent five times a second.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

PR_SET_PDEATHSIG = 1
ORPHANED = 75  # EX_TEMPFAIL


def main(arguments: Sequence[str]) -> int:
    parent, command = int(arguments[0]), list(arguments[1:])
    if sys.platform != "linux":
        return accompany(parent, command)
    die_with_parent()
    if os.getppid() == parent:
        os.execvp(command[0], command)  # noqa: S606 - the command becomes this process
    return ORPHANED


def die_with_parent() -> None:
    """Asks the kernel for SIGKILL at the parent's death; it survives `exec` (prctl(2))."""
    import ctypes  # noqa: PLC0415 - only Linux needs it

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")


def accompany(parent: int, command: Sequence[str], *, pause: float = 0.2) -> int:
    """Runs the command, hands SIGTERM and SIGINT on to it, kills it when the parent is gone."""
    process = subprocess.Popen(command)

    def hand_on(number: int, _frame: FrameType | None) -> None:
        process.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, hand_on)
    while (code := process.poll()) is None:
        if os.getppid() != parent:
            process.kill()
        time.sleep(pause)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
