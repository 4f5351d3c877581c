"""How long `countersign up` takes until it serves, in an environment that is there already."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from bench.process import PATIENCE, ROOT
from bench.scale import Scale
from bench.section import Cell, Row, Section, distinct, having, middle, progress
from runtime.settings import DATABASE_URL

STARTS: Final = ("first", "second")


async def measure(scale: Scale) -> list[Cell]:
    """A new data directory each time, with the demo organisation, and the same one again."""
    cells: list[Cell] = []
    for number in range(scale.ups):
        with TemporaryDirectory(prefix="bench-") as folder:
            for start in STARTS:
                ready, stopped = await _up(Path(folder))
                cells.append({"start": start, "round": number, "ready": ready, "stopped": stopped})
                progress(f"{start:6} start: ready in {ready:.2f} s, stopped in {stopped:.2f} s")
    return cells


async def _up(folder: Path) -> tuple[float, float]:
    """Seconds until ready, and until gone after it was told to stop."""
    command = ["-m", "cli", "up", "--data-dir", str(folder), "--port", "0", "--temporal-port", "0"]
    environment = {name: value for name, value in os.environ.items() if name != DATABASE_URL}
    begun = perf_counter()
    with (folder / "up.log").open("ab") as log:
        up = await asyncio.create_subprocess_exec(
            sys.executable, *command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log
        )
    try:
        line = await asyncio.wait_for(up.stdout.readline(), PATIENCE) if up.stdout else b""
        ready = perf_counter() - begun
        if not line.startswith(b"ready "):
            raise RuntimeError(f"countersign up said {line!r}: {(folder / 'up.log').read_text()}")
        begun = perf_counter()
    finally:
        if up.returncode is None:
            up.send_signal(signal.SIGINT)
        await up.wait()
    return ready, perf_counter() - begun


def summary(cells: Sequence[Cell]) -> list[Row]:
    rows = []
    for start in distinct(cells, "start"):
        mine = having(cells, start=start)
        rows.append(
            {
                "start": start,
                "ready": middle(mine, "ready", 2),
                "slowest": round(max(cell["ready"] for cell in mine), 2),
                "stopped": middle(mine, "stopped", 2),
            }
        )
    return rows


SECTION: Final = Section(
    name="up",
    title="`countersign up` until it serves (median)",
    headings={
        "start": "start of a data directory",
        "ready": "ready s",
        "slowest": "slowest s",
        "stopped": "stopped s",
    },
    measure=measure,
    summary=summary,
)
