"""What a test of one launch in trouble needs: its start, its cut-off act, its records, its end."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import bindparam, text
from temporalio.api.enums.v1 import EventType

from db import commands, ledger
from db.row import Instant
from tests.faults.desk import Desk, Receipt, Request
from tests.faults.doomed_worker import Doom
from tests.faults.inquest import INVARIANTS, inquire
from tests.faults.process import PATIENCE, POLL
from tests.faults.report import Figures, in_order
from tests.faults.rig import WORKER, Rig
from tests.faults.signing import Document, Load, start_of

ACCEPTED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED


async def started(desk: Desk, plan: Document) -> Document:
    receipt = await desk.ask(start_of(plan))
    assert receipt.is_acknowledged, receipt
    return dict(receipt.document)


async def cut_off(rig: Rig, desk: Desk, request: Request, doom: Doom) -> asyncio.Task[Receipt]:
    """A request on its way whose worker has died by this doom."""
    await rig.kill(WORKER)
    rig.start_doomed(doom)
    asking = asyncio.create_task(desk.ask(request))
    await rig.died(WORKER)
    return asking


async def completed(
    rig: Rig, desk: Desk, launch: str, what: str, *, faults: int = 0, also: Sequence[str] = ()
) -> Figures:
    """Signed to its end, nothing lost and nothing doubled; the line for the table. `also` names
    invariants that the test itself held.
    """
    await Load(desk).finish(launch)
    return await told(rig, desk, what, faults=faults, also=also)


async def told(
    rig: Rig,
    desk: Desk,
    what: str,
    *,
    faults: int = 0,
    also: Sequence[str] = (),
    recoveries: Sequence[float] = (),
    seed: int | None = None,
) -> Figures:
    """What the records say of everything that was asked for; the line for the table."""
    found = await inquire(rig.site, desk.receipts)
    assert (found.lost, found.doubled) == ((), ())
    return Figures(
        what,
        on=rig.on,
        kills=len(rig.deaths),
        faults=faults,
        acknowledged=found.acknowledged,
        executed=found.executed,
        recoveries=recoveries,
        invariants=in_order(*INVARIANTS, *also),
        seed=seed,
    )


async def events(rig: Rig, launch: str) -> list[tuple[str, str | None]]:
    """Type and step of what the ledger says happened."""
    async with rig.site.database() as database, database.read() as session:
        stored = [ledger.event_document(s) for s in await ledger.entries(session, launch)]
    return [(document["type"], document["step"]) for document in stored]


async def written(rig: Rig, launch: str, *event: str) -> None:
    """Waits until this type of event of this step stands in the ledger."""
    async with asyncio.timeout(PATIENCE):
        while event not in await events(rig, launch):  # noqa: ASYNC110 - another process writes
            await asyncio.sleep(POLL)


async def updates(rig: Rig, launch: str) -> list[str]:
    """The ids of the updates that Temporal remembers of a launch, in their order."""
    handle = (await rig.site.temporal()).get_workflow_handle(f"launch-{launch}")
    return [
        event.workflow_execution_update_accepted_event_attributes.protocol_instance_id
        async for event in handle.fetch_history_events()
        if event.event_type == ACCEPTED
    ]


async def updates_since(rig: Rig, launch: str, known: Sequence[str], count: int) -> list[str]:
    """The next `count` updates after those known, as soon as they have come."""
    async with asyncio.timeout(PATIENCE):
        while len(new := (await updates(rig, launch))[len(known) :]) < count:  # noqa: ASYNC110 - HTTP
            await asyncio.sleep(POLL)
    return new


async def command_of(rig: Rig, request: Request) -> commands.StoredCommand:
    """The command of a request that the API has seen."""
    async with rig.site.database() as database, database.read() as session:
        found = await commands.find_by_key(session, request.person, request.key)
    assert found is not None, request.key
    return found


@asynccontextmanager
async def held(rig: Rig, command: str) -> AsyncIterator[None]:
    """As if the launch were known to have the command: nobody sends it again before the end."""
    await _heard(rig, command, datetime.now(UTC))
    try:
        yield
    finally:
        await _heard(rig, command, None)


async def _heard(rig: Rig, command: str, at: datetime | None) -> None:
    note = text("UPDATE command SET heard_at = :at WHERE id = :command")
    note = note.bindparams(bindparam("at", type_=Instant))
    async with rig.site.database() as database, database.write() as session:
        await session.execute(note, {"at": at, "command": command})


async def unanswered(desk: Desk, request: Request) -> asyncio.Task[Receipt]:
    """A request that was answered 202: nobody carries it out in time."""
    before = desk.unknown
    asking = asyncio.create_task(desk.ask(request))
    async with asyncio.timeout(PATIENCE):
        while desk.unknown == before:  # noqa: ASYNC110 - counted where the answer arrives
            await asyncio.sleep(POLL)
    return asking
