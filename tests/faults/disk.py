"""A disk of a few megabytes that can be filled to its last block: a tmpfs, which takes root."""

import asyncio
import errno
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

BLOCK: Final = bytes(4096)
AGAIN: Final = 0.02


@dataclass(frozen=True, slots=True)
class Disk:
    """Mounted at `root`."""

    root: Path

    @property
    def is_full(self) -> bool:
        return os.statvfs(self.root).f_bavail == 0

    @asynccontextmanager
    async def full(self) -> AsyncIterator[None]:
        """Not one block is free, nor does one stay free, until the end of the block."""
        ballast = self.root / "ballast"
        with ballast.open("ab", buffering=0) as file:
            filling = asyncio.create_task(_fill(file.fileno()))
            try:
                while not self.is_full:  # noqa: ASYNC110 - the kernel counts
                    await asyncio.sleep(AGAIN)
                yield
                assert self.is_full, "it did not stay full"
            finally:
                filling.cancel()
                ballast.unlink()


async def _fill(file: int) -> None:
    while True:
        try:
            os.write(file, BLOCK)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            await asyncio.sleep(AGAIN)


@contextmanager
def mounted(root: Path, *, megabytes: int) -> Iterator[Disk]:
    """A new disk; the test is skipped where nobody may mount one."""
    root.mkdir(mode=0o755, exist_ok=True)
    options = f"size={megabytes}m,mode=0755"
    mount = ("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(root))
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"a disk to be filled takes root's right to mount: {done.stderr.strip()}")
    try:
        yield Disk(root)
    finally:
        subprocess.run(("umount", "--lazy", str(root)), check=True)
