"""What an open launch takes in the worker's memory, what of it goes where, and how long a sign-off
takes while many are open.
"""

import dataclasses
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

import psutil

from bench import traced
from bench.load import drive
from bench.scale import Scale
from bench.section import Cell, Row, Section, distinct, having, middle, progress
from bench.site import SQLITE, Site, new_site, temporal, working
from bench.stacks import Bare, Countersign, bare_processes, client
from cli.stack import temporal_address, temporal_environment
from runtime.service import Service
from runtime.settings import PREFIX
from runtime.temporal import connect

WARM: Final = 50
CLIENTS: Final = 8
SIGNED: Final = 120
SHOWN: Final = 10
DEPLOYED: Final = "as deployed"
UNCACHED: Final = "without cached workflows"
BARE_WORKER: Final = "bare workflow"


async def measure(scale: Scale) -> list[Cell]:
    return [
        *await _deployed(scale),
        *await _uncached(scale.open[0]),
        *await _bare(scale.open[0]),
        *await _traced(scale.traced),
    ]


async def _deployed(scale: Scale) -> list[Cell]:
    """The worker as it is; and sign-offs with few and with many launches open."""
    async with _site() as site, working(site) as pid, client() as http:
        stack = Countersign(http, site)
        few = await _opened(stack, WARM)
        many: list[dict[str, Any]] = []
        cells = await _sign_offs(stack, few, of=len(few), rounds=scale.rounds_open)
        before = _rss(pid)
        for wanted in scale.open:
            many += await _opened(stack, wanted - len(many))
            cells.append(_size(DEPLOYED, wanted, _rss(pid) - before))
        among = len(few) + len(many)
        return cells + await _sign_offs(stack, many, of=among, rounds=scale.rounds_open)


async def _uncached(count: int) -> list[Cell]:
    """What stays where the worker keeps no workflow: what the ledger remembers of launches."""
    async with _site() as site:
        worker = _with(site.service("worker"), {f"{PREFIX}WORKFLOW_CACHE": "1"})
        async with working(site, worker) as pid, client() as http:
            stack = Countersign(http, site)
            await _opened(stack, WARM)
            before = _rss(pid)
            await _opened(stack, count)
            return [_size(UNCACHED, count, _rss(pid) - before)]


async def _bare(count: int) -> list[Cell]:
    """What the engine itself takes for a workflow that holds nothing, after one update."""
    async with _site() as site:
        address = temporal_address(site.settings)
        async with bare_processes(address, site.logs) as (_, pid):
            stack = Bare(await connect(temporal_environment(address)))
            await drive([run[:1] for run in await stack.signatures(WARM)], CLIENTS)
            before = _rss(pid)
            await drive([run[:1] for run in await stack.signatures(count)], CLIENTS)
            return [_size(BARE_WORKER, count, _rss(pid) - before)]


async def _traced(count: int) -> list[Cell]:
    """Where Python allocated what more launches keep; slower, so no time is measured."""
    async with _site() as site:
        module = (sys.executable, "-m", traced.__name__)
        worker = _with(site.service("worker"), {traced.FOLDER: str(site.logs)})
        worker = dataclasses.replace(worker, command=module)
        async with working(site, worker) as pid, client() as http:
            stack = Countersign(http, site)
            await _opened(stack, WARM)
            before = await traced.picture(pid, site.logs)
            await _opened(stack, count)
            after = await traced.picture(pid, site.logs)
    grown = {place: size - before.get(place, 0) for place, size in after.items()}
    most = sorted(grown.items(), key=lambda item: -item[1])[:SHOWN]
    cells = [_size(f"of it, by {place}", count, size) for place, size in most]
    return [_size("Python objects", count, sum(grown.values())), *cells]


@asynccontextmanager
async def _site() -> AsyncIterator[Site]:
    """A new one, with its Temporal server."""
    with TemporaryDirectory(prefix="bench-") as folder:
        site = await new_site(SQLITE, Path(folder))
        async with temporal(site):
            yield site


def _with(service: Service, environment: dict[str, str]) -> Service:
    return dataclasses.replace(service, environment={**service.environment, **environment})


async def _opened(stack: Countersign, count: int) -> list[dict[str, Any]]:
    """Launches that stay open, each with its first signature."""
    launches = await stack.started(count)
    await drive([stack.signing(launch)[:1] for launch in launches], CLIENTS)
    return launches


async def _sign_offs(
    stack: Countersign, launches: Sequence[dict[str, Any]], *, of: int, rounds: int
) -> list[Cell]:
    """Second signatures of launches here and there among the open ones, then their third and so
    on; they all stay open.
    """
    cells: list[Cell] = []
    chosen = Random(len(launches)).sample(list(launches), min(SIGNED, len(launches)))
    for number in range(rounds):
        runs = [stack.signing(launch)[number + 1 : number + 2] for launch in chosen]
        figures = await drive(runs, CLIENTS)
        cells.append({"what": "sign-off", "open": of, **asdict(figures)})
        progress(f"{of} open, {CLIENTS} clients  {figures}")
    return cells


def _rss(pid: int) -> int:
    rss: int = psutil.Process(pid).memory_info().rss
    return rss


def _size(what: str, count: int, grown: int) -> Cell:
    progress(f"{what}: {grown / count / 1024:.1f} KB for each of {count} open launches")
    return {"what": what, "open": count, "kb": grown / count / 1024}


def summary(cells: Sequence[Cell]) -> list[Row]:
    """Sizes as measured, then the sign-offs: medians over the rounds."""
    rows: list[Row] = [
        {"what": cell["what"], "open": cell["open"], "kb": round(cell["kb"], 1)}
        for cell in cells
        if "kb" in cell
    ]
    signed = having(cells, what="sign-off")
    for count in distinct(signed, "open"):
        mine = having(signed, open=count)
        figures = {name: middle(mine, name) for name in ("per_second", "p50", "p95", "p99")}
        rows.append({"what": f"sign-off, {CLIENTS} clients", "open": count, **figures})
    return rows


SECTION: Final = Section(
    name="memory",
    title="Open launches: memory of the worker's process, and sign-offs among them",
    headings={
        "what": "what",
        "open": "open launches",
        "kb": "KB each",
        "per_second": "per second",
        "p50": "p50 ms",
        "p95": "p95 ms",
        "p99": "p99 ms",
    },
    measure=measure,
    summary=summary,
)
