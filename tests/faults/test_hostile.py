"""Poison and forgeries sent straight to Temporal under load: each refused, nothing changed by it,
and every launch answers the next act.
"""

from collections import Counter
from random import Random

import pytest

from tests.faults.conftest import Note
from tests.faults.desk import Desk
from tests.faults.hostile import POISON, attack
from tests.faults.recovery import told, updates
from tests.faults.rig import Rig
from tests.faults.signing import signing

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]


async def test_poison_under_load(rig: Rig, desk: Desk, seed: int, note: Note) -> None:
    chance = Random(seed)
    client = await rig.site.temporal()
    refused: Counter[str] = Counter()
    attacked: set[str] = set()
    async with signing(desk, clients=2) as load:
        for name in [*POISON, *POISON]:
            await load.reaches(load.acts + 1)
            launch = chance.choice(desk.acknowledged).document["id"]
            refused[await attack(client, launch, name)] += 1
            attacked.add(launch)
        await load.reaches(load.acts + 1)
    assert refused["forged"] == 6, "the others cannot even be read"
    what = f"{refused.total()} poisoned or forged updates"
    figures = await told(rig, desk, what, faults=refused.total(), seed=seed)
    assert figures.executed == figures.acknowledged
    for launch in attacked:
        assert len(await updates(rig, launch)) <= 6, "a start and five signatures, nothing else"
    note(figures)
