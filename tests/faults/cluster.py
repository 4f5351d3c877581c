"""PostgreSQL as one more process of an installation: durable, on a port of its own, killed and
started again like the others.
"""

import asyncio
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import psycopg

from runtime.ports import free_port
from runtime.service import Service
from tests import postgres
from tests.faults.process import PATIENCE, POLL, program

DATABASE: Final = "database"
NAME: Final = "countersign"
SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
}
"""What has been committed stands, whatever is killed."""


@dataclass(frozen=True, slots=True)
class DatabaseServer:
    """A cluster's server and the one database in it."""

    cluster: postgres.Cluster
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    @property
    def service(self) -> Service:
        settings = {**SETTINGS, **self.settings, "port": str(self.port)}
        launcher = program("postmaster", str(os.getpid()))
        return Service(
            name=DATABASE,
            command=(*launcher, *self.cluster.command(settings)),
            environment=os.environ,
            patience=0,
        )

    def url(self, port: int | None = None, *, name: str = NAME) -> str:
        """The database's address, on the server's own port or another that leads there."""
        return f"postgresql://{postgres.SUPERUSER}@127.0.0.1:{port or self.port}/{name}"

    async def create(self) -> None:
        """The database, as soon as the server answers."""
        async with asyncio.timeout(PATIENCE):
            while not await asyncio.to_thread(self._created):  # noqa: ASYNC110 - TCP
                await asyncio.sleep(POLL)

    def _created(self) -> bool:
        try:
            with psycopg.connect(self.url(name="postgres"), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {NAME}".encode())
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def empty() -> Iterator[DatabaseServer]:
    """A server that does not run yet."""
    with postgres.own_folder() as folder:
        yield DatabaseServer(postgres.initialised(folder, folder / "data"))
