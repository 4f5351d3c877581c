"""An installation under test: where it is reached, who acts there, what its database says."""

import asyncio
import dataclasses
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from temporalio.client import Client

from api.intake.files import read_organisation_file
from cli.stack import child_environment, temporal_address, temporal_environment
from db import access, directory
from db.session import Database
from runtime import temporal
from runtime.ports import free_port
from runtime.settings import Settings
from tests.faults.process import PATIENCE, ROOT

ORGANISATION: Final = ROOT / "examples" / "organisation.yaml"
MODULES: Final = ("product", "marketing", "communications", "channel", "service")
PLANNER: Final = "planner.personal"
PEOPLE: Final = (
    PLANNER,
    "sponsor",
    *(f"{post}.{module}" for post in ("lead", "deputy") for module in MODULES),
)
UPDATE_TIMEOUT: Final = "1"
"""Seconds the API waits before it answers 202, so that unknown outcomes are common."""


@dataclass(frozen=True, slots=True)
class Site:
    """What the operator and the clients of an installation know."""

    settings: Settings
    tokens: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are started with."""
        chosen = child_environment(self.settings)
        return chosen | {"COUNTERSIGN_UPDATE_TIMEOUT": UPDATE_TIMEOUT}

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """The database itself, beside the processes."""
        database = Database(self.settings.database_url)
        try:
            yield database
        finally:
            await database.close()

    async def temporal(self) -> Client:
        """A client that goes straight to Temporal."""
        environment = temporal_environment(temporal_address(self.settings))
        return await temporal.connect(environment, patience=timedelta(seconds=PATIENCE))

    async def command(self, *words: str) -> str:
        """What a local command of `countersign` printed; it must end well."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cli", *words, "--data-dir", str(self.settings.data_dir)),
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        output, errors = await process.communicate()
        assert process.returncode == 0, f"{words}: {errors.decode()}{output.decode()}"
        return output.decode()

    async def verify_ledger(self) -> None:
        """`countersign ledger verify`, over all launches; it fails where anything is wrong."""
        await self.command("ledger", "verify")

    async def with_people(self) -> "Site":
        """The demo organisation imported, and a token for everybody who acts."""
        organisation = read_organisation_file(ORGANISATION)
        now = datetime.now(UTC)
        async with self.database() as database, database.write() as session:
            await directory.save(session, organisation)
            tokens = {
                person: await access.create_token(session, person, days=1, now=now)
                for person in PEOPLE
            }
        return dataclasses.replace(self, tokens=tokens)


def new_site(data_dir: Path, database_url: str = "") -> Site:
    """On free ports of this machine; on SQLite where no other database is named."""
    return Site(
        Settings(
            data_dir=data_dir,
            database_url=database_url or f"sqlite:///{data_dir / 'countersign.db'}",
            port=free_port(),
            temporal_port=free_port(),
        )
    )
