"""kill -9 at random moments under signing load: nothing acknowledged is lost, nothing stands twice,
and every chain is signed to its end.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from time import monotonic

import pytest

from tests.faults.conftest import Note
from tests.faults.desk import Desk
from tests.faults.doomed_worker import Doom
from tests.faults.inquest import inquire
from tests.faults.report import Figures
from tests.faults.rig import ALL, API, TEMPORAL, WORKER, Rig
from tests.faults.signing import Load, signing

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

KINDS = {"worker": (WORKER,), "API": (API,), "Temporal": (TEMPORAL,), "all at once": ALL}
Blow = tuple[Callable[[Rig, Load, tuple[str, ...], Random], Awaitable[float]], tuple[str, ...]]
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


async def strike_between(rig: Rig, load: Load, victims: tuple[str, ...], chance: Random) -> float:
    """The worker dies at some signature that stands in the ledger and that no task knows of."""
    await rig.kill(WORKER)
    rig.start_doomed(Doom("after", "CommitmentSigned", chance.randint(LEAST_ACTS, 3 * LEAST_ACTS)))
    await rig.died(WORKER)
    begun = monotonic()
    await rig.kill(*victims)
    await rig.heal()
    return await load.recovers(begun)


async def survive(
    rig: Rig, desk: Desk, blows: Sequence[Blow], *, what: str, seed: int, clients: int = 4
) -> Figures:
    """The load through all these blows, and what the records say afterwards."""
    chance = Random(seed)
    async with signing(desk, clients=clients) as load:
        recoveries = [await blow(rig, load, victims, chance) for blow, victims in blows]
    assert len(rig.deaths) >= sum(len(victims) for _, victims in blows)
    assert len(desk.acknowledged) >= LEAST_ACTS * len(blows)
    found = await inquire(rig.site, desk.receipts)
    await rig.site.verify_ledger()
    assert (found.lost, found.doubled) == ((), ())
    assert found.executed == found.acknowledged
    counts = (len(rig.deaths), found.acknowledged, found.executed, 0, 0)
    return Figures(what, *counts, recoveries, seed)


@pytest.mark.parametrize("kind", KINDS)
async def test_once(rig: Rig, desk: Desk, seed: int, note: Note, kind: str) -> None:
    blows = [(strike, KINDS[kind])]
    note(await survive(rig, desk, blows, what=f"at random: {kind}", seed=seed))


async def test_between_ledger_and_task(rig: Rig, desk: Desk, seed: int, note: Note) -> None:
    blows = [(strike_between, (TEMPORAL,))]
    note(await survive(rig, desk, blows, what="ledger, no task: under load", seed=seed))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", KINDS)
async def test_many_times(rig: Rig, desk: Desk, seed: int, note: Note, kind: str) -> None:
    blows = [(strike, KINDS[kind])] * 6
    what = f"at random: {kind}, again and again"
    note(await survive(rig, desk, blows, what=what, seed=seed, clients=8))


@pytest.mark.slow
@pytest.mark.timeout(1800)
async def test_between_many_times(rig: Rig, desk: Desk, seed: int, note: Note) -> None:
    victims: list[tuple[str, ...]] = [(), (TEMPORAL,), (API,), (TEMPORAL, API)]
    blows = [(strike_between, each) for each in victims * 2]
    what = "ledger, no task: under load, again and again"
    note(await survive(rig, desk, blows, what=what, seed=seed, clients=8))


@pytest.mark.slow
@pytest.mark.timeout(1800)
async def test_whatever_comes(rig: Rig, desk: Desk, seed: int, note: Note) -> None:
    kinds = Random(seed).choices(list(KINDS.values()), k=12)
    blows = [(strike, victims) for victims in kinds]
    note(await survive(rig, desk, blows, what="at random: whatever", seed=seed, clients=8))
