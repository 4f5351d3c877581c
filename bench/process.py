"""Processes of a measured installation: started with a log of their own, gone with the bench."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Final

import httpx2

from runtime import tether
from runtime.service import last_lines

ROOT: Final = Path(__file__).resolve().parent.parent
PATIENCE: Final = 240.0
"""Seconds before a wait is given up; nothing waits this long where it is measured."""


@asynccontextmanager
async def running(
    command: Sequence[str], environment: Mapping[str, str], *, log: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The process, until the end of the block; it also ends with this one."""
    tethered = (sys.executable, "-I", "-S", tether.__file__, str(os.getpid()))
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *tethered,
            *command,
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        await stop(process)


async def stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def done(process: asyncio.subprocess.Process, log: Path) -> None:
    """Waits for a process that ends by itself; RuntimeError tells where it did not end well."""
    if await process.wait() != 0:
        raise RuntimeError(f"{log.name} tells why it failed:\n{last_lines(log)}")


async def until(
    is_so: Callable[[], Awaitable[bool]], process: asyncio.subprocess.Process, *, log: Path
) -> None:
    """Waits for a process to be ready; RuntimeError tells its last lines where it will not be."""
    give_up = monotonic() + PATIENCE
    while not await is_so():
        if process.returncode is not None or monotonic() > give_up:
            raise RuntimeError(f"{log.name} tells why it is not ready:\n{last_lines(log)}")
        await asyncio.sleep(0.02)


async def answers(url: str) -> bool:
    """Whether somebody speaks HTTP there."""
    async with httpx2.AsyncClient() as client:
        try:
            await client.get(url)
        except httpx2.TransportError:
            return False
    return True
