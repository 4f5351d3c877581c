"""Workers come and go; the launch stays."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client, WorkflowExecutionStatus

from domain.acts import Ask
from runtime.settings import Settings
from tests.plans import MODULES
from tests.workflows.dying import DIED
from tests.workflows.ledgers import MemoryLedger
from tests.workflows.plans import plan
from tests.workflows.server import client_of
from tests.workflows.stage import Stage
from tests.workflows.stored import opened

ROOT = Path(__file__).parents[2]


async def test_another_worker_takes_over(client: Client) -> None:
    stage = Stage(client, MemoryLedger())
    async with stage.worker():
        played = await stage.start(plan())
        await played.sign("product")
    async with stage.worker():
        await played.sign("marketing")
    signing = asyncio.create_task(played.sign("communications"))
    await asyncio.sleep(0.2)
    async with stage.worker():
        await signing
    assert (await played.kinds()).count("CommitmentSigned") == 3


async def test_two_workers_share_a_launch(client: Client) -> None:
    stage = Stage(client, MemoryLedger())
    other = await client_of(client.service_client.config.target_host)
    async with stage.worker(), Stage(other, stage.ledger, stage.queue).worker():
        played = await stage.start(plan())
        for step in MODULES:
            await played.sign(step)
    kinds = await played.kinds()
    assert kinds.count("CommitmentSigned") == len(MODULES)
    assert kinds[-1] == "ChainCompleted"


async def test_a_worker_dies_between_row_and_task(client: Client, database_url: str) -> None:
    """The row is committed and nobody heard of it; the next worker adopts it."""
    address = client.service_client.config.target_host
    async with opened(database_url) as ledger:
        stage = Stage(client, ledger)
        stage.task_timeout = timedelta(seconds=1)
        dying = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.workflows.dying", address, stage.queue, database_url),
            cwd=ROOT,
        )
        played = await stage.start(plan())
        signing = asyncio.create_task(played.sign("product"))
        assert await dying.wait() == DIED
        rows = await ledger.entries(played.id)
        assert [entry.event.kind for entry in rows].count("CommitmentSigned") == 1
        async with stage.worker():
            signed = await signing
            await played.sign("marketing")
        assert (await ledger.entries(played.id))[: signed.seq] == rows
    assert signed.seq == len(rows)


async def test_acts_go_on_while_workers_come_and_go(client: Client) -> None:
    stage = Stage(client, MemoryLedger())
    async with stage.worker():
        played = await stage.start(plan())
    asking = [
        asyncio.create_task(played.act(Ask("product", f"Question {n}?"), "lead.product"))
        for n in range(20)
    ]
    while not all(task.done() for task in asking):
        async with stage.worker():
            await asyncio.wait(asking, timeout=0.1)
    seqs = [task.result().seq for task in asking]
    assert len(set(seqs)) == len(asking)
    entries = await stage.ledger.entries(played.id)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert (await played.kinds()).count("QuestionAsked") == len(asking)


async def test_a_cancellation_from_outside_changes_nothing(stage: Stage) -> None:
    """Cancelling is an act; what somebody tells Temporal ends no launch."""
    played = await stage.start(plan())
    await played.handle.cancel()
    await played.sign("product")
    await played.sign("marketing")
    described = await played.handle.describe()
    assert described.status is WorkflowExecutionStatus.RUNNING


async def test_a_launch_that_fell_out_of_memory_comes_back(client: Client) -> None:
    stage = Stage(client, MemoryLedger())
    stage.settings = Settings(workflow_cache=1)
    async with stage.worker():
        launches = [await stage.start(plan()) for _ in range(3)]
        for step in MODULES[:2]:
            for played in launches:
                await played.sign(step)
    for played in launches:
        assert (await played.kinds()).count("CommitmentSigned") == 2
