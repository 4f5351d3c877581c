"""The stacks that are measured beside each other, on one Temporal server with the same settings."""

import os
import sys
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Protocol
from uuid import uuid4

import httpx2
from temporalio.client import Client

from bench import process
from bench.bare import QUEUE
from bench.bare_workflow import SIGNATURES, BareWorkflow
from bench.load import Journey, drive
from bench.plans import plan
from bench.site import (
    PLANNER,
    POSTGRESQL,
    SQLITE,
    UPDATE_TIMEOUT,
    Site,
    new_site,
    postgres_server,
    temporal,
    working,
)
from cli.stack import temporal_environment
from runtime.ports import free_port
from runtime.temporal import connect

BARE: Final = "bare"
BARE_HTTP: Final = "bare-http"
STARTERS: Final = 8

Runs = Sequence[Sequence[Journey]]


class Stack(Protocol):
    """One way to the engine."""

    @property
    def name(self) -> str: ...

    def starts(self, runs: int) -> Runs:
        """So many runs, each with nothing but its start to come."""
        ...

    def signatures(self, runs: int) -> Awaitable[Runs]:
        """Started runs, each with its five signatures still to come."""
        ...


class Bare:
    """The engine alone: the load process is its client."""

    name = BARE

    def __init__(self, client: Client) -> None:
        self._client = client

    def starts(self, runs: int) -> Runs:
        return [[partial(self._start, run)] for run in _fresh(runs)]

    async def signatures(self, runs: int) -> Runs:
        names = _fresh(runs)
        await drive([[partial(self._start, run)] for run in names], STARTERS)
        return [[partial(self._sign, run)] * SIGNATURES for run in names]

    async def _start(self, run: str) -> None:
        await self._client.start_workflow(BareWorkflow.run, id=f"bare-{run}", task_queue=QUEUE)

    async def _sign(self, run: str) -> None:
        handle = self._client.get_workflow_handle(f"bare-{run}")
        await handle.execute_update("sign", "bench", result_type=int)


class BareHttp:
    """The engine behind FastAPI."""

    name = BARE_HTTP

    def __init__(self, http: httpx2.AsyncClient, url: str) -> None:
        self._http = http
        self._url = url

    def starts(self, runs: int) -> Runs:
        return [[partial(self._post, f"/runs/{run}")] for run in _fresh(runs)]

    async def signatures(self, runs: int) -> Runs:
        names = _fresh(runs)
        await drive([[partial(self._post, f"/runs/{run}")] for run in names], STARTERS)
        return [[partial(self._post, f"/runs/{run}/sign")] * SIGNATURES for run in names]

    async def _post(self, path: str) -> None:
        expect(await self._http.post(f"{self._url}{path}"), 200)


class Countersign:
    """The whole path, on either database."""

    def __init__(self, http: httpx2.AsyncClient, site: Site) -> None:
        self.name = site.name
        self.site = site
        self._http = http

    def starts(self, runs: int) -> Runs:
        return [[self._starting([])] for _ in range(runs)]

    async def signatures(self, runs: int) -> Runs:
        return [self.signing(launch) for launch in await self.started(runs)]

    async def started(self, runs: int) -> list[dict[str, Any]]:
        """Launches as their start was answered."""
        launches: list[dict[str, Any]] = []
        await drive([[self._starting(launches)] for _ in range(runs)], STARTERS)
        return launches

    def signing(self, launch: dict[str, Any]) -> list[Journey]:
        """The signatures of a launch, in order."""
        return [partial(self._sign, launch, step) for step in launch["steps"]]

    def _starting(self, launches: list[dict[str, Any]]) -> Journey:
        async def start() -> None:
            url, headers = f"{self.site.url}/api/v1/launches", self.site.headers(PLANNER)
            response = await self._http.post(url, json=plan(), headers=headers)
            launches.append(expect(response, 201))

        return start

    async def _sign(self, launch: dict[str, Any], step: dict[str, Any]) -> None:
        url = f"{self.site.url}/api/v1/launches/{launch['id']}/steps/{step['key']}/sign"
        body = {"terms_digest": step["terms"]["digest"]}
        headers = self.site.headers(f"lead.{step['module']}")
        expect(await self._http.post(url, json=body, headers=headers), 200)


@asynccontextmanager
async def all_stacks() -> AsyncIterator[tuple[Stack, ...]]:
    """Bare and behind FastAPI, Countersign on SQLite and on PostgreSQL: all new and empty."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        server = stack.enter_context(postgres_server())
        sqlite = await new_site(SQLITE, folder)
        port = sqlite.settings.temporal_port
        postgresql = await new_site(
            POSTGRESQL, folder, database_url=server.create(), temporal_port=port
        )
        await stack.enter_async_context(temporal(sqlite))
        for site in (sqlite, postgresql):
            await stack.enter_async_context(working(site))
        address = f"127.0.0.1:{port}"
        bare_url, _ = await stack.enter_async_context(bare_processes(address, folder))
        http = await stack.enter_async_context(client())
        yield (
            Bare(await connect(temporal_environment(address))),
            BareHttp(http, bare_url),
            Countersign(http, sqlite),
            Countersign(http, postgresql),
        )


def client() -> httpx2.AsyncClient:
    """Connections for every client of the load."""
    limits = httpx2.Limits(max_connections=64, max_keepalive_connections=64)
    return httpx2.AsyncClient(timeout=2 * UPDATE_TIMEOUT, limits=limits)


def expect(response: httpx2.Response, status: int) -> dict[str, Any]:
    """The body of an answer with the expected status; RuntimeError tells what came instead."""
    if response.status_code != status:
        message = f"{response.request.url}: {response.status_code} {response.text[:300]}"
        raise RuntimeError(message)
    body: dict[str, Any] = response.json()
    return body


@asynccontextmanager
async def bare_processes(address: str, folder: Path) -> AsyncIterator[tuple[str, int]]:
    """The bare engine's two processes; the address of its HTTP, and its worker's process id."""
    port = str(free_port())
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, **temporal_environment(address), "BENCH_PORT": port}
    module, log = (sys.executable, "-m", "bench.bare"), folder / "bare.log"
    async with (
        process.running((*module, "worker"), environment, log=log) as worker,
        process.running((*module, "serve"), environment, log=log) as serving,
    ):
        await process.until(lambda: process.answers(url), serving, log=log)
        yield url, worker.pid


def _fresh(runs: int) -> list[str]:
    return [uuid4().hex for _ in range(runs)]
