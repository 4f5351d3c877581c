"""Connections cut at random moments, connections over which nothing comes any more, and answers
that are lost after the work was done.
"""

import asyncio
from contextlib import AsyncExitStack
from random import Random
from time import monotonic

import pytest

from tests.faults.cluster import DATABASE
from tests.faults.conftest import Note
from tests.faults.databases import on_both, on_postgresql, on_sqlite_first
from tests.faults.desk import Desk, Request
from tests.faults.plans import chain
from tests.faults.recovery import command_of, completed, events, started, unanswered, updates
from tests.faults.recovery import written as stands
from tests.faults.rig import API, TEMPORAL, WORKER, Rig, Way
from tests.faults.signing import Load, sign, start_of, step_of
from tests.faults.survival import Blow, at_work, survive
from tests.faults.wire import Wire

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

SIGNED = ("CommitmentSigned", "product")
COMMIT = b"COMMIT"


def cut(way: Way) -> Blow:
    """Every connection reset at a random moment, new ones refused for a random while."""

    async def blow(rig: Rig, load: Load, chance: Random) -> float:
        await at_work(load, chance)
        await asyncio.sleep(chance.uniform(0, 0.1))  # the moment is random, not waited for
        wire = rig.wires[way]
        before = wire.cuts
        async with wire.down():
            await asyncio.sleep(chance.uniform(0, 1))
        assert wire.cuts > before, f"there was nothing to cut between {way}"
        return await load.recovers(monotonic())

    return blow


def silence(way: Way) -> Blow:
    """Nothing arrives for seconds; then all of it does, or what was under way is lost."""

    async def blow(rig: Rig, load: Load, chance: Random) -> float:
        await at_work(load, chance)
        wire = rig.wires[way]
        before = wire.held
        async with wire.silent("there", "back"):
            await asyncio.sleep(chance.uniform(1.5, 3))
            if chance.random() < 0.5:
                wire.cut()
        assert wire.held > before, f"nothing was said between {way}"
        return await load.recovers(monotonic())

    return blow


async def acknowledged_without_answer(
    desk: Desk, request: Request, wire: Wire, *, after: bytes
) -> None:
    """The answer to the commit that follows these bytes is lost, and nobody who asked can tell."""
    lost = wire.lost
    loss = wire.lose_answer(COMMIT, after=after)
    receipt = await desk.ask(request)
    assert loss.is_met
    assert (wire.lost, receipt.is_acknowledged) == (lost + 1, True)


@pytest.mark.slow
@on_sqlite_first
async def test_cut_and_silent(rig: Rig, desk: Desk, seed: int, note: Note) -> None:
    blows = [blow(way) for way in rig.wires for blow in (cut, silence)]
    what = "cut, then silent: every connection"
    note(await survive(rig, desk, blows, what=what, seed=seed, faults=len(blows)))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@on_both
async def test_again_and_again(rig: Rig, desk: Desk, seed: int, note: Note) -> None:
    chance = Random(seed)
    ways = chance.choices(list(rig.wires), k=8)
    blows = [chance.choice((cut, silence))(way) for way in ways]
    what = "cut or silent: any connection"
    note(await survive(rig, desk, blows, what=what, seed=seed, faults=len(blows), clients=8))


@on_sqlite_first
async def test_done_but_reported_failed(rig: Rig, desk: Desk, note: Note) -> None:
    """Temporal's answer never reaches the API: it says 202, though the act stands in the ledger."""
    launch = await started(desk, chain())
    request = sign(launch, step_of(launch, "product"))
    wire = rig.wires[API, TEMPORAL]
    before = wire.held
    async with wire.silent("back"):
        asking = await unanswered(desk, request)
        await stands(rig, launch["id"], *SIGNED)
        assert wire.held > before, "no answer came that could be lost"
        wire.cut()
    assert (await asking).is_acknowledged
    what = "done but reported failed: Temporal to API"
    figures = await completed(rig, desk, launch["id"], what, faults=1)
    command = await command_of(rig, request)
    assert (await updates(rig, launch["id"])).count(command.id) == 1
    assert (await events(rig, launch["id"])).count(SIGNED) == 1
    note(figures)


@pytest.mark.slow
@on_both
async def test_done_but_the_worker_is_not_told(rig: Rig, desk: Desk, note: Note) -> None:
    """The worker hears nothing more of Temporal, which has taken what it did."""
    launch = await started(desk, chain())
    wire = rig.wires[WORKER, TEMPORAL]
    before = wire.held
    async with wire.silent("back"):
        first = await unanswered(desk, sign(launch, step_of(launch, "product")))
        assert wire.held > before, "no answer came that could be lost"
        wire.cut()
    assert (await first).is_acknowledged
    what = "done but reported failed: Temporal to worker"
    figures = await completed(rig, desk, launch["id"], what, faults=1)
    assert (await events(rig, launch["id"])).count(SIGNED) == 1
    note(figures)


@pytest.mark.slow
@on_postgresql
async def test_committed_but_the_api_is_not_told(rig: Rig, desk: Desk, note: Note) -> None:
    """The row of an act and that of a start are there; whoever asked hears that they are not."""
    launch = await started(desk, chain())
    wire, begun = rig.wires[API, DATABASE], start_of(chain())
    for request in (sign(launch, step_of(launch, "product")), begun):
        tries = desk.retries
        await acknowledged_without_answer(desk, request, wire, after=request.key.encode())
        assert desk.retries > tries, "the client was told that all went well"
    other = (await command_of(rig, begun)).launch or ""
    await completed(rig, desk, other, "")
    what = "committed but reported failed: database to API"
    note(await completed(rig, desk, launch["id"], what, faults=2))


@on_postgresql
async def test_committed_but_the_worker_is_not_told(rig: Rig, desk: Desk, note: Note) -> None:
    """It writes once more, and finds its own rows."""
    launch = await started(desk, chain())
    request, wire = sign(launch, step_of(launch, "product")), rig.wires[WORKER, DATABASE]
    await acknowledged_without_answer(desk, request, wire, after=b"CommitmentSigned")
    what = "committed but reported failed: database to worker"
    figures = await completed(rig, desk, launch["id"], what, faults=1)
    assert (await events(rig, launch["id"])).count(SIGNED) == 1
    note(figures)


@pytest.mark.slow
@on_both
async def test_everything_at_once(rig: Rig, desk: Desk, seed: int, note: Note) -> None:
    """No wire carries anything, for longer than anybody waits."""

    async def blow(rig: Rig, load: Load, chance: Random) -> float:
        await at_work(load, chance)
        async with AsyncExitStack() as quiet:
            for wire in rig.wires.values():
                await quiet.enter_async_context(wire.silent("there", "back"))
            await asyncio.sleep(chance.uniform(8, 10))
        return await load.recovers(monotonic())

    held = sum(wire.held for wire in rig.wires.values())
    what, faults = "silent: all connections at once", 2 * len(rig.wires)
    figures = await survive(rig, desk, [blow, blow], what=what, seed=seed, faults=faults)
    assert sum(wire.held for wire in rig.wires.values()) > held
    note(figures)
