"""One request delivered fifty times at once, and forty different acts at once on one launch."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from db import audit
from runtime.devserver import DYNAMIC_CONFIG
from tests.faults.conftest import Note
from tests.faults.databases import on_both, on_sqlite_first
from tests.faults.desk import Desk, Receipt, Request
from tests.faults.plans import chain
from tests.faults.process import PATIENCE, POLL
from tests.faults.recovery import completed, events, started
from tests.faults.rig import TEMPORAL, WORKER, Rig
from tests.faults.signing import Document, act_on, sign, start_of, step_of

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

TIMES = 50
SIDE_BY_SIDE = ("marketing", "communications", "channel", "service")
AT_ONCE = 40
OWN_LIMIT = 10
"""Updates that Temporal lets be on their way into one workflow unless it is told otherwise."""


async def at_once(desk: Desk, requests: Iterable[Request]) -> list[Receipt]:
    return list(await asyncio.gather(*(desk.ask(request) for request in requests)))


async def refusals(rig: Rig, launch: str) -> Counter[str]:
    """The codes in the audit of a launch."""
    async with rig.site.database() as database, database.read() as session:
        rows = await audit.newest(session, launch=launch)
    return Counter(row.code for row in rows)


@on_sqlite_first
async def test_one_key(rig: Rig, desk: Desk, note: Note) -> None:
    """I13: a start and a signature, each with one effect and one reply for everybody."""
    begun = await at_once(desk, [start_of(chain())] * TIMES)
    launch = begun[0].document
    request = sign(dict(launch), step_of(dict(launch), "product"))
    for receipts in (begun, await at_once(desk, [request] * TIMES)):
        assert all(receipt.is_acknowledged for receipt in receipts)
        assert all(receipt.document == receipts[0].document for receipt in receipts)
    what = f"one start, then one signature, {TIMES} times at once under one key"
    note(await completed(rig, desk, launch["id"], what, faults=2 * (TIMES - 1)))


@on_sqlite_first
async def test_no_key(rig: Rig, desk: Desk, note: Note) -> None:
    """Each is an act of its own: the first is done, the others are refused, and kept (I12)."""
    launch = await started(desk, chain())
    request = sign(launch, step_of(launch, "product"))
    receipts = await at_once(desk, [replace(request, key="")] * TIMES)
    codes = Counter(receipt.code for receipt in receipts if not receipt.is_acknowledged)
    assert codes.total() == TIMES - 1
    assert set(codes) <= {"already_answered", "four_eyes"}
    assert await refusals(rig, launch["id"]) == codes
    signed = ("CommitmentSigned", "product")
    assert (await events(rig, launch["id"])).count(signed) == 1
    what = f"one signature {TIMES} times at once without a key"
    note(await completed(rig, desk, launch["id"], what, faults=TIMES - 1, also=("I12",)))


def wide() -> Document:
    """Four steps side by side after the first."""
    return chain(steps=[{"key": key, "after": ["product"]} for key in SIDE_BY_SIDE])


def questions(launch: Document) -> list[Request]:
    """From the lead and the deputy of every step that is asked for."""
    asked = [
        act_on(launch, step_of(launch, key), "ask", by=by, text=f"{by} asks {number}")
        for key in SIDE_BY_SIDE
        for by in ("lead", "deputy")
        for number in range(AT_ONCE // 8)
    ]
    return [replace(each, key=f"{each.key}: {number}") for number, each in enumerate(asked)]


async def many_at_once(rig: Rig, desk: Desk, note: Note, what: str) -> None:
    """All are with Temporal before the launch sees the first of them."""
    launch = await started(desk, wide())
    launch = dict((await desk.ask(sign(launch, step_of(launch, "product")))).document)
    before = desk.unknown
    async with rig.frozen(WORKER):
        asking = asyncio.create_task(at_once(desk, questions(launch)))
        async with asyncio.timeout(PATIENCE):
            while desk.unknown < before + AT_ONCE:  # noqa: ASYNC110 - counted where they arrive
                await asyncio.sleep(POLL)
    receipts = await asking
    assert all(receipt.is_acknowledged for receipt in receipts)
    asked = [event for event in await events(rig, launch["id"]) if event[0] == "QuestionAsked"]
    assert len(asked) == AT_ONCE > OWN_LIMIT
    note(await completed(rig, desk, launch["id"], what, faults=1))


@on_sqlite_first
async def test_many_acts(rig: Rig, desk: Desk, note: Note) -> None:
    await many_at_once(rig, desk, note, f"{AT_ONCE} acts at once on one launch")


@pytest.mark.slow
@on_both
async def test_many_acts_on_a_server_with_its_own_limit(rig: Rig, desk: Desk, note: Note) -> None:
    """As on a Temporal service whose configuration is not ours."""
    command = list(rig.victim(TEMPORAL).service.command)
    limit = next(value for value in DYNAMIC_CONFIG if "maxInFlightUpdates" in value)
    command[command.index(limit)] = f"{limit.partition('=')[0]}={OWN_LIMIT}"
    async with rig.replaced(TEMPORAL, *command):
        what = f"{AT_ONCE} acts at once on one launch, of which Temporal takes {OWN_LIMIT}"
        await many_at_once(rig, desk, note, what)
