"""The ledger checked, and the read model made from it again, by launch and by entry."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from bench.scale import Scale
from bench.section import Cell, Row, Section, progress
from bench.seed import fill
from bench.site import POSTGRESQL, SQLITE, new_site, postgres_server
from db.integrity import rebuild, verify
from db.session import Database
from runtime.keys import load_or_create


async def measure(scale: Scale) -> list[Cell]:
    """Each on a database of its own with launches at every stage; in this process."""
    cells: list[Cell] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        server = stack.enter_context(postgres_server())
        for name, url in ((SQLITE, ""), (POSTGRESQL, server.create())):
            settings = (await new_site(name, folder, database_url=url)).settings
            async with Database(settings.database_url) as database:
                key = load_or_create(settings.signing_key)
                await fill(database, key, first=0, count=scale.checked)
                cells += await _checked(name, database)
    return cells


async def _checked(name: str, database: Database) -> list[Cell]:
    begun = perf_counter()
    verified = await verify(database)
    checked = perf_counter() - begun
    begun = perf_counter()
    rebuilt = await rebuild(database)
    made = perf_counter() - begun
    if problems := (*verified.problems, *rebuilt.problems):
        raise RuntimeError(f"the seeded ledger is not whole: {problems[0]}")
    counts: Cell = {"database": name, "launches": verified.launches, "entries": verified.entries}
    progress(f"{name:12} {counts['launches']} launches: {checked:.1f} s, again {made:.1f} s")
    return [
        {**counts, "work": "verify", "seconds": checked},
        {**counts, "work": "rebuild", "seconds": made},
    ]


def summary(cells: Sequence[Cell]) -> list[Row]:
    return [
        {
            "work": cell["work"],
            "database": cell["database"],
            "launches_per_second": round(cell["launches"] / cell["seconds"]),
            "entries_per_second": round(cell["entries"] / cell["seconds"]),
        }
        for cell in sorted(cells, key=lambda cell: cell["work"], reverse=True)
    ]


SECTION: Final = Section(
    name="ledger",
    title="`countersign ledger verify` and `rebuild`",
    headings={
        "work": "work",
        "database": "database",
        "launches_per_second": "launches per second",
        "entries_per_second": "entries per second",
    },
    measure=measure,
    summary=summary,
)
