"""kill -9 at random moments under signing load: nothing acknowledged is lost, nothing stands twice,
and every chain is signed to its end.
"""

import asyncio
from random import Random
from time import monotonic

import pytest

from tests.faults.conftest import Note
from tests.faults.desk import Desk
from tests.faults.inquest import inquire
from tests.faults.report import Figures
from tests.faults.rig import ALL, API, TEMPORAL, WORKER, Rig
from tests.faults.signing import Load, signing

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

KINDS = {"worker": (WORKER,), "API": (API,), "Temporal": (TEMPORAL,), "all at once": ALL}
LEAST_ACTS = 4
"""Acknowledged between two kills, so that each of them meets work."""


async def strike(rig: Rig, load: Load, victims: tuple[str, ...], chance: Random) -> float:
    """Kills at a random moment, starts again after a random while; seconds until it works."""
    await load.reaches(load.acts + chance.randint(LEAST_ACTS, 3 * LEAST_ACTS))
    await asyncio.sleep(chance.uniform(0, 0.1))  # the moment is random, not waited for
    begun = monotonic()
    await rig.kill(*victims)
    await asyncio.sleep(chance.uniform(0, 0.5))  # how long it lies there
    await rig.heal()
    return await load.recovers(begun)


async def survive(
    rig: Rig, desk: Desk, kinds: list[str], seed: int, *, clients: int = 4
) -> Figures:
    """The load through all these kills, and what the inquest says afterwards."""
    chance = Random(seed)
    async with signing(desk, clients=clients) as load:
        recoveries = [await strike(rig, load, KINDS[kind], chance) for kind in kinds]
    assert len(rig.deaths) == sum(len(KINDS[kind]) for kind in kinds)
    assert len(desk.acknowledged) >= LEAST_ACTS * len(kinds)
    found = await inquire(rig.site, desk.receipts)
    assert (found.lost, found.doubled) == ((), ())
    assert found.executed >= found.acknowledged
    return Figures(
        what="at random: " + " and ".join(dict.fromkeys(kinds)),
        kills=len(rig.deaths),
        acknowledged=found.acknowledged,
        executed=found.executed,
        lost=len(found.lost),
        doubled=len(found.doubled),
        recoveries=recoveries,
        seed=seed,
    )


@pytest.mark.parametrize("kind", KINDS)
async def test_once(rig: Rig, desk: Desk, seed: int, note: Note, kind: str) -> None:
    note(await survive(rig, desk, [kind], seed))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", KINDS)
async def test_many_times(rig: Rig, desk: Desk, seed: int, note: Note, kind: str) -> None:
    note(await survive(rig, desk, [kind] * 6, seed, clients=8))


@pytest.mark.slow
@pytest.mark.timeout(1800)
async def test_whatever_comes(rig: Rig, desk: Desk, seed: int, note: Note) -> None:
    kinds = Random(seed).choices(list(KINDS), k=12)
    note(await survive(rig, desk, kinds, seed, clients=8))
