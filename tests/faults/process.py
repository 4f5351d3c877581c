"""One process of an installation, as operators run it: started, frozen, killed, started again."""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

import psutil

from runtime import tether
from runtime.service import Service, last_lines

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 240.0
"""Seconds before a wait is given up: a machine may be busy, and nothing here is about speed."""
POLL: Final = 0.02


def program(name: str, *words: str) -> tuple[str, ...]:
    """The command of a program that stands beside the fault tests."""
    return (sys.executable, "-m", f"tests.faults.{name}", *words)


@dataclass(frozen=True, slots=True)
class Death:
    """A process that SIGKILL ended; `at` is monotonic."""

    name: str
    pid: int
    at: float


class Victim:
    """A process that dies with the tests at the latest. Only ever signalled by its own handle;
    `farewell` is the signal that ends it where that is not the test.
    """

    def __init__(
        self, service: Service, log: Path, *, farewell: signal.Signals = signal.SIGKILL
    ) -> None:
        self.service = service
        self.log = log
        self._farewell = farewell
        self._process: subprocess.Popen[bytes] | None = None
        self._children: list[psutil.Process] = []

    @property
    def name(self) -> str:
        return self.service.name

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

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def is_frozen(self) -> bool:
        return self.is_alive and psutil.Process(self.pid).status() == psutil.STATUS_STOPPED

    async def freeze(self) -> None:
        """SIGSTOP, waited for: it does nothing from here on, and nobody is told."""
        self._running().send_signal(signal.SIGSTOP)
        await self.frozen()

    async def frozen(self) -> None:
        """Waits until the process stands still, whoever stopped it."""
        async with asyncio.timeout(PATIENCE):
            while not self.is_frozen:
                assert self.is_alive, f"{self.name} ended:\n{last_lines(self.log)}"
                await asyncio.sleep(POLL)

    def thaw(self) -> None:
        """SIGCONT: it goes on where it stood, and does not know that time has passed."""
        assert self.is_frozen, f"{self.name} was not frozen all the while"
        self._running().send_signal(signal.SIGCONT)

    def strike(self) -> None:
        """SIGKILL, not waited for."""
        process = self._running()
        self._children = psutil.Process(process.pid).children(recursive=True)
        process.kill()

    def buried(self) -> Death:
        """After `strike`: proved by how the process ended. What it had started is gone as well."""
        process = self._running()
        at = monotonic()
        assert process.wait(PATIENCE) == -signal.SIGKILL, f"{self.name} ended by itself"
        _, left = psutil.wait_procs(self._children, PATIENCE)
        assert left == [], f"{self.name} was outlived by {left}"
        return Death(self.name, process.pid, at)

    async def killed(self) -> Death:
        """Waits for a process that kills itself."""
        process = self._running()
        code = await asyncio.to_thread(process.wait, PATIENCE)
        assert code == -signal.SIGKILL, f"{self.name} ended with {code}:\n{last_lines(self.log)}"
        return Death(self.name, process.pid, monotonic())

    def stop(self) -> None:
        """However it is, it is gone afterwards."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGCONT)
        self._process.send_signal(self._farewell)
        self._process.wait(PATIENCE)

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, f"{self.name} was never started"
        return self._process
