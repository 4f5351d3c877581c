"""A running installation for the commands of the documentation."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

BIN = Path(sys.executable).parent
READY_WITHIN = 60.0
STOPPED_WITHIN = 20.0


@dataclass(frozen=True, slots=True)
class Installation:
    url: str
    data_dir: Path
    environment: Mapping[str, str]


def environment(**extra: str) -> dict[str, str]:
    """What a shell has after the environment in .venv was activated, and nothing of ours."""
    foreign = ("COUNTERSIGN_", "DATABASE_URL", "MAKE", "MFLAGS", "PYTEST_", "TEMPORAL_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**kept, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1", **extra}


@contextmanager
def running(data_dir: Path, *options: str) -> Iterator[str]:
    """`countersign up` on free ports; gives the address of its ready line, stops it at the end."""
    command: list[str | Path] = [BIN / "countersign", "up", "--data-dir", data_dir]
    command += ["--port", "0", "--temporal-port", "0", *options]
    with (
        (data_dir / "up.log").open("wb") as errors,
        subprocess.Popen(
            command, env=environment(), stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        try:
            yield _ready(process, data_dir / "up.log")
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            try:
                process.wait(STOPPED_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def _ready(process: subprocess.Popen[str], log: Path) -> str:
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    assert process.stdout is not None
    threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    deadline = time.monotonic() + READY_WITHIN
    while (left := deadline - time.monotonic()) > 0:
        try:
            line = lines.get(timeout=left)
        except queue.Empty:
            break
        if line.startswith("ready "):
            return line.split()[1]
        if not line:
            break
    pytest.fail(f"`countersign up` did not become ready:\n{log.read_text(errors='replace')}")


def _read(stream: IO[str], lines: queue.SimpleQueue[str]) -> None:
    """Passes every line on and an empty one at the end, and keeps the pipe from filling up."""
    for line in stream:
        lines.put(line)
    lines.put("")


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Started once for all pages; the commands run as a planner of the demo organisation."""
    data_dir = tmp_path_factory.mktemp("installation")
    with running(data_dir) as url:
        ours = environment(COUNTERSIGN_DATA_DIR=str(data_dir), COUNTERSIGN_URL=url)
        token = subprocess.run(
            [BIN / "countersign", "token", "create", "planner.personal"],
            env=ours,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout.strip()
        yield Installation(url, data_dir, {**ours, "COUNTERSIGN_TOKEN": token})
