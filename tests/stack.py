"""A whole installation inside the test process: a real Temporal server, a migrated database with
the demo organisation, the API on a real port, and a worker that can be taken away and brought back.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx2
from fastapi import FastAPI
from temporalio.client import Client
from temporalio.worker import Worker

from activities.archive import Archive
from activities.ledger import Ledger
from activities.notices import Notices
from api.app import create_app
from api.intake.files import read_organisation_file
from api.office import Office
from api.sample import ORGANISATION
from api.server import Server
from db import access, directory
from db.schema import migrate
from db.session import Database
from domain.organisation import Organisation
from runtime.ports import free_port
from runtime.settings import Settings
from runtime.temporal import deployed_runner, worker_options
from workflows.launch import LaunchWorkflow

DEMO: Final = read_organisation_file(ORGANISATION)
PATIENCE: Final = 60.0

Headers = Mapping[str, str]


class _Server(Server):
    """Leaves the signals to pytest."""

    def capture_signals(self) -> nullcontext[None]:  # type: ignore[override]  # any context will do
        return nullcontext()


class Stack:
    """An installation and everybody's way into it; `tokens` are by person id."""

    def __init__(
        self, settings: Settings, app: FastAPI, tokens: dict[str, str], temporal: Client | None
    ) -> None:
        self.settings = settings
        self.app = app
        self.tokens = tokens
        self.temporal = temporal
        self.http = httpx2.AsyncClient(base_url=self.base_url, timeout=30)
        self._worker: AsyncExitStack | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    @property
    def office(self) -> Office:
        office: Office = self.app.state.office
        return office

    @property
    def database(self) -> Database:
        return self.office.database

    async def start_worker(self) -> None:
        """A worker as `worker.py` makes it, unless one is at work or there is no server."""
        if self._worker is not None or self.temporal is None:
            return
        ledger, notices = Ledger(self.database), Notices(self.database)
        archive = Archive(self.database, self.temporal)
        self._worker = AsyncExitStack()
        await self._worker.enter_async_context(archive.swept(self.settings.archive_interval))
        await self._worker.enter_async_context(
            Worker(
                self.temporal,
                task_queue=self.settings.task_queue,
                workflows=[LaunchWorkflow],
                activities=[ledger.record, notices.stand_down],
                workflow_runner=deployed_runner(),
                **worker_options(self.settings),
            )
        )

    async def stop_worker(self) -> None:
        """From now on nobody carries anything out."""
        if self._worker is not None:
            worker, self._worker = self._worker, None
            await worker.aclose()

    @asynccontextmanager
    async def without_worker(self) -> AsyncIterator[None]:
        await self.stop_worker()
        try:
            yield
        finally:
            await self.start_worker()

    async def renew_token(self, person: str) -> None:
        """A new token in place of one that was revoked."""
        async with self.database.write() as session:
            token = await access.create_token(session, person, days=1, now=datetime.now(UTC))
        self.tokens[person] = token

    async def get(
        self, path: str, person: str | None = "executive", *, headers: Headers | None = None
    ) -> httpx2.Response:
        """A request below /api/v1 as this person; None is nobody."""
        return await self.request("GET", path, person, headers=headers)

    async def post(
        self,
        path: str,
        body: object,
        person: str | None = "executive",
        *,
        key: str | None = None,
    ) -> httpx2.Response:
        """An act: `body` as JSON, or as it is where it is bytes."""
        return await self.send("POST", path, body, person, key=key)

    async def send(
        self,
        method: str,
        path: str,
        body: object,
        person: str | None = "executive",
        *,
        key: str | None = None,
    ) -> httpx2.Response:
        """The same by another method."""
        headers = {"Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.request(method, path, person, headers=headers, content=content)

    async def request(
        self,
        method: str,
        path: str,
        person: str | None,
        *,
        headers: Headers | None = None,
        content: bytes | AsyncIterator[bytes] | None = None,
    ) -> httpx2.Response:
        given = dict(headers or {})
        if person is not None:
            given["Authorization"] = f"Bearer {self.tokens[person]}"
        url = f"/api/v1{path}"
        return await self.http.request(method, url, headers=given, content=content)


@asynccontextmanager
async def running_stack(
    folder: Path,
    temporal: Client,
    **settings: Any,  # noqa: ANN401 - pydantic checks every value
) -> AsyncIterator[Stack]:
    """Everything started and ready, and stopped again; on a task queue named after the folder,
    because stacks share the server.
    """
    async with AsyncExitStack() as opened:
        given: dict[str, Any] = {"task_queue": folder.name, "archive_interval": 0.3, **settings}
        chosen = Settings(data_dir=folder, port=free_port(), **given)
        chosen.installation.create()
        await migrate(chosen.database_url)
        tokens = await introduce(chosen.database_url, DEMO)
        app = create_app(chosen)
        await opened.enter_async_context(serving(app, chosen))
        stack = Stack(chosen, app, tokens, temporal)
        opened.push_async_callback(stack.http.aclose)
        opened.push_async_callback(stack.stop_worker)
        await stack.start_worker()
        yield stack


@asynccontextmanager
async def serving(app: FastAPI, settings: Settings) -> AsyncIterator[None]:
    """The API on its port, in this process."""
    server = _Server(app, settings)
    running = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(PATIENCE):
            while not server.started:
                await asyncio.sleep(0.01)
                if running.done():
                    running.result()
        yield
    finally:
        server.should_exit = True
        await running


async def introduce(database_url: str, organisation: Organisation) -> dict[str, str]:
    """Save the organisation; a token for everybody in it."""
    database, now = Database(database_url), datetime.now(UTC)
    try:
        async with database.write() as session:
            await directory.save(session, organisation)
            return {
                person.id: await access.create_token(session, person.id, days=1, now=now)
                for person in organisation.people
            }
    finally:
        await database.close()
