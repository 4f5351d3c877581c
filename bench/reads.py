"""Reads over HTTP, with few and with many launches in the read model."""

import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

import httpx2
from sqlalchemy import text

from api.sessions import COOKIE, LASTS
from bench import process
from bench.load import Journey, drive
from bench.scale import Scale
from bench.section import Cell, Row, Section, distinct, having, middle, progress
from bench.seed import code_of, id_of
from bench.site import POSTGRESQL, SQLITE, Site, new_site, postgres_server, serving
from bench.stacks import client
from db import access
from db.session import Database

READER: Final = "lead.marketing"
WARM_UP: Final = 20
NOTHING: Final = b'{"items":[]'


async def measure(scale: Scale) -> list[Cell]:
    """The same databases, grown from one number of launches to the next."""
    cells: list[Cell] = []
    async with _sites() as sites:
        present = 0
        for launches in scale.launches:
            await _grow(sites, present, launches)
            present = launches
            for site in sites:
                cells += await _read(site, launches, scale.reads)
    return cells


@asynccontextmanager
async def _sites() -> AsyncIterator[tuple[Site, ...]]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        server = stack.enter_context(postgres_server())
        yield (
            await new_site(SQLITE, folder),
            await new_site(POSTGRESQL, folder, database_url=server.create()),
        )


async def _grow(sites: Sequence[Site], present: int, launches: int) -> None:
    """Both at once; then the statistics are taken that an idle server takes by itself."""
    begun = perf_counter()
    async with AsyncExitStack() as stack:
        for site in sites:
            module = (sys.executable, "-m", "bench.seed", site.settings.database_url)
            words = (str(site.settings.signing_key), str(present), str(launches - present))
            log = site.logs / "seed.log"
            seeding = process.running((*module, *words), site.service("seed").environment, log=log)
            stack.push_async_callback(process.done, await stack.enter_async_context(seeding), log)
    for site in sites:
        async with Database(site.settings.database_url) as database, database.write() as session:
            await session.execute(text("ANALYZE"))
    progress(f"{launches} launches on {len(sites)} databases: {perf_counter() - begun:.0f} s")


async def _read(site: Site, launches: int, reads: int) -> list[Cell]:
    cells = []
    async with serving(site), client() as http:
        http.cookies.set(COOKIE, await _session(site))
        for what, addresses in _addresses(launches, WARM_UP + reads).items():
            requests: list[Journey] = [partial(_get, http, site, address) for address in addresses]
            await drive([requests[:WARM_UP]], 1)
            figures = await drive([requests[WARM_UP:]], 1)
            head: Cell = {"database": site.name, "launches": launches, "read": what}
            cells.append({**head, **asdict(figures)})
            progress(f"{site.name:12} {launches:7} launches  {what:16} {figures}")
    return cells


async def _session(site: Site) -> str:
    """What the reader's browser is signed in with."""
    now = datetime.now(UTC)
    async with Database(site.settings.database_url) as database, database.write() as session:
        return await access.open_session(session, READER, lasts=LASTS, now=now)


def _addresses(launches: int, count: int) -> Mapping[str, list[str]]:
    """What is asked for, below the API's base, or with a slash a page; other launches each time."""
    return {
        "status": [f"launches/{id_of(number)}" for number in _some(launches, count)],
        "list of 100": ["launches?limit=100"] * count,
        "list by code": [f"launches?q={code_of(number)}" for number in _some(launches, count)],
        "inbox": ["inbox"] * count,
        "events": [f"launches/{id_of(number)}/events" for number in _some(launches, count)],
        "inbox page": ["/inbox"] * count,
        "launch page": [f"/launches/{id_of(number)}" for number in _some(launches, count)],
        "portfolio page": ["/launches"] * count,
    }


def _some(launches: int, count: int) -> Iterator[int]:
    chosen = Random(launches)
    return (chosen.randrange(launches) for _ in range(count))


async def _get(http: httpx2.AsyncClient, site: Site, address: str) -> None:
    """A page with something on it; what it says is not read here, that would be timed too."""
    is_page = address.startswith("/")
    url = f"{site.url}{address}" if is_page else f"{site.url}/api/v1/{address}"
    response = await http.get(url, headers={} if is_page else site.headers(READER))
    if response.status_code != HTTPStatus.OK or response.content.startswith(NOTHING):
        raise RuntimeError(f"{url}: {response.status_code} {response.text[:300]}")


def summary(cells: Sequence[Cell]) -> list[Row]:
    """One row for each read, database and number; `growth` is the p50 over that of the fewest."""
    fewest = min(distinct(cells, "launches"))
    rows = []
    for what in distinct(cells, "read"):
        for database in distinct(cells, "database"):
            mine = having(cells, read=what, database=database)
            first = middle(having(mine, launches=fewest), "p50", 3)
            for cell in mine:
                row: Row = {name: cell[name] for name in ("read", "database", "launches")}
                row |= {name: round(cell[name], 2) for name in ("p50", "p95", "p99")}
                rows.append({**row, "growth": round(cell["p50"] / first, 2)})
    return rows


SECTION: Final = Section(
    name="reads",
    title="Reads over HTTP, one client",
    headings={
        "read": "read",
        "database": "database",
        "launches": "launches",
        "p50": "p50 ms",
        "p95": "p95 ms",
        "p99": "p99 ms",
        "growth": "p50 of the fewest",
    },
    measure=measure,
    summary=summary,
)
