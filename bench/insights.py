"""What is asked over many closed runs, over HTTP: figures, reviews, and one run played again."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx2

from bench.load import Journey, drive
from bench.scale import Scale
from bench.section import Cell, Row, Section, progress
from bench.seed import fill
from bench.site import POSTGRESQL, SQLITE, Site, new_site, postgres_server, serving
from bench.stacks import client
from db import insights, ledger, postmortems
from db.integrity import rebuild
from db.session import Database
from domain.postmortem import events
from domain.postmortem.record import Content
from runtime.keys import load_or_create

READER: Final = "lead.marketing"
WARM_UP: Final = 3
OPEN_TOO: Final = 2
"""Half of the seeded launches are over."""
PUBLISHED: Final = 3
"""One review of so many is published."""
WRITTEN: Final = Content(
    summary="It came late.", factors=("late_plan", "shortage", "missing_training")
)


async def measure(scale: Scale) -> list[Cell]:
    """Each on a database of its own, closed runs with a review each."""
    cells: list[Cell] = []
    async with _sites(scale.checked) as sites:
        for site, closed in sites:
            cells += await _read(site, closed, scale.reads // 5)
    return cells


@asynccontextmanager
async def _sites(runs: int) -> AsyncIterator[list[tuple[Site, Sequence[str]]]]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        server = stack.enter_context(postgres_server())
        sites = []
        for name, url in ((SQLITE, ""), (POSTGRESQL, server.create())):
            site = await new_site(name, folder, database_url=url)
            sites.append((site, await _filled(site, runs)))
        yield sites


async def _filled(site: Site, runs: int) -> Sequence[str]:
    """The closed runs, each digested and with a review, as their ends would have left them."""
    async with Database(site.settings.database_url) as database:
        key = load_or_create(site.settings.signing_key)
        await fill(database, key, first=0, count=runs * OPEN_TOO)
        if problems := (await rebuild(database)).problems:
            raise RuntimeError(f"the seeded ledger is not whole: {problems[0]}")
        async with database.read() as session:
            closed = await insights.closed(session, None, None)
        for place, launch in enumerate(closed):
            await _review(database, launch, is_published=place % PUBLISHED == 0)
    return closed


async def _review(database: Database, launch: str, *, is_published: bool) -> None:
    """Opened where the run's end did not; written in, and published where it is to be."""
    now = datetime.now(UTC)
    told: list[events.Event] = [events.PostMortemEdited(("summary", "factors"), WRITTEN)]
    if is_published:
        told += [events.PostMortemSubmitted(1), events.PostMortemPublished(1)]
    async with database.write() as session:
        run = await ledger.fold_launch(session, launch)
        if run is None:
            raise LookupError(launch)
        if await postmortems.find(session, launch) is None:
            told.insert(0, events.PostMortemOpened("requested"))
        first = len(await postmortems.entries(session, launch)) + 1
        entries = [
            events.Entry(seq, now, "facilitator", f"{launch}-{seq}", event)
            for seq, event in enumerate(told, first)
        ]
        await postmortems.append(session, run, entries)


async def _read(site: Site, closed: Sequence[str], reads: int) -> list[Cell]:
    cells = []
    async with serving(site), client() as http:
        for what, address in ADDRESSES.items():
            launches = islice(cycle(closed), WARM_UP + reads)
            requests: list[Journey] = [
                partial(_ask, http, site, what, address.format(launch=one)) for one in launches
            ]
            await drive([requests[:WARM_UP]], 1)
            figures = await drive([requests[WARM_UP:]], 1)
            head: Cell = {"database": site.name, "runs": len(closed), "read": what}
            cells.append({**head, **asdict(figures)})
            progress(f"{site.name:12} {len(closed):6} runs  {what:22} {figures}")
    return cells


WHAT_IF: Final = "what if, nothing changed"
ADDRESSES: Final[Mapping[str, str]] = {
    "insights": "insights",
    "list of 100 reviews": "postmortems?limit=100",
    "one review": "launches/{launch}/postmortem",
    WHAT_IF: "launches/{launch}/what-if",
}
"""What is asked for, below the API's base."""


async def _ask(http: httpx2.AsyncClient, site: Site, what: str, address: str) -> None:
    url, headers = f"{site.url}/api/v1/{address}", site.headers(READER)
    if what == WHAT_IF:
        response = await http.post(url, headers=headers, json={"changes": []})
    else:
        response = await http.get(url, headers=headers)
    if response.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{url}: {response.status_code} {response.text[:300]}")


def summary(cells: Sequence[Cell]) -> list[Row]:
    return [
        {
            **{name: cell[name] for name in ("read", "database", "runs")},
            **{name: round(cell[name], 2) for name in ("p50", "p95", "p99")},
        }
        for cell in sorted(cells, key=lambda cell: [*ADDRESSES].index(cell["read"]))
    ]


SECTION: Final = Section(
    name="insights",
    title="Over closed runs, over HTTP, one client",
    headings={
        "read": "read",
        "database": "database",
        "runs": "closed runs",
        "p50": "p50 ms",
        "p95": "p95 ms",
        "p99": "p99 ms",
    },
    measure=measure,
    summary=summary,
)
