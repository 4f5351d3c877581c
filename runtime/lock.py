"""The exclusive lock on a data directory: one `up` at a time.

The lock is the kernel's (`flock`), so it ends with the process that holds it, however that ends.
The file's content only tells others who holds it; the file itself is never removed.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

# A process that was killed this moment may still be on its way out.
PATIENCE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a data directory, as the holder wrote it: a pid of 0 says that it did not yet."""

    pid: int = 0
    url: str = ""
    temporal_address: str = ""


class DataDirInUse(RuntimeError):
    """Another process holds the data directory."""

    def __init__(self, path: Path, holder: Holder) -> None:
        who = f"process {holder.pid}" if holder.pid else "another process"
        where = f" and serves {holder.url}" if holder.url else ""
        super().__init__(
            f"the data directory {path.parent} is in use: {who} holds it{where}. "
            "Stop that process, or choose another directory with --data-dir."
        )
        self.holder = holder


@contextmanager
def hold(path: Path, *, url: str, temporal_address: str) -> Iterator[None]:
    """Holds the lock as this process. Raises `DataDirInUse`."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _acquire(descriptor, path)
        note = Holder(pid=os.getpid(), url=url, temporal_address=temporal_address)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(asdict(note)).encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def holder(path: Path) -> Holder | None:
    """Who holds the lock now, or None."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(path)
    finally:
        os.close(descriptor)
    return None


def _acquire(descriptor: int, path: Path) -> None:
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= give_up:
                raise DataDirInUse(path, _read(path)) from None
            time.sleep(0.05)
        else:
            return


def _read(path: Path) -> Holder:
    try:
        return Holder(**json.loads(path.read_bytes()))
    except (ValueError, TypeError):
        return Holder()
