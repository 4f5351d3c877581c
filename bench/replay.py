"""What replaying and keeping launches costs: `python -m bench.replay`.

Recorded launches are replayed from the repository; the rest is measured on a dev server of its own,
with a worker in this process.
"""

import asyncio
import gc
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import psutil
from temporalio.client import WorkflowHistory
from temporalio.worker import WorkflowRunner

from domain.acts import Ask
from runtime.converter import DATA_CONVERTER
from runtime.lifetime import leave
from runtime.temporal import deployed_runner, strict_runner
from tests.replay.goldens import names, read
from tests.workflows.plans import plan
from tests.workflows.server import dev_server
from tests.workflows.stage import Stage, staged
from tests.workflows.stored import opened
from workflows.retelling import retell

ACTS = 250
OPEN = 200


async def replay_time(histories: Sequence[WorkflowHistory], runner: WorkflowRunner) -> float:
    """Seconds of processor time for replaying these, one after the other."""
    await retell(histories[:1], runner=runner, converter=DATA_CONVERTER)
    begun = process_time()
    for history in histories:
        told = await retell([history], runner=runner, converter=DATA_CONVERTER)
        if told.failure is not None:
            raise told.failure
    return process_time() - begun


async def report(what: str, histories: Sequence[WorkflowHistory]) -> None:
    events = sum(len(history.events) for history in histories)
    for name, runner in (("deployed", deployed_runner()), ("strict", strict_runner())):
        seconds = await replay_time(histories, runner)
        each = seconds / len(histories) * 1000
        print(
            f"{what}, {name}: {each:.0f} ms each, {seconds / events * 1e6:.0f} ms per 1,000 events"
        )


async def long_launch(stage: Stage) -> WorkflowHistory:
    """A launch with many acts, one after the other."""
    played = await stage.start(plan())
    begun, before = perf_counter(), await played.length()
    for number in range(ACTS):
        await played.act(Ask("product", f"Question {number}?"), "lead.product")
    took = perf_counter() - begun
    per_act = (await played.length() - before) / ACTS
    print(f"one client: {per_act:.1f} history events and {took / ACTS * 1000:.1f} ms per act")
    return await played.handle.fetch_history()


async def memory(stage: Stage) -> float:
    """KB that one more open launch with a signature takes, ledger and client included; roughly."""
    process = psutil.Process()

    async def open_some(numbers: Iterable[int]) -> None:
        for number in numbers:
            played = await stage.start(replace(plan(), code=f"OPEN-{number}"))
            await played.sign("product")

    await open_some(range(-20, 0))
    gc.collect()
    before = process.memory_info().rss
    await open_some(range(OPEN))
    gc.collect()
    return (process.memory_info().rss - before) / OPEN / 1024


async def main() -> None:
    goldens = [read(name).history for name in names()]
    print(f"{len(goldens)} recorded launches, {sum(len(h.events) for h in goldens)} events")
    await report("recorded launch", goldens)
    with TemporaryDirectory() as scratch:
        files = Path(scratch)
        async with (
            dev_server(files / "temporal.log") as client,
            opened(f"sqlite:///{files / 'ledger.db'}") as ledger,
            staged(client, ledger) as stage,
        ):
            long = await long_launch(stage)
            print(f"{OPEN} open launches: {await memory(stage):.0f} KB each in a worker")
        await report(f"launch of {len(long.events)} events", [long])


if __name__ == "__main__":
    asyncio.run(main())
    sys.stdout.flush()
    leave()
