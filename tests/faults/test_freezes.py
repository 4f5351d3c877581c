"""SIGSTOP for longer than everybody's patience, then SIGCONT: who stood still believes that no time
has passed, and may do no harm with it.
"""

import asyncio
from random import Random
from time import monotonic

import pytest

from api.updates import TASK_TIMEOUT
from tests.faults.conftest import Note
from tests.faults.databases import on_both
from tests.faults.desk import Desk
from tests.faults.doomed_worker import Doom, Moment
from tests.faults.plans import chain
from tests.faults.recovery import completed, events, started
from tests.faults.rig import API, TEMPORAL, WORKER, Rig
from tests.faults.signing import Load, sign, step_of
from tests.faults.survival import Blow, at_work, survive

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

LONG = TASK_TIMEOUT.total_seconds() + 2
"""Longer than a task may take, a sticky worker is waited for and an answer is."""


def freeze(name: str, seconds: float) -> Blow:
    """Seconds from the thaw until acts were done again."""

    async def blow(rig: Rig, load: Load, chance: Random) -> float:
        await at_work(load, chance)
        async with rig.frozen(name):
            await asyncio.sleep(chance.uniform(seconds, seconds + 1))
        return await load.recovers(monotonic())

    return blow


@pytest.mark.slow
async def test_the_worker(rig: Rig, desk: Desk, seed: int, note: Note) -> None:
    blows, what = [freeze(WORKER, LONG)], "frozen: worker"
    note(await survive(rig, desk, blows, what=what, seed=seed, faults=1))
    assert desk.unknown, "nobody was told to wait"


@pytest.mark.slow
@on_both
async def test_the_api(rig: Rig, hasty: Desk, seed: int, note: Note) -> None:
    """Clients give up and ask again: both requests are in its hands when it goes on."""
    blows, what = [freeze(API, 4)] * 3, "frozen: API, clients ask again"
    note(await survive(rig, hasty, blows, what=what, seed=seed, faults=len(blows)))
    assert hasty.retries >= len(blows), "nobody had to ask again"


@pytest.mark.slow
@on_both
@pytest.mark.parametrize("name", [WORKER, TEMPORAL])
async def test_again_and_again(rig: Rig, desk: Desk, seed: int, note: Note, name: str) -> None:
    blows, what = [freeze(name, LONG)] * 3, f"frozen: {name}, again and again"
    note(await survive(rig, desk, blows, what=what, seed=seed, faults=len(blows)))
    assert desk.unknown >= len(blows), "nobody was told to wait"


@pytest.mark.slow
@on_both
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_it_comes_back_to_a_ledger_that_went_on(
    rig: Rig, desk: Desk, note: Note, moment: Moment
) -> None:
    """Frozen with a signature in hand; another worker does it; then the first one goes on."""
    launch = await started(desk, chain())
    await rig.kill(WORKER)
    rig.deaths.clear()
    rig.start_doomed(Doom(moment, "CommitmentSigned", end="SIGSTOP"))
    asking = asyncio.create_task(desk.ask(sign(launch, step_of(launch, "product"))))
    late = rig.victim(WORKER)
    await late.frozen()
    signed = ("CommitmentSigned", "product")
    assert (signed in await events(rig, launch["id"])) == (moment == "after")
    async with rig.hired("second worker"):
        assert (await asking).is_acknowledged
        await asyncio.sleep(LONG)  # its task has long been another's
        late.thaw()
        what = f"frozen {moment} the ledger's write: worker, a second one goes on"
        figures = await completed(rig, desk, launch["id"], what, faults=1)
    assert (await events(rig, launch["id"])).count(signed) == 1
    note(figures)
