"""kill -9 at random moments under signing load: nothing acknowledged is lost, nothing stands twice,
and every chain is signed to its end.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from time import monotonic
from typing import Final

import pytest
from _pytest.mark import ParameterSet

from tests.faults.cluster import DATABASE
from tests.faults.conftest import POSTGRESQL, SQLITE, Note
from tests.faults.databases import on_both, on_sqlite_first
from tests.faults.desk import Desk
from tests.faults.doomed_worker import Doom
from tests.faults.report import Figures
from tests.faults.rig import ALL, API, TEMPORAL, WORKER, Rig
from tests.faults.signing import Load
from tests.faults.survival import LEAST_ACTS, Blow, at_work, survive

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

Victims = tuple[str, ...]
ON_ANY: Final[Mapping[str, Victims]] = {
    "worker": (WORKER,),
    "API": (API,),
    "Temporal": (TEMPORAL,),
    "all at once": ALL,
}
ON_POSTGRESQL: Final[Mapping[str, Victims]] = {
    **ON_ANY,
    "PostgreSQL": (DATABASE,),
    "all at once": (DATABASE, *ALL),
}
QUICK_ON_SQLITE: Final = frozenset({"worker", "API", "Temporal"})
QUICK_ON_POSTGRESQL: Final = frozenset({"PostgreSQL"})


def _kinds() -> Iterator[ParameterSet]:
    """What is killed, on each database."""
    for kind in ON_ANY:
        marks = () if kind in QUICK_ON_SQLITE else pytest.mark.slow
        yield pytest.param(SQLITE, kind, id=f"{kind}-on {SQLITE}", marks=marks)
    for kind in ON_POSTGRESQL:
        marks = () if kind in QUICK_ON_POSTGRESQL else pytest.mark.slow
        yield pytest.param(POSTGRESQL, kind, id=f"{kind}-on {POSTGRESQL}", marks=marks)


of_every_kind = pytest.mark.parametrize(("rig", "kind"), list(_kinds()), indirect=["rig"])


def victims_of(rig: Rig) -> Mapping[str, Victims]:
    return ON_POSTGRESQL if DATABASE in rig.names else ON_ANY


def kill(*victims: str) -> Blow:
    """Kills at a random moment, starts again after a random while; seconds until it works."""

    async def blow(rig: Rig, load: Load, chance: Random) -> float:
        await at_work(load, chance)
        await asyncio.sleep(chance.uniform(0, 0.1))  # the moment is random, not waited for
        begun = monotonic()
        await rig.kill(*victims)
        await asyncio.sleep(chance.uniform(0, 0.5))  # how long it lies there
        await rig.heal()
        return await load.recovers(begun)

    return blow


def kill_between(*victims: str) -> Blow:
    """The worker dies at some signature that stands in the ledger and that no task knows of."""

    async def blow(rig: Rig, load: Load, chance: Random) -> float:
        await rig.kill(WORKER)
        nth = chance.randint(LEAST_ACTS, 3 * LEAST_ACTS)
        rig.start_doomed(Doom("after", "CommitmentSigned", nth))
        await rig.died(WORKER)
        begun = monotonic()
        await rig.kill(*victims)
        await rig.heal()
        return await load.recovers(begun)

    return blow


async def killed(
    rig: Rig, desk: Desk, blows: Sequence[Blow], *, least: int, what: str, seed: int, clients: int
) -> Figures:
    """What `survive` says, of at least so many kills."""
    figures = await survive(rig, desk, blows, what=what, seed=seed, clients=clients)
    assert figures.kills >= least
    return figures


@of_every_kind
async def test_once(rig: Rig, desk: Desk, seed: int, note: Note, kind: str) -> None:
    victims = victims_of(rig)[kind]
    what, least = f"at random: {kind}", len(victims)
    blows = [kill(*victims)]
    note(await killed(rig, desk, blows, least=least, what=what, seed=seed, clients=4))


@on_sqlite_first
async def test_between_ledger_and_task(rig: Rig, desk: Desk, seed: int, note: Note) -> None:
    blows = [kill_between(TEMPORAL)]
    what = "ledger, no task: under load"
    note(await killed(rig, desk, blows, least=3, what=what, seed=seed, clients=4))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@of_every_kind
async def test_many_times(rig: Rig, desk: Desk, seed: int, note: Note, kind: str) -> None:
    victims = victims_of(rig)[kind]
    what, least = f"at random: {kind}, again and again", 4 * len(victims)
    blows = [kill(*victims)] * 4
    note(await killed(rig, desk, blows, least=least, what=what, seed=seed, clients=8))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@on_both
async def test_between_many_times(rig: Rig, desk: Desk, seed: int, note: Note) -> None:
    database = (DATABASE,) if DATABASE in rig.names else ()
    also: list[Victims] = [(), (TEMPORAL,), (API,), (TEMPORAL, API), (*database, TEMPORAL)]
    blows = [kill_between(*each) for each in also]
    what, least = "ledger, no task: under load, again and again", 2 * len(blows)
    note(await killed(rig, desk, blows, least=least, what=what, seed=seed, clients=8))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@on_both
async def test_whatever_comes(rig: Rig, desk: Desk, seed: int, note: Note) -> None:
    kinds = Random(seed).choices(list(victims_of(rig).values()), k=8)
    blows, what = [kill(*victims) for victims in kinds], "at random: whatever"
    least = sum(map(len, kinds))
    note(await killed(rig, desk, blows, least=least, what=what, seed=seed, clients=8))
