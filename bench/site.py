"""Installations of Countersign as they are measured: on either database, with the processes that
`countersign up` or an operator would start, sharing one Temporal server.
"""

import dataclasses
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from api.intake.files import read_organisation_file
from bench import process
from cli.stack import command_of, ready_database, ready_temporal, temporal_address, temporal_server
from db import access, directory
from db.session import Database
from domain.organisation import Organisation
from runtime.embedded import LOOPBACK, answers_ready
from runtime.ports import free_port
from runtime.service import Service
from runtime.settings import PREFIX, Settings
from tests import postgres

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
CHAIN: Final = ("product", "marketing", "communications", "channel", "service")
PLANNER: Final = "planner.personal"
UPDATE_TIMEOUT: Final = 60
"""Seconds before the API answers 202: a busy machine may be slow, and every outcome is wanted."""
# What a server in use has: every commit on the disk before it is answered, tables kept in order.
DURABLE: Final = {
    "listen_addresses": "''",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "max_connections": "100",
}


@dataclass(frozen=True, slots=True)
class Site:
    """One installation, and a token for each person; `name` is its database."""

    name: str
    settings: Settings
    tokens: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.settings.port}"

    @property
    def logs(self) -> Path:
        return self.settings.installation.logs

    def headers(self, person: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[person]}"}

    def service(self, command: str) -> Service:
        """The process of that command, as `up` starts it, on a task queue of its own."""
        service = command_of(command, self.settings, name=command, patience=0)
        own = {
            f"{PREFIX}TASK_QUEUE": self.settings.task_queue,
            f"{PREFIX}UPDATE_TIMEOUT": str(UPDATE_TIMEOUT),
        }
        return dataclasses.replace(service, environment={**service.environment, **own})


def organisation() -> Organisation:
    return read_organisation_file(process.ROOT / "examples" / "organisation.yaml")


@contextmanager
def postgres_server() -> Iterator[postgres.Server]:
    """A real PostgreSQL that keeps what it has acknowledged."""
    with postgres.running(DURABLE) as server:
        yield server


async def new_site(
    name: str, folder: Path, *, database_url: str = "", temporal_port: int = 0
) -> Site:
    """Key, migrated database, people and tokens; nothing runs yet."""
    data_dir = folder / name
    settings = Settings(
        data_dir=data_dir,
        database_url=database_url or f"sqlite:///{data_dir / 'countersign.db'}",
        port=free_port(),
        temporal_port=temporal_port or free_port(),
        task_queue=f"bench-{name}",
    )
    await ready_database(settings)
    people, now = organisation(), datetime.now(UTC)
    async with Database(settings.database_url) as database, database.write() as session:
        await directory.save(session, people)
        tokens = {
            person.id: await access.create_token(session, person.id, days=1, now=now)
            for person in people.people
        }
    return Site(name, settings, tokens)


@asynccontextmanager
async def temporal(site: Site) -> AsyncIterator[None]:
    """The server all installations and the bare engine share, as `up` starts it."""
    server = temporal_server(site.settings)
    log = site.logs / "temporal.log"
    async with process.running(server.command, server.environment, log=log):
        await ready_temporal(temporal_address(site.settings))
        yield


@asynccontextmanager
async def serving(site: Site) -> AsyncIterator[None]:
    """The API alone; it need not be able to act."""
    service, log = site.service("serve"), site.logs / "api.log"
    async with process.running(service.command, service.environment, log=log) as running:
        await process.until(lambda: process.answers(f"{site.url}/healthz"), running, log=log)
        yield


@asynccontextmanager
async def working(site: Site, worker: Service | None = None) -> AsyncIterator[int]:
    """API and worker, or another worker in its place, ready for acts; gives the worker's process
    id.
    """
    service, log = worker or site.service("worker"), site.logs / "worker.log"
    async with (
        process.running(service.command, service.environment, log=log) as running,
        serving(site),
    ):
        await process.until(lambda: answers_ready(LOOPBACK, site.settings.port), running, log=log)
        yield running.pid
