"""Several API and worker processes on one database and one Temporal server, as in production."""

import dataclasses
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any, Final

import httpx2

from cli.stack import command_of, ready_database, ready_temporal, temporal_address, temporal_server
from runtime.ports import free_port
from runtime.service import Service, last_lines
from tests.faults.desk import Desk
from tests.faults.process import PATIENCE, Victim
from tests.faults.rig import Rig
from tests.faults.site import Site, new_site

PLACES: Final = 2
"""How many processes there are of each kind."""


class Turns(Desk):
    """A client whose every request goes to another API than the one before."""

    def __init__(self, sites: Iterator[Site], http: httpx2.AsyncClient) -> None:
        super().__init__(next(sites), http)
        self._sites = sites

    async def _send(self, method: str, person: str, path: str, **more: Any) -> Any:  # noqa: ANN401
        self.site = next(self._sites)
        return await super()._send(method, person, path, **more)


@dataclass(frozen=True, slots=True)
class Cluster:
    """One site for each API; everything else they share."""

    sites: tuple[Site, ...]
    victims: Mapping[str, Victim]
    http: httpx2.AsyncClient

    @property
    def site(self) -> Site:
        """For what does not go through an API."""
        return self.sites[0]

    def desks(self) -> tuple[Desk, ...]:
        """A client of each API."""
        return tuple(Desk(site, self.http) for site in self.sites)

    def turns(self) -> Turns:
        return Turns(cycle(self.sites), self.http)

    def pids(self, kind: str) -> set[int]:
        """Of the processes of one kind."""
        return {victim.pid for name, victim in self.victims.items() if name.startswith(kind)}

    def log_ends(self) -> str:
        return "\n".join(f"{v.name}:\n{last_lines(v.log, 40)}" for v in self.victims.values())


@asynccontextmanager
async def running(data_dir: Path, database_url: str) -> AsyncIterator[Cluster]:
    """All processes ready, and people in the database."""
    first = new_site(data_dir, database_url)
    await ready_database(first.settings)
    first = await first.with_people()
    sites = (first, *(_beside(first) for _ in range(PLACES - 1)))
    logs = first.settings.installation.logs
    victims = {s.name: Victim(s, logs / f"{s.name}.log") for s in _services(sites)}
    try:
        victims["temporal"].start()
        await ready_temporal(temporal_address(first.settings))
        for name in ("api", "worker"):
            for number in range(PLACES):
                victims[f"{name}-{number}"].start()
        for number, site in enumerate(sites):
            api = victims[f"api-{number}"]
            await Rig(site, {api.name: api}, {}).ready()
        async with httpx2.AsyncClient(timeout=PATIENCE) as http:
            yield Cluster(sites, victims, http)
    finally:
        for victim in victims.values():
            victim.stop()


def _beside(site: Site) -> Site:
    """Another API on the same database."""
    settings = site.settings.model_copy(update={"port": free_port()})
    return dataclasses.replace(site, settings=settings)


def _services(sites: tuple[Site, ...]) -> Iterator[Service]:
    yield dataclasses.replace(temporal_server(sites[0].settings), environment=sites[0].environment)
    for number, site in enumerate(sites):
        for command, name in (("serve", "api"), ("worker", "worker")):
            service = command_of(command, site.settings, name=f"{name}-{number}", patience=0)
            yield dataclasses.replace(service, environment=site.environment)
