"""`countersign up` under load: what dies is started again, and a second `up` resumes on the same
data directory however the first one ended.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from time import monotonic

import httpx2
import pytest

from tests.faults import supervised
from tests.faults.conftest import Note
from tests.faults.desk import Desk
from tests.faults.inquest import INVARIANTS, inquire
from tests.faults.report import Figures
from tests.faults.rig import ALL
from tests.faults.signing import Load, signing
from tests.faults.supervised import Supervised

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]
LEAST_ACTS = 4


@pytest.fixture
async def up(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Supervised]:
    async with supervised.up(tmp_path) as running:
        yield running
        request.node.add_report_section("call", "installation", running.log_ends())


@pytest.fixture
async def desk(up: Supervised) -> AsyncIterator[Desk]:
    async with httpx2.AsyncClient(timeout=60) as http:
        yield Desk(up.site, http)


async def strike(up: Supervised, load: Load, name: str, chance: Random) -> float:
    """Kills one child at a random moment; seconds until acts are done again."""
    await load.reaches(load.acts + chance.randint(LEAST_ACTS, 2 * LEAST_ACTS))
    await asyncio.sleep(chance.uniform(0, 0.1))  # the moment is random, not waited for
    begun = monotonic()
    up.kill_child(name)
    return await load.recovers(begun)


async def strike_itself(up: Supervised, load: Load) -> float:
    await load.reaches(load.acts + LEAST_ACTS)
    begun = monotonic()
    await up.kill()
    await up.up()
    return await load.recovers(begun)


async def survive(
    up: Supervised, desk: Desk, names: list[str], seed: int, *, clients: int
) -> Figures:
    chance = Random(seed)
    async with signing(desk, clients=clients) as load:
        recoveries = [await strike(up, load, name, chance) for name in names]
        recoveries.append(await strike_itself(up, load))
    assert up.deaths_noted() == Counter(names)
    assert up.kills == Counter([*names, "up"])
    found = await inquire(up.site, desk.receipts)
    await up.site.verify_ledger()
    assert (found.lost, found.doubled) == ((), ())
    assert found.acknowledged >= LEAST_ACTS * len(recoveries)
    assert await up.stop() == 0
    what = f"under up: {', '.join(dict.fromkeys(names))} and up itself"
    return Figures(
        what,
        on="SQLite",
        kills=up.kills.total(),
        acknowledged=found.acknowledged,
        executed=found.executed,
        recoveries=recoveries,
        invariants=INVARIANTS,
        seed=seed,
    )


@pytest.mark.slow
async def test_children_and_supervisor(up: Supervised, desk: Desk, seed: int, note: Note) -> None:
    note(await survive(up, desk, list(ALL), seed, clients=4))


@pytest.mark.slow
@pytest.mark.timeout(1800)
async def test_children_again_and_again(up: Supervised, desk: Desk, seed: int, note: Note) -> None:
    names = Random(seed).sample(ALL * 3, k=9)
    note(await survive(up, desk, names, seed, clients=8))
