"""How processes end, each shown by a process of its own."""

import signal
import subprocess
import sys

import pytest

CRASHES_AT_EXIT = """
import atexit, ctypes, sys
from runtime.lifetime import leave
atexit.register(ctypes.string_at, 0)
sys.stdout.write("said")
sys.stderr.write("complained")
leave(int(sys.argv[1]))
"""
ENDS_ON_SIGNALS = """
import sys, time
from runtime.lifetime import exit_on_signals
exit_on_signals()
sys.stdout.write("begun\\n")
sys.stdout.flush()
time.sleep(60)
"""
WAITS_FOR_STOP = """
import asyncio, sys
from runtime.lifetime import stop_requested
async def main():
    stop = stop_requested()
    sys.stdout.write("begun\\n")
    sys.stdout.flush()
    await stop.wait()
    sys.stdout.write("finished")
asyncio.run(main())
"""


@pytest.mark.parametrize("code", [0, 1])
def test_what_crashes_at_exit_spoils_neither_output_nor_exit_code(code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASHES_AT_EXIT, str(code)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "said", "complained")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    ("program", "last_words"), [(ENDS_ON_SIGNALS, ""), (WAITS_FOR_STOP, "finished")]
)
def test_both_stop_signals_end_a_process_cleanly(
    program: str, last_words: str, number: signal.Signals
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, last_words, "")
