"""One child process of `up`: started tethered to this process, with its output in a log file,
started again when it dies, stopped within its time.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

import structlog

from runtime import tether

KEPT_LOG_BYTES: Final = 20_000_000
SHOWN_LINES: Final = 15

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What to run. `patience` is the seconds it gets between SIGTERM and SIGKILL."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    patience: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarts:
    """How a dying service is started again: after `pause` seconds, doubled for each recent death
    up to `longest_pause`; `limit` deaths within `window` seconds are a crash loop.
    """

    limit: int = 5
    window: float = 60
    pause: float = 0.2
    longest_pause: float = 5


class CrashLoop(RuntimeError):
    """A service dies as often as it is started."""

    def __init__(self, service: Service, restarts: Restarts, code: int, lines: str) -> None:
        super().__init__(
            f"{service.name} died {restarts.limit} times within {restarts.window:g} seconds, "
            f"the last time with exit code {code}. Its last lines:\n{lines}"
        )


class Keeper:
    """Keeps one service running until it is told to stop."""

    def __init__(self, service: Service, log_file: Path, restarts: Restarts) -> None:
        self.service = service
        self.log_file = log_file
        self._restarts = restarts
        self._deaths: deque[float] = deque(maxlen=restarts.limit)
        self._process: Process | None = None

    async def keep(self) -> NoReturn:
        """Runs until cancelled, which leaves the process to `stop`. Raises `CrashLoop`."""
        while True:
            self._process = await self._start()
            code = await self._process.wait()
            _signal(-self._process.pid, signal.SIGKILL)
            pause = self._note_death(code)
            log.warning(
                "service.died", service=self.service.name, exit_code=code, again_after=pause
            )
            await asyncio.sleep(pause)

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL to the whole process group where that is not enough."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        _signal(process.pid, signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), self.service.patience)
        if process.returncode is None:
            log.warning("service.killed", service=self.service.name, pid=process.pid)
        _signal(-process.pid, signal.SIGKILL)
        await process.wait()
        log.info("service.stopped", service=self.service.name, exit_code=process.returncode)

    async def _start(self) -> Process:
        """In a process group of its own, so that Ctrl-C in a terminal reaches `up` alone."""
        with self.log_file.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", tether.__file__, str(os.getpid())),
                *self.service.command,
                env=self.service.environment,
                stdin=DEVNULL,
                stdout=output,
                stderr=output,
                process_group=0,
            )
        log.info("service.started", service=self.service.name, pid=process.pid)
        return process

    def _note_death(self, code: int) -> float:
        now = asyncio.get_running_loop().time()
        self._deaths.append(now)
        recent = sum(now - death <= self._restarts.window for death in self._deaths)
        if recent >= self._restarts.limit:
            raise CrashLoop(self.service, self._restarts, code, last_lines(self.log_file))
        doubled: float = self._restarts.pause * 2 ** (recent - 1)
        return min(doubled, self._restarts.longest_pause)


def last_lines(path: Path, count: int = SHOWN_LINES) -> str:
    """The end of a log file, for a message to a person."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 16_384))
        lines = file.read().decode(errors="replace").splitlines()
    return "\n".join(f"  {line}" for line in lines[-count:]) or f"  (nothing in {path})"


def set_aside(path: Path) -> None:
    """Begins a new log file and keeps the one before it, which may tell why that run ended."""
    if path.exists():
        path.replace(path.with_name(f"{path.name}.1"))


def shorten(path: Path, limit: int = KEPT_LOG_BYTES) -> None:
    """Empties a log file that has grown too long under a running service, keeping one copy.
    Safe because services append: what is written next stands at the new end.
    """
    if path.exists() and path.stat().st_size > limit:
        path.with_name(f"{path.name}.1").write_bytes(path.read_bytes())
        os.truncate(path, 0)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
