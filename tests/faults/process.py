"""One process of an installation, as an operator runs it: started, killed, started again."""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

from runtime import tether
from runtime.service import Service, last_lines

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 240.0
"""Seconds before a wait is given up: a machine may be busy, and nothing here is about speed."""


@dataclass(frozen=True, slots=True)
class Death:
    """A process that SIGKILL ended; `at` is monotonic."""

    name: str
    pid: int
    at: float


class Victim:
    """A process that dies with the tests at the latest. Only ever signalled by its own handle."""

    def __init__(self, service: Service, log: Path) -> None:
        self.service = service
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        return self.service.name

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, command: tuple[str, ...] | None = None) -> None:
        """The service's own command, or this one in its place."""
        assert not self.is_alive, f"{self.name} runs already"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        tethered = (sys.executable, "-I", "-S", tether.__file__, str(os.getpid()))
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                (*tethered, *(command or self.service.command)),
                cwd=ROOT,
                env=dict(self.service.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def strike(self) -> None:
        """SIGKILL, not waited for."""
        self._running().kill()

    def buried(self) -> Death:
        """After `strike`: proved by how the process ended."""
        process = self._running()
        at = monotonic()
        assert process.wait(PATIENCE) == -signal.SIGKILL, f"{self.name} ended by itself"
        return Death(self.name, process.pid, at)

    async def killed(self) -> Death:
        """Waits for a process that kills itself."""
        process = self._running()
        code = await asyncio.to_thread(process.wait, PATIENCE)
        assert code == -signal.SIGKILL, f"{self.name} ended with {code}:\n{last_lines(self.log)}"
        return Death(self.name, process.pid, monotonic())

    def stop(self) -> None:
        """However it is, it is gone afterwards."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE)

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, f"{self.name} was never started"
        return self._process
