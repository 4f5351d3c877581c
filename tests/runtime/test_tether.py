"""The way of other systems than Linux, which works on Linux too."""

import os
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest

from runtime import tether

STANDIN = Path(__file__).with_name("standin.py")
IDLE = [sys.executable, "-I", "-S", str(STANDIN), "idle"]
WATCH = "import sys; from runtime.tether import accompany as a; a(int(sys.argv[1]), sys.argv[2:])"
PARENT = """
import os, subprocess, sys
watch, *command = sys.argv[1:]
subprocess.Popen([sys.executable, "-c", watch, str(os.getpid()), *command])
sys.stdin.read()
"""


def test_a_watched_command_ends_with_its_own_code() -> None:
    command = [sys.executable, "-I", "-S", "-c", "raise SystemExit(3)"]
    assert tether.accompany(os.getppid(), command, pause=0.01) == 3


def test_a_watched_command_dies_with_the_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, WATCH, *IDLE], stdin=subprocess.PIPE)
    tree = psutil.Process(parent.pid)
    give_up = monotonic() + 20
    while len(family := tree.children(recursive=True)) < 2:
        assert monotonic() < give_up
        sleep(0.02)
    parent.kill()
    parent.communicate()
    assert psutil.wait_procs(family, timeout=20)[1] == []


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_a_command_whose_parent_is_already_gone_is_not_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    done = subprocess.run(
        [sys.executable, tether.__file__, "1", "touch", str(mark)], check=False, timeout=20
    )
    assert done.returncode == tether.ORPHANED
    assert not mark.exists()
