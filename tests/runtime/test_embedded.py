"""The supervisor on stand-ins: what it promises about processes, whatever they do."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest

from runtime import lock
from runtime.ports import free_port

SERVICES = ["temporal", "worker", "api"]


class Up:
    """A running supervisor and what it has started."""

    def __init__(self, directory: Path, port: int, *roles: str) -> None:
        self.directory = directory
        self.port = port
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.runtime.supervised", str(directory), str(port), *roles],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def until_ready(self) -> "Up":
        """Until it serves and every child listens to signals the way its role does: before that,
        a signal finds a bare interpreter.
        """
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == f"ready http://127.0.0.1:{self.port}\n"
        eventually(lambda: all("began" in self.log(name) for name in SERVICES))
        return self

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, number: int) -> psutil.Process | None:
        """The service's process: they are started in the order Temporal, worker, API."""
        path = self.directory / "logs" / f"{SERVICES[number]}.log"
        return next((c for c in self.children() if holds(c, path)), None)

    def log(self, service: str) -> str:
        return (self.directory / "logs" / f"{service}.log").read_text()

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        self.process.send_signal(number)
        return self.outcome()

    def outcome(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err


def holds(process: psutil.Process, path: Path) -> bool:
    try:
        return Path(f"/proc/{process.pid}/fd/1").resolve() == path.resolve()
    except OSError:
        return False


def eventually(fact: Callable[[], object], within: float = 20) -> None:
    give_up = monotonic() + within
    while not fact():
        assert monotonic() < give_up, "it never came true"
        sleep(0.02)


def all_gone(processes: list[psutil.Process]) -> bool:
    return not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in processes)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Up]]:
    """Starts supervisors on one data directory; whatever a test leaves behind is killed."""
    with ExitStack() as cleanup:

        def begin(*roles: str, port: int | None = None) -> Up:
            up = Up(tmp_path / "data", port or free_port(), *roles)
            cleanup.callback(up.process.communicate)
            cleanup.callback(up.process.kill)
            return up

        yield begin


def test_it_says_one_line_when_it_serves_and_stops_cleanly(start: Callable[..., Up]) -> None:
    up = start().until_ready()
    children = up.children()
    assert len(children) == len(SERVICES)
    assert (up.directory / "migrated").exists()
    assert (up.directory / "seeded").exists()
    code, out, err = up.end(signal.SIGINT)
    assert (code, out) == (0, "")
    assert all_gone(children)
    stopped = [line for line in err.splitlines() if "service.stopped" in line]
    assert [next(s for s in SERVICES if s in line) for line in stopped] == SERVICES[::-1]
    for name in SERVICES:
        assert up.log(name).endswith("stopped\n")


def test_a_second_run_begins_new_logs_and_keeps_the_last(start: Callable[..., Up]) -> None:
    start().until_ready().end()
    up = start().until_ready()
    up.end()
    assert (up.directory / "logs" / "api.log").read_text().count("began") == 1
    assert (up.directory / "logs" / "api.log.1").read_text().count("began") == 1


def test_a_child_that_does_not_listen_is_killed(start: Callable[..., Up]) -> None:
    up = start("idle", "deaf", "api").until_ready()
    children = up.children()
    code, _, err = up.end()
    assert code == 0
    assert "service.killed" in err
    assert all_gone(children)


@pytest.mark.parametrize("number", range(3), ids=SERVICES)
def test_a_killed_child_is_started_again(start: Callable[..., Up], number: int) -> None:
    up = start().until_ready()
    before = up.child(number)
    assert before is not None
    others = {child.pid for child in up.children()} - {before.pid}
    before.kill()
    eventually(lambda: (now := up.child(number)) is not None and now.pid != before.pid)
    assert others < {child.pid for child in up.children()}
    code, out, _ = up.end()
    assert (code, out) == (0, "")


def test_a_crash_loop_ends_everything_with_the_last_lines(start: Callable[..., Up]) -> None:
    up = start("idle", "dying", "idle")
    code, out, err = up.outcome()
    assert (code, out) == (1, "")
    assert "worker died 5 times" in err
    assert "no such table: launches" in err
    assert lock.holder(up.directory / "lock") is None


def test_a_killed_supervisor_leaves_nothing_running_and_nothing_in_the_way(
    start: Callable[..., Up],
) -> None:
    up = start("deaf", "deaf", "api").until_ready()
    children = up.children()
    up.end(signal.SIGKILL)
    again = start(port=up.port).until_ready()
    eventually(lambda: all_gone(children))
    assert again.end()[0] == 0


def test_a_stop_while_it_starts_leaves_nothing_running(start: Callable[..., Up]) -> None:
    up = start("idle", "idle", "idle")
    eventually(lambda: len(up.children()) == len(SERVICES))
    children = up.children()
    code, out, _ = up.end()
    assert (code, out) == (0, "")
    assert all_gone(children)


def test_a_port_in_use_is_named_before_anything_is_started(start: Callable[..., Up]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        up = start(port=port)
        code, out, err = up.outcome()
    assert (code, out) == (1, "")
    assert f"port {port}" in err
    assert "--port" in err
    assert not list((up.directory / "logs").iterdir())


def test_a_second_start_on_the_same_directory_names_who_holds_it(
    start: Callable[..., Up],
) -> None:
    up = start().until_ready()
    code, out, err = start().outcome()
    assert (code, out) == (1, "")
    assert f"process {up.process.pid}" in err
    assert "--data-dir" in err
    holder = lock.holder(up.directory / "lock")
    assert holder is not None
    assert holder.pid == up.process.pid
    up.end()
    assert lock.holder(up.directory / "lock") is None
