"""Code that raises where nobody expected it: an act it cannot decide ends as our fault and nothing
comes of it; a record it cannot make is tried until the worker is mended.
"""

import asyncio

import pytest

from tests.faults.conftest import Note
from tests.faults.databases import on_sqlite_first
from tests.faults.desk import Desk, Request
from tests.faults.plans import chain
from tests.faults.process import PATIENCE, POLL, Victim, program
from tests.faults.recovery import command_of, completed, events, started, unanswered
from tests.faults.rig import WORKER, Rig
from tests.faults.signing import act_on, sign, step_of
from tests.faults.stumbling_worker import SAID, STUMBLE

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]


async def stumbles(worker: Victim, times: int = 1) -> None:
    """Until the worker's log says so often that it raised."""
    async with asyncio.timeout(PATIENCE):
        while worker.log.read_text().count(SAID) < times:  # noqa: ASYNC110 - another process logs
            await asyncio.sleep(POLL)


@on_sqlite_first
@pytest.mark.parametrize("where", ["decide", pytest.param("judge", marks=pytest.mark.slow)])
async def test_an_act_that_cannot_be_decided(rig: Rig, desk: Desk, note: Note, where: str) -> None:
    async with rig.replaced(WORKER, *program("stumbling_worker", where)):
        launch = await started(desk, chain())
        product = step_of(launch, "product")
        before = await events(rig, launch["id"])
        receipt = await desk.ask(act_on(launch, product, "ask", text=STUMBLE))
        assert (receipt.status, receipt.code) == (500, "internal")
        assert SAID not in str(receipt.document), "the inside is nobody's business"
        assert (await command_of(rig, receipt.request)).state == "refused"
        assert await events(rig, launch["id"]) == before
        other = Request(
            "deputy.product", f"other {launch['id']}", receipt.request.path, {"text": "?"}
        )
        assert (await desk.ask(other)).is_acknowledged, "the launch answers nobody any more"
        what = f"an act that {where} stumbles over"
        figures = await completed(rig, desk, launch["id"], what, faults=1, also=("I12",))
    note(figures)


@on_sqlite_first
async def test_a_record_that_cannot_be_made(rig: Rig, desk: Desk, note: Note) -> None:
    """It waits for a mended worker; nobody is told that it was done before it is."""
    async with rig.replaced(WORKER, *program("stumbling_worker", "record")) as worker:
        launch = await started(desk, chain())
        asking = await unanswered(desk, sign(launch, step_of(launch, "product")))
        await stumbles(worker, times=2)
        assert ("CommitmentSigned", "product") not in await events(rig, launch["id"])
    assert (await asking).is_acknowledged
    what = "a record that raises until the worker is mended"
    note(await completed(rig, desk, launch["id"], what, faults=2))
