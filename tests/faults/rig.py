"""The separate processes of an installation: Temporal, API, worker and, where it is one, the
database, each started, stopped and killed on its own, in any order. API and worker reach the others
over wires that can be broken.
"""

import asyncio
import dataclasses
import signal
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final, TypeAlias

from cli.stack import command_of, ready_database, ready_temporal, temporal_address, temporal_server
from runtime.embedded import answers_ready
from runtime.service import last_lines
from runtime.settings import DATABASE_URL
from tests.faults.cluster import DATABASE, DatabaseServer
from tests.faults.doomed_worker import Doom
from tests.faults.process import PATIENCE, POLL, ROOT, Death, Victim, program
from tests.faults.site import Site, new_site
from tests.faults.wire import HOST, Wire, wired

TEMPORAL: Final = "temporal"
API: Final = "api"
WORKER: Final = "worker"
ALL: Final = (TEMPORAL, API, WORKER)
"""Those there are on every database."""

RESTART: Final = 0.5
"""Seconds between two starts of what falls over."""

Way: TypeAlias = tuple[str, str]
"""From a process of ours to a server."""


class Rig:
    """The processes of a site by name, the wires between them, the deaths they died so far."""

    def __init__(
        self, site: Site, victims: Mapping[str, Victim], wires: Mapping[Way, Wire]
    ) -> None:
        self.site = site
        self.deaths: list[Death] = []
        self.wires = wires
        self._victims = dict(victims)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._victims)

    @property
    def on(self) -> str:
        """The kind of database, as the table names it."""
        return "PostgreSQL" if DATABASE in self._victims else "SQLite"

    def victim(self, name: str) -> Victim:
        return self._victims[name]

    def start(self, *names: str) -> None:
        for name in names:
            self._victims[name].start()

    def start_doomed(self, doom: Doom) -> None:
        """A worker that ends or stops itself when it is told to, in place of the worker."""
        self._victims[WORKER].start(program("doomed_worker", *doom.words()))

    async def kill(self, *names: str) -> None:
        """SIGKILL to all of them before any is waited for."""
        victims = [self._victims[name] for name in names]
        for victim in victims:
            victim.strike()
        self.deaths += [await asyncio.to_thread(victim.buried) for victim in victims]

    async def died(self, name: str) -> None:
        """Waits for one that kills itself."""
        self.deaths.append(await self._victims[name].killed())

    @asynccontextmanager
    async def frozen(self, name: str) -> AsyncIterator[None]:
        """One of them stands still until the end of the block."""
        victim = self._victims[name]
        await victim.freeze()
        try:
            yield
        finally:
            victim.thaw()

    @asynccontextmanager
    async def replaced(self, name: str, *command: str) -> AsyncIterator[Victim]:
        """Another program in place of one of them, until the end of the block."""
        victim = self._victims[name]
        victim.stop()
        victim.start(command)
        try:
            await self.ready()
            yield victim
        finally:
            victim.stop()
            await self.heal()

    @asynccontextmanager
    async def hired(self, name: str, *command: str) -> AsyncIterator[Victim]:
        """One more worker, until the end of the block; without a command the usual one."""
        usual = self._victims[WORKER]
        service = dataclasses.replace(usual.service, name=name)
        hand = self._victims[name] = Victim(service, usual.log.with_name(f"{name}.log"))
        hand.start(command or None)
        try:
            yield hand
        finally:
            del self._victims[name]
            hand.stop()

    async def heal(self) -> tuple[str, ...]:
        """Starts what does not run, as an init system would, and waits until acts can be done."""
        dead = tuple(name for name, victim in self._victims.items() if not victim.is_alive)
        self.start(*dead)
        await self.ready()
        return dead

    async def revive(self) -> None:
        """Starts again and again what falls, until acts can be done."""
        async with asyncio.timeout(PATIENCE):
            while not await answers_ready(HOST, self.site.settings.port):
                self.start(*(v.name for v in self._victims.values() if not v.is_alive))
                await asyncio.sleep(RESTART)

    async def ready(self) -> None:
        """Until the API says that acts can be done. None of what was started may end by itself."""
        async with asyncio.timeout(PATIENCE):
            while not await answers_ready(HOST, self.site.settings.port):
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
        """The database last: who writes to it is gone before."""
        for victim in reversed(self._victims.values()):
            victim.stop()


@asynccontextmanager
async def running(
    data_dir: Path, server: DatabaseServer | None = None, *, file: Path | None = None
) -> AsyncIterator[Rig]:
    """A new installation with people in it, all its processes ready; on SQLite where no server of
    a database is given, in the data directory where no other file is.
    """
    address = server.url() if server else f"sqlite:///{file}" if file else ""
    site = new_site(data_dir, address)
    logs = site.settings.installation.logs
    async with AsyncExitStack() as opened:
        wires = await _wires(opened, site, server)
        rig = Rig(site, {v.name: v for v in _victims(site, server, wires, logs)}, wires)
        opened.callback(rig.stop)
        if server:
            rig.start(DATABASE)
            await server.create()
        rig.start(TEMPORAL)
        await ready_database(site.settings)
        rig.site = await site.with_people()
        await ready_temporal(temporal_address(site.settings))
        rig.start(API, WORKER)
        await rig.ready()
        yield rig


async def _wires(
    opened: AsyncExitStack, site: Site, server: DatabaseServer | None
) -> dict[Way, Wire]:
    targets = {TEMPORAL: site.settings.temporal_port}
    if server:
        targets[DATABASE] = server.port
    return {
        (process, name): await opened.enter_async_context(wired(port))
        for process in (API, WORKER)
        for name, port in targets.items()
    }


def _victims(
    site: Site, server: DatabaseServer | None, wires: Mapping[Way, Wire], logs: Path
) -> Iterable[Victim]:
    """Temporal and API as `up` starts them, the worker as `python worker.py`."""
    settings = site.settings
    worker = command_of("worker", settings, name=WORKER, patience=0)
    services = (
        temporal_server(settings),
        command_of("serve", settings, name=API, patience=0),
        dataclasses.replace(worker, command=(sys.executable, str(ROOT / "worker.py"))),
    )
    if server:
        log = logs / f"{DATABASE}.log"
        yield Victim(server.service, log, farewell=signal.SIGQUIT)
    for service in services:
        environment = site.environment | _addresses(service.name, server, wires)
        wired_service = dataclasses.replace(service, environment=environment)
        yield Victim(wired_service, logs / f"{service.name}.log")


def _addresses(
    process: str, server: DatabaseServer | None, wires: Mapping[Way, Wire]
) -> dict[str, str]:
    """Where a process finds the others: at the near ends of its wires."""
    ports = {to: wire.port for (of, to), wire in wires.items() if of == process}
    addresses = {"TEMPORAL_ADDRESS": f"{HOST}:{ports[TEMPORAL]}"} if TEMPORAL in ports else {}
    if server and DATABASE in ports:
        addresses[DATABASE_URL] = server.url(ports[DATABASE])
    return addresses
