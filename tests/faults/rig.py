"""The separate processes of an installation: Temporal, API and worker, each started and killed on
its own, in any order.
"""

import asyncio
import dataclasses
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from cli.stack import command_of, ready_database, ready_temporal, temporal_address, temporal_server
from runtime.embedded import answers_ready
from runtime.service import Service, last_lines
from tests.faults.doomed_worker import Doom
from tests.faults.process import PATIENCE, ROOT, Death, Victim
from tests.faults.site import Site, new_site

TEMPORAL: Final = "temporal"
API: Final = "api"
WORKER: Final = "worker"
ALL: Final = (TEMPORAL, API, WORKER)
POLL: Final = 0.02


class Rig:
    """The processes of a site by name, and the deaths they died so far."""

    def __init__(self, site: Site, victims: Mapping[str, Victim]) -> None:
        self.site = site
        self.deaths: list[Death] = []
        self._victims = dict(victims)

    def start(self, *names: str) -> None:
        for name in names:
            self._victims[name].start()

    def start_doomed(self, doom: Doom) -> None:
        """A worker that kills itself when it is told to, in place of the worker."""
        self._victims[WORKER].start((sys.executable, "-m", Doom.__module__, *doom.words()))

    async def kill(self, *names: str) -> None:
        """SIGKILL to all of them before any is waited for."""
        victims = [self._victims[name] for name in names]
        for victim in victims:
            victim.strike()
        self.deaths += [await asyncio.to_thread(victim.buried) for victim in victims]

    async def died(self, name: str) -> None:
        """Waits for one that kills itself."""
        self.deaths.append(await self._victims[name].killed())

    async def heal(self) -> tuple[str, ...]:
        """Starts what does not run, as an init system would, and waits until acts can be done."""
        dead = tuple(name for name, victim in self._victims.items() if not victim.is_alive)
        self.start(*dead)
        await self.ready()
        return dead

    async def ready(self) -> None:
        """Until the API says that acts can be done. None of what was started may end by itself."""
        async with asyncio.timeout(PATIENCE):
            while not await answers_ready("127.0.0.1", self.site.settings.port):
                fallen = [v for v in self._victims.values() if not v.is_alive]
                assert not fallen, "\n".join(f"{v.name}\n{last_lines(v.log)}" for v in fallen)
                await asyncio.sleep(POLL)

    def log_ends(self) -> str:
        return "\n".join(
            f"{victim.name}:\n{last_lines(victim.log, 40)}"
            for victim in self._victims.values()
            if victim.log.exists()
        )

    def stop(self) -> None:
        for victim in self._victims.values():
            victim.stop()


@asynccontextmanager
async def running(data_dir: Path) -> AsyncIterator[Rig]:
    """A new installation with people in it, all its processes ready."""
    site = new_site(data_dir)
    logs = site.settings.installation.logs
    rig = Rig(site, {s.name: Victim(s, logs / f"{s.name}.log") for s in _services(site)})
    try:
        rig.start(TEMPORAL)
        await ready_database(site.settings)
        rig.site = await site.with_people()
        await ready_temporal(temporal_address(site.settings))
        rig.start(API, WORKER)
        await rig.ready()
        yield rig
    finally:
        rig.stop()


def _services(site: Site) -> tuple[Service, ...]:
    """Temporal and API as `up` starts them, the worker as `python worker.py`."""
    settings = site.settings
    worker = command_of("worker", settings, name=WORKER, patience=0)
    services = (
        temporal_server(settings),
        command_of("serve", settings, name=API, patience=0),
        dataclasses.replace(worker, command=(sys.executable, str(ROOT / "worker.py"))),
    )
    return tuple(dataclasses.replace(s, environment=site.environment) for s in services)
