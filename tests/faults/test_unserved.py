"""An update admitted while no worker runs is lost when Temporal dies: its command is sent again."""

import pytest

from tests.faults.conftest import Note
from tests.faults.desk import Desk
from tests.faults.plans import chain
from tests.faults.recovery import command_of, completed, started, unanswered, updates
from tests.faults.rig import TEMPORAL, WORKER, Rig
from tests.faults.signing import sign, start_of, step_of

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]


async def test_an_admitted_act_survives_temporal(rig: Rig, desk: Desk, note: Note) -> None:
    launch = await started(desk, chain())
    request = sign(launch, step_of(launch, "product"))
    await rig.kill(WORKER)
    asking = await unanswered(desk, request)
    assert (await command_of(rig, request)).state == "pending"
    await rig.kill(TEMPORAL)
    await rig.heal()
    assert (await asking).is_acknowledged
    command = await command_of(rig, request)
    assert (command.state, command.status) == ("done", 200)
    assert (await updates(rig, launch["id"])).count(command.id) == 1
    note(await completed(rig, desk, launch["id"], "admitted without a worker: an act"))


@pytest.mark.slow
async def test_an_admitted_start_survives_temporal(rig: Rig, desk: Desk, note: Note) -> None:
    await rig.kill(WORKER)
    asking = await unanswered(desk, start_of(chain()))
    await rig.kill(TEMPORAL)
    await rig.heal()
    receipt = await asking
    assert receipt.status == 201
    note(await completed(rig, desk, receipt.document["id"], "admitted without a worker: a start"))


@pytest.mark.slow
async def test_an_act_waits_for_temporal(rig: Rig, desk: Desk, note: Note) -> None:
    """Accepted while Temporal is away, carried out when it is back."""
    launch = await started(desk, chain())
    await rig.kill(TEMPORAL)
    asking = await unanswered(desk, sign(launch, step_of(launch, "product")))
    begun = await unanswered(desk, start_of(chain()))
    await rig.heal()
    assert (await asking).is_acknowledged
    other = await begun
    assert other.status == 201
    note(await completed(rig, desk, other.document["id"], "asked while Temporal was away"))
    await completed(rig, desk, launch["id"], "")
