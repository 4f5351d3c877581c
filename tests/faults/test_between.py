"""Death exactly between "ledger written" and "workflow task completed": the rows stand, and the
launch does not know. The ledger wins: the launch takes what stands there, whoever asks it first.
"""

from collections.abc import Callable, Iterable

import pytest
from _pytest.mark import ParameterSet

from tests.faults.conftest import Note
from tests.faults.desk import Desk, Request
from tests.faults.doomed_worker import Doom
from tests.faults.plans import chain, diamond, impatient
from tests.faults.recovery import (
    command_of,
    completed,
    cut_off,
    events,
    held,
    started,
    unanswered,
    updates,
    updates_since,
)
from tests.faults.rig import API, TEMPORAL, Rig
from tests.faults.signing import Document, act_on, sign, start_of, step_of

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

SIGNED = Doom("after", "CommitmentSigned")
UNSIGNED = Doom("before", "CommitmentSigned")
ALSO = {
    "the worker alone": (SIGNED, ()),
    "worker, then Temporal": (SIGNED, (TEMPORAL,)),
    "worker, then all others": (SIGNED, (TEMPORAL, API)),
    "worker before the ledger, then Temporal": (UNSIGNED, (TEMPORAL,)),
}
First = Callable[[Document], Request]
FIRST: dict[str, tuple[First, str | None]] = {
    "the deputy signs the same": (
        lambda launch: sign(launch, step_of(launch, "marketing"), by="deputy"),
        "already_answered",
    ),
    "the deputy declines the same": (
        lambda launch: act_on(
            launch, step_of(launch, "marketing"), "decline", by="deputy", reason="no"
        ),
        "wrong_state",
    ),
    "another branch signs": (
        lambda launch: sign(launch, step_of(launch, "communications")),
        None,
    ),
}


def quick(names: Iterable[str], *quick_ones: str) -> list[ParameterSet]:
    """These names as parameters; all but the quick ones are only run where time does not matter."""
    return [
        pytest.param(name, marks=() if name in quick_ones else pytest.mark.slow) for name in names
    ]


@pytest.mark.parametrize("also", quick(ALSO, "the worker alone"))
async def test_a_signature_stands_once(rig: Rig, desk: Desk, note: Note, also: str) -> None:
    doom, victims = ALSO[also]
    launch = await started(desk, chain())
    known = await updates(rig, launch["id"])
    asking = await cut_off(rig, desk, sign(launch, step_of(launch, "product")), doom)
    is_written = ("CommitmentSigned", "product") in await events(rig, launch["id"])
    assert is_written == (doom.moment == "after")
    assert await updates(rig, launch["id"]) == known, "no workflow task was completed"
    await rig.kill(*victims)
    await rig.heal()
    assert (await asking).is_acknowledged
    note(await completed(rig, desk, launch["id"], f"ledger, no task: {also}"))


@pytest.mark.slow
async def test_a_start_stands_once(rig: Rig, desk: Desk, note: Note) -> None:
    asking = await cut_off(rig, desk, start_of(chain()), Doom("after", "LaunchStarted"))
    await rig.kill(TEMPORAL)
    await rig.heal()
    launch = (await asking).document["id"]
    note(await completed(rig, desk, launch, "ledger, no task: a start"))


@pytest.mark.slow
async def test_a_deadline_passes_once(rig: Rig, desk: Desk, note: Note) -> None:
    asking = await cut_off(rig, desk, start_of(impatient()), Doom("after", "AnswerOverdue"))
    launch = (await asking).document["id"]
    overdue = ("AnswerOverdue", "product")
    assert overdue in await events(rig, launch)
    await rig.kill(TEMPORAL)
    await rig.heal()
    figures = await completed(rig, desk, launch, "ledger, no task: a deadline")
    assert (await events(rig, launch)).count(overdue) == 1
    note(figures)


@pytest.mark.parametrize("first", quick(FIRST))
async def test_another_act_comes_first(rig: Rig, desk: Desk, note: Note, first: str) -> None:
    """What was written and forgotten stands before it, though its update was lost."""
    act, refusal = FIRST[first]
    launch = await signed_product(desk)
    known = await updates(rig, launch["id"])
    written = sign(launch, step_of(launch, "marketing"))
    asking = await cut_off(rig, desk, written, SIGNED)
    await rig.kill(TEMPORAL, API)
    command = await command_of(rig, written)
    async with held(rig, command.id):
        await rig.heal()
        receipt = await desk.ask(act(launch))
    assert receipt.document.get("code") == refusal or receipt.is_acknowledged
    assert (await asking).is_acknowledged
    other = await command_of(rig, act(launch))
    assert await updates_since(rig, launch["id"], known, 2) == [other.id, command.id]
    note(await completed(rig, desk, launch["id"], f"ledger, no task: {first}"))


@pytest.mark.slow
async def test_the_next_step_does_not_wait(rig: Rig, desk: Desk, note: Note) -> None:
    """Who reads that a step is requested may sign it, though the launch does not know it yet."""
    launch = await started(desk, chain())
    written = sign(launch, step_of(launch, "product"))
    asking = await cut_off(rig, desk, written, SIGNED)
    await rig.kill(TEMPORAL, API)
    command = await command_of(rig, written)
    async with held(rig, command.id):
        await rig.heal()
        seen = await desk.see("lead.marketing", f"/api/v1/launches/{launch['id']}")
        marketing = step_of(seen, "marketing")
        assert marketing["state"] == "requested"
        signing = await unanswered(desk, sign(seen, marketing))
    assert (await signing).is_acknowledged
    assert (await asking).is_acknowledged
    note(await completed(rig, desk, launch["id"], "ledger, no task: the next step signs"))


async def signed_product(desk: Desk) -> Document:
    """A diamond whose two branches are requested."""
    launch = await started(desk, diamond())
    receipt = await desk.ask(sign(launch, step_of(launch, "product")))
    return dict(receipt.document)
