"""Clients sign launches while one blow after another falls, and what the records say afterwards."""

from collections.abc import Awaitable, Callable, Sequence
from random import Random

from tests.faults.desk import Desk
from tests.faults.recovery import told
from tests.faults.report import Figures
from tests.faults.rig import Rig
from tests.faults.signing import Load, signing

Blow = Callable[[Rig, Load, Random], Awaitable[float]]
"""Does something to the installation under load; seconds until acts were done again."""

LEAST_ACTS = 4
"""Acknowledged between two blows, so that each of them meets work."""


async def at_work(load: Load, chance: Random) -> None:
    """Until the clients have done a random number of acts."""
    await load.reaches(load.acts + chance.randint(LEAST_ACTS, 3 * LEAST_ACTS))


async def survive(
    rig: Rig,
    desk: Desk,
    blows: Sequence[Blow],
    *,
    what: str,
    seed: int,
    clients: int = 4,
    faults: int = 0,
    also: Sequence[str] = (),
) -> Figures:
    """The load through all these blows; `faults` of them are no kills."""
    chance = Random(seed)
    async with signing(desk, clients=clients) as load:
        recoveries = [await blow(rig, load, chance) for blow in blows]
    assert len(desk.acknowledged) >= LEAST_ACTS * len(blows)
    figures = await told(
        rig, desk, what, faults=faults, also=("I2", *also), recoveries=recoveries, seed=seed
    )
    await rig.site.verify_ledger()
    assert figures.executed == figures.acknowledged
    return figures
