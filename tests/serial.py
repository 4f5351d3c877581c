"""A pytest plugin: a test marked `serial` has the machine to itself, though xdist runs the others
side by side in several processes. Every test holds a lock while it runs, `serial` ones exclusively.
A second lock is the door: who waits for the machine keeps those behind from overtaking.
"""

import fcntl
import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _path(run: str, name: str) -> Path:
    return Path(tempfile.gettempdir()) / f"countersign-tests-{run}-{name}.lock"


@contextmanager
def _held(path: Path, mode: int) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, mode)
        yield
    finally:
        os.close(descriptor)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Wraps set-up, call and tear-down, before the clock of pytest-timeout starts."""
    run: str | None = getattr(item.config, "workerinput", {}).get("testrunuid")
    if run is None:  # one process: the tests follow one another anyway
        return (yield)
    alone = item.get_closest_marker("serial") is not None
    door = _held(_path(run, "door"), fcntl.LOCK_EX)
    machine = _held(_path(run, "machine"), fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
    with door:
        machine.__enter__()
    try:
        return (yield)
    finally:
        machine.__exit__(None, None, None)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The process that started the others removes the locks they shared."""
    run = getattr(session.config, "_countersign_run", None)
    if run is not None:
        for name in ("door", "machine"):
            _path(run, name).unlink(missing_ok=True)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: pytest.Item) -> None:
    """The hook of xdist, called in the process that starts the others, once for each of them."""
    node.config._countersign_run = node.workerinput["testrunuid"]  # type: ignore[attr-defined]
