"""What telling a launch again takes: its history through the current workflow code, and all that a
replay is besides: the ledger's chain and signatures, every value compared, frames and waits.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Final

from temporalio.client import WorkflowHistory
from temporalio.worker import WorkflowRunner

from bench.scale import Scale
from bench.section import Cell, Row, Section, progress
from db import keys
from db.integrity import Record, record, told
from db.proof import Trusted
from domain.acts import Ask
from domain.replay_document import replay_document
from domain.telling import frames
from runtime.converter import DATA_CONVERTER
from runtime.temporal import deployed_runner, strict_runner
from tests.replay.goldens import names, read
from tests.workflows.plans import plan
from tests.workflows.server import dev_server
from tests.workflows.stage import Played, Stage, staged
from tests.workflows.stored import opened
from workflows.replay import doubts
from workflows.retelling import retell


async def measure(scale: Scale) -> list[Cell]:
    """The recorded launches of the repository, and one with many acts from a server of its own,
    which is also told as the API does.
    """
    recorded = [read(name).history for name in names()]
    with TemporaryDirectory(prefix="bench-") as scratch:
        files = Path(scratch)
        async with (
            dev_server(files / "temporal.log") as client,
            opened(f"sqlite:///{files / 'ledger.db'}") as ledger,
            staged(client, ledger) as stage,
        ):
            played = await _long_launch(stage, scale.acts)
            long = await played.handle.fetch_history()
            async with ledger.database.read() as session:
                stands, trusted = await record(session, played.id), await keys.trusted(session)
    cells = [*await _told("recorded", recorded), *await _told("long", [long])]
    return [*cells, await _told_whole(long, stands, trusted)]


async def _long_launch(stage: Stage, acts: int) -> Played:
    """A launch with many acts, one after the other."""
    played = await stage.start(plan())
    for number in range(acts):
        await played.act(Ask("product", f"Question {number}?"), "lead.product")
    return played


async def _told(what: str, histories: Sequence[WorkflowHistory]) -> list[Cell]:
    events = sum(len(history.events) for history in histories)
    cells: list[Cell] = []
    for sandbox, runner in (("deployed", deployed_runner()), ("strict", strict_runner())):
        seconds = await _seconds(histories, runner)
        counts = {"launches": len(histories), "events": events, "seconds": seconds}
        cells.append({"history": what, "sandbox": sandbox, **counts})
        progress(f"{what:8} {sandbox:8} {events} events: {seconds:.2f} s")
    return cells


async def _told_whole(history: WorkflowHistory, stands: Record, trusted: Trusted) -> Cell:
    """Processor time of everything between the history in hand and the JSON of the reply."""
    await retell([history], runner=deployed_runner(), converter=DATA_CONVERTER)
    begun = process_time()
    story = await retell([history], runner=deployed_runner(), converter=DATA_CONVERTER)
    ledger = told(stands, trusted)
    if story.failure is not None or doubts(story, ledger.entries, trusted=trusted):
        raise RuntimeError("what was played is not told as it happened")
    json.dumps(replay_document(frames(ledger.entries), datetime.now(UTC)))
    seconds = process_time() - begun
    events = len(history.events)
    progress(f"long     whole    {events} events: {seconds:.2f} s")
    counts = {"launches": 1, "events": events, "seconds": seconds}
    return {"history": "long, with everything compared", "sandbox": "deployed", **counts}


async def _seconds(histories: Sequence[WorkflowHistory], runner: WorkflowRunner) -> float:
    """Processor time for telling these, one after the other."""
    await retell(histories[:1], runner=runner, converter=DATA_CONVERTER)
    begun = process_time()
    for history in histories:
        story = await retell([history], runner=runner, converter=DATA_CONVERTER)
        if story.failure is not None:
            raise story.failure
    return process_time() - begun


def summary(cells: Sequence[Cell]) -> list[Row]:
    return [
        {
            "history": cell["history"],
            "sandbox": cell["sandbox"],
            "events_each": round(cell["events"] / cell["launches"]),
            "ms_each": round(cell["seconds"] / cell["launches"] * 1000),
            "ms_per_1000": round(cell["seconds"] / cell["events"] * 1e6),
        }
        for cell in cells
    ]


SECTION: Final = Section(
    name="replay",
    title="Replay of a launch, processor time",
    headings={
        "history": "history",
        "sandbox": "sandbox",
        "events_each": "events each",
        "ms_each": "ms each",
        "ms_per_1000": "ms per 1,000 events",
    },
    measure=measure,
    summary=summary,
)
