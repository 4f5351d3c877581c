"""The archive's sweep on a real server: everything closed is kept, once, whatever comes between."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import structlog
from structlog.testing import LogCapture
from structlog.typing import EventDict
from temporalio.client import Client

from activities.archive import Archive
from db import archives
from db.archives import Archived, Owed
from domain.acts import Ask, CancelLaunch
from runtime.converter import DATA_CONVERTER
from runtime.history import HistoryUnreachable, Runs, fetch, unpack
from runtime.signing import public_jwk
from runtime.temporal import connect, deployed_runner
from tests.plans import PLANNER
from tests.workflows.cast import KEY
from tests.workflows.plans import LINE, plan
from tests.workflows.server import dev_server
from tests.workflows.stage import Played, Stage, staged
from tests.workflows.stored import StoredLedger, opened
from workflows.replay import doubts
from workflows.retelling import retell

SOON = "limit.historyCount.suggestContinueAsNew=40"


@pytest.fixture(scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """A server that suggests to continue as new after some forty events."""
    async with dev_server(tmp_path_factory.mktemp("server") / "temporal.log", SOON) as client:
        yield client


@pytest.fixture
async def ledger(database_url: str) -> AsyncIterator[StoredLedger]:
    async with opened(database_url) as ledger:
        yield ledger


@pytest.fixture
async def stage(client: Client, ledger: StoredLedger) -> AsyncIterator[Stage]:
    async with staged(client, ledger) as stage:
        yield stage


@pytest.fixture
def archive(client: Client, ledger: StoredLedger) -> Archive:
    return Archive(ledger.database, client)


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> list[EventDict]:
    """What the sweep logs; its own logger may have been configured, for good, by another test."""
    captured = LogCapture()
    logger = structlog.wrap_logger(None, processors=[captured])
    monkeypatch.setattr("activities.archive.log", logger)
    return captured.entries


async def closed(stage: Stage, *, acts: int = 0) -> Played:
    played = await stage.start(replace(plan(chain=LINE[:2]), code=f"FT-{uuid4()}"))
    for number in range(acts):
        await played.act(Ask("product", f"Question {number}?"), "lead.product")
    await played.sign("product")
    await played.act(CancelLaunch("Enough."), PLANNER)
    assert await played.handle.result() == "cancelled"
    return played


async def found(ledger: StoredLedger, launch: str) -> Archived | None:
    async with ledger.database.read() as session:
        return await archives.find(session, launch)


async def until_swept(archive: Archive, ledger: StoredLedger, launch: str) -> Archived:
    async with asyncio.timeout(30):
        while True:
            await archive.sweep()
            archived = await found(ledger, launch)
            if archived is not None and archived.history is not None:
                return archived
            await asyncio.sleep(0.1)


async def test_a_closed_launch_is_kept_and_can_be_told_again(
    stage: Stage, ledger: StoredLedger, archive: Archive
) -> None:
    played = await closed(stage)
    archived = await until_swept(archive, ledger, played.id)
    assert archived.history is not None
    entries = await ledger.entries(played.id)
    assert archived.entries == len(entries)
    assert archived.history.events == await played.length()
    runs = unpack(archived.history.packed, played.id)
    told = await retell(runs, runner=deployed_runner(), converter=DATA_CONVERTER)
    jwk = public_jwk(KEY)
    assert doubts(told, entries, trusted={jwk["kid"]: jwk}) == ()
    assert len(told.builds) == len(entries)
    assert await archive.sweep() == 0, "nothing is kept twice"


async def test_runs_that_continued_each_other_are_kept_in_order(
    stage: Stage, ledger: StoredLedger, archive: Archive
) -> None:
    played = await closed(stage, acts=16)
    archived = await until_swept(archive, ledger, played.id)
    assert archived.history is not None
    assert archived.history.runs > 1
    runs = unpack(archived.history.packed, played.id)
    told = await retell(runs, runner=deployed_runner(), converter=DATA_CONVERTER)
    jwk = public_jwk(KEY)
    assert doubts(told, await ledger.entries(played.id), trusted={jwk["kid"]: jwk}) == ()


async def test_an_open_launch_owes_nothing(
    stage: Stage, ledger: StoredLedger, archive: Archive
) -> None:
    played = await stage.start(plan(chain=LINE[:2]))
    assert await archive.sweep() == 0
    assert await found(ledger, played.id) is None
    await played.act(CancelLaunch("Enough."), PLANNER)


async def test_two_workers_that_sweep_at_once_keep_it_once(
    stage: Stage, client: Client, ledger: StoredLedger, archive: Archive, logs: list[EventDict]
) -> None:
    played = [await closed(stage) for _ in range(3)]
    other = Archive(ledger.database, client)
    async with asyncio.timeout(30):
        while len(logs) < len(played):
            await asyncio.gather(archive.sweep(), other.sweep())
    assert sorted(log["launch"] for log in logs) == sorted(one.id for one in played)
    assert {log["event"] for log in logs} == {"launch.archived"}
    histories = [await found(ledger, one.id) for one in played]
    assert all(one is not None and one.history is not None and one.is_whole for one in histories)
    assert await archive.sweep() == await other.sweep() == 0


async def test_one_that_temporal_does_not_know_is_named_and_asked_for_later(
    ledger: StoredLedger, archive: Archive, logs: list[EventDict]
) -> None:
    now = datetime.now(UTC)
    await ledger.reserve("FT-LOST", "lost")
    async with ledger.database.write() as session:
        await archives.owe(session, "lost", closed_at=now, entries=1, head="sha256:x")
    assert await archive.sweep() == 1
    assert [log["event"] for log in logs] == ["archive.history_gone"]
    async with ledger.database.read() as session:
        assert await archives.owed(session, now, most=9) == ()
        later = now + timedelta(hours=2)
        assert await archives.owed(session, later, most=9) == (Owed("lost", now),)


async def test_one_that_does_not_end_is_asked_for_less_and_less(
    stage: Stage, ledger: StoredLedger, archive: Archive, logs: list[EventDict]
) -> None:
    """Closed in the ledger a day ago, and still running."""
    played = await stage.start(plan(chain=LINE[:2]))
    now = datetime.now(UTC)
    ago = now - timedelta(hours=5)
    async with ledger.database.write() as session:
        await archives.owe(session, played.id, closed_at=ago, entries=1, head="sha256:x")
    assert await archive.sweep() == 1
    assert [log["event"] for log in logs] == ["archive.not_ended"]
    async with ledger.database.read() as session:
        soon, later = now + timedelta(minutes=25), now + timedelta(minutes=35)
        assert await archives.owed(session, soon, most=9) == ()
        assert await archives.owed(session, later, most=9) == (Owed(played.id, ago),)
    await played.handle.terminate()


async def test_one_that_temporal_does_not_give_lets_the_others_pass(
    stage: Stage, ledger: StoredLedger, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = await closed(stage), await closed(stage)

    async def refusing(client: Client, launch: str) -> Runs:
        if launch == broken.id:
            raise HistoryUnreachable("CANCELLED")
        return await fetch(client, launch)

    monkeypatch.setattr("activities.archive.fetch", refusing)
    with pytest.raises(HistoryUnreachable):
        await archive.sweep()
    assert (await until_swept(archive, ledger, whole.id)).is_whole


async def test_one_that_cannot_be_archived_keeps_no_other_from_it(
    stage: Stage,
    ledger: StoredLedger,
    archive: Archive,
    monkeypatch: pytest.MonkeyPatch,
    logs: list[EventDict],
) -> None:
    broken, whole = await closed(stage), await closed(stage)

    async def stumbling(client: Client, launch: str) -> Runs:
        if launch == broken.id:
            raise IndexError("an answer without events")
        return await fetch(client, launch)

    monkeypatch.setattr("activities.archive.fetch", stumbling)
    assert (await until_swept(archive, ledger, whole.id)).is_whole
    assert [log["launch"] for log in logs if log["event"] == "archive.failed"] == [broken.id]
    async with ledger.database.read() as session:
        later = datetime.now(UTC) + timedelta(hours=2)
        assert [o.launch for o in await archives.owed(session, later, most=9)] == [broken.id]


async def test_it_goes_on_when_temporal_comes_back(
    stage: Stage, client: Client, ledger: StoredLedger, logs: list[EventDict]
) -> None:
    """A sweep that fails is tried again; one that is cut off has changed nothing."""
    played = await closed(stage)
    nobody = await connect({"TEMPORAL_ADDRESS": "127.0.0.1:1"}, lazy=True)
    async with Archive(ledger.database, nobody).swept(timedelta(milliseconds=20)):
        async with asyncio.timeout(30):
            while not logs:  # noqa: ASYNC110 - written by the sweep
                await asyncio.sleep(0.02)
    assert logs[0]["event"] == "archive.not_swept"
    assert (archived := await found(ledger, played.id)) is not None
    assert archived.history is None
    async with Archive(ledger.database, client).swept(timedelta(milliseconds=20)):
        async with asyncio.timeout(30):
            while (again := await found(ledger, played.id)) is None or again.history is None:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.02)
