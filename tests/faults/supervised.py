"""An installation as `countersign up` runs it: killed child by child, or the supervisor itself."""

import asyncio
import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import psutil

from runtime.service import last_lines
from tests.faults.process import PATIENCE, ROOT
from tests.faults.rig import API, TEMPORAL, WORKER
from tests.faults.site import Site, new_site

COMMANDS: Final = {TEMPORAL: "start-dev", API: "serve", WORKER: "worker"}
"""A word of the command line by which each child is found."""


class Supervised:
    """`countersign up` on one data directory, again and again."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.kills: Counter[str] = Counter()
        self._process: subprocess.Popen[str] | None = None

    @property
    def log(self) -> Path:
        return self.site.settings.installation.logs / "up.log"

    async def up(self) -> None:
        """Started, and waited for until it says that it is ready."""
        self._process = self._start()
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            line = await asyncio.to_thread(self._process.stdout.readline)
        assert line == f"ready {self.site.url}\n", last_lines(self.log)

    def _start(self) -> subprocess.Popen[str]:
        settings = self.site.settings
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as errors:
            return subprocess.Popen(
                (
                    *(sys.executable, "-m", "cli", "up", "--no-demo"),
                    *("--data-dir", str(settings.data_dir), "--port", str(settings.port)),
                    *("--temporal-port", str(settings.temporal_port)),
                ),
                cwd=ROOT,
                env=self.site.environment,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def children(self) -> dict[str, psutil.Process]:
        """What runs under it now, by name."""
        assert self._process is not None
        found = psutil.Process(self._process.pid).children()
        return {
            name: child
            for name, word in COMMANDS.items()
            for child in found
            if word in child.cmdline()
        }

    def kill_child(self, name: str) -> None:
        """SIGKILL; that it died of it stands in the supervisor's log afterwards."""
        self.children()[name].kill()
        self.kills[name] += 1

    def deaths_noted(self) -> Counter[str]:
        """Children that the supervisor saw dying by SIGKILL."""
        lines = (json.loads(line) for line in self.log.read_text().splitlines() if line[:1] == "{")
        return Counter(
            line["service"]
            for line in lines
            if line["event"] == "service.died" and line["exit_code"] == -signal.SIGKILL
        )

    async def kill(self) -> None:
        """SIGKILL to the supervisor alone; nothing that it started may outlive it."""
        assert self._process is not None
        family = list(self.children().values())
        assert len(family) == len(COMMANDS)
        self._process.kill()
        code = await asyncio.to_thread(self._process.wait, PATIENCE)
        assert code == -signal.SIGKILL
        self.kills["up"] += 1
        self._close()
        left = await asyncio.to_thread(psutil.wait_procs, family, PATIENCE)
        assert left[1] == []

    async def stop(self) -> int:
        """SIGTERM, as its operator stops it; the exit code."""
        assert self._process is not None
        self._process.terminate()
        code = await asyncio.to_thread(self._process.wait, PATIENCE)
        self._close()
        return code

    def log_ends(self) -> str:
        logs = sorted(self.log.parent.glob("*.log"))
        return "\n".join(f"{log.name}:\n{last_lines(log, 40)}" for log in logs)

    def abandon(self) -> None:
        """However it is, it is gone afterwards; its children die with it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE)
            self._close()

    def _close(self) -> None:
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()


@asynccontextmanager
async def up(data_dir: Path) -> AsyncIterator[Supervised]:
    """A new installation with people in it, serving."""
    supervised = Supervised(new_site(data_dir))
    try:
        await supervised.up()
        supervised.site = await supervised.site.with_people()
        yield supervised
    finally:
        supervised.abandon()
