"""What a replay says where the record is not what happened, or not all of it is there."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client, WorkflowHistory

from api import replays
from api.replays import replay_of
from api.sessions import COOKIE
from db import access
from db.archives import digest_of, find
from db.ledger import append, chained, entries
from db.row import table_of
from db.tables import ArchiveRow, LedgerRow
from domain.events import SYSTEM, Entry, QuestionAsked, ReminderSent
from domain.words.review import OBJECTIONS
from runtime.history import fetch, pack, unpack
from runtime.temporal import connect
from tests.api.story import Document, cancelled, signed_up_to, started
from tests.api.test_replay import archived, replay
from tests.db.test_archives import TRIGGERS as ARCHIVE_TRIGGERS
from tests.db.test_integrity import TRIGGERS as LEDGER_TRIGGERS
from tests.stack import Stack, running_stack

_archive, _ledger = table_of(ArchiveRow), table_of(LedgerRow)


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory, temporal: Client) -> AsyncIterator[Stack]:
    """An installation of its own, whose database lets itself be tampered with."""
    async with running_stack(tmp_path_factory.mktemp("tampered"), temporal) as stack:
        async with stack.database.write() as session:
            backend = stack.database.url.get_backend_name()
            for trigger in (*ARCHIVE_TRIGGERS[backend], *LEDGER_TRIGGERS[backend]):
                await session.execute(text(trigger))
        yield stack


async def kept(stack: Stack) -> str:
    """A closed launch in the archive."""
    launch = await cancelled(stack, await signed_up_to(stack, await started(stack), "product"))
    assert (await archived(stack, launch["id"]))["verified"]
    return str(launch["id"])


async def doubted(stack: Stack, launch: str, *, events: int) -> Document:
    """The replay of a launch that is not verified; so many of its events are told."""
    told = await replay(stack, launch)
    assert not told["verified"]
    assert len(told["frames"]) == events
    verification: Document = told["verification"]
    assert verification["objection"] in OBJECTIONS
    return verification


async def length(stack: Stack, launch: str) -> int:
    return len((await replay(stack, launch))["frames"])


async def test_a_damaged_archive_is_named_and_the_ledger_tells_the_story(stack: Stack) -> None:
    launch = await kept(stack)
    events = await length(stack, launch)
    async with stack.database.write() as session:
        damaged = update(_archive).where(_archive.c.launch == launch)
        await session.execute(damaged.values(history=b"\x1f\x8b\x08 not what it was"))
    found = await doubted(stack, launch, events=events)
    assert found["source"] == "ledger"
    assert found["objection"] == "no_history"
    assert "archived history is damaged" in found["detail"]
    assert "told from the ledger" in found["detail"]


async def test_an_archive_damaged_with_its_digest_is_noticed_as_well(stack: Stack) -> None:
    launch = await kept(stack)
    events = await length(stack, launch)
    cut = text(
        "UPDATE archive SET history = substr(history, 1, 900), digest = :digest "
        "WHERE launch = :launch"
    )
    async with stack.database.write() as session:
        whole = await find(session, launch)
        assert whole is not None
        assert whole.history is not None
        digest = digest_of(whole.history.packed[:900])
        await session.execute(cut, {"digest": digest, "launch": launch})
    found = await doubted(stack, launch, events=events)
    assert "archived history is damaged" in found["detail"]


async def test_another_launchs_history_is_told_apart(stack: Stack) -> None:
    launch, other = await kept(stack), await kept(stack)
    events = await length(stack, launch)
    swap = text(
        "UPDATE archive SET (history, digest) = "
        "(SELECT history, digest FROM archive WHERE launch = :other) WHERE launch = :launch"
    )
    async with stack.database.write() as session:
        await session.execute(swap, {"launch": launch, "other": other})
    found = await doubted(stack, launch, events=events)
    assert (found["source"], found["objection"]) == ("archive", "failed")
    assert "the workflow no longer does what it did" in found["detail"]
    assert "/" not in found["detail"], "no path of the machine, no dump of an event"


async def test_an_edited_ledger_is_told_up_to_the_edit(stack: Stack) -> None:
    launch = await kept(stack)
    edited = update(_ledger).where(_ledger.c.launch == launch, _ledger.c.seq == 4)
    async with stack.database.write() as session:
        await session.execute(edited.values(actor="mallory"))
    found = await doubted(stack, launch, events=3)
    assert found["objection"] == "damaged"
    assert found["detail"].startswith("Entry 4: the ledger is damaged (edited)")


async def test_a_ledger_that_tells_nothing_still_has_a_page(stack: Stack) -> None:
    launch = await kept(stack)
    edited = update(_ledger).where(_ledger.c.launch == launch, _ledger.c.seq == 1)
    async with stack.database.write() as session:
        await session.execute(edited.values(actor="mallory"))
        secret = await access.open_session(
            session, "sponsor", lasts=timedelta(hours=1), now=datetime.now(UTC)
        )
    await doubted(stack, launch, events=0)
    for query in ("", "?at=3"):
        page = await stack.http.get(
            f"/launches/{launch}/replay{query}", headers={"Cookie": f"{COOKIE}={secret}"}
        )
        assert page.status_code == 200
        assert "tells nothing that can be shown" in page.text
        assert "data-player" not in page.text


async def test_a_truncated_ledger_is_told_as_far_as_it_goes(stack: Stack) -> None:
    launch = await kept(stack)
    events = await length(stack, launch)
    cut = text("DELETE FROM ledger WHERE launch = :launch AND seq = :seq")
    async with stack.database.write() as session:
        await session.execute(cut, {"launch": launch, "seq": events})
    found = await doubted(stack, launch, events=events - 1)
    assert found["objection"] == "differs"
    assert found["difference"] == {
        "seq": events,
        "path": "",
        "ledger": "nothing",
        "replay": "an entry",
    }
    assert "the replay has it, the ledger does not" in found["detail"]


async def test_a_forged_but_chained_ledger_is_told_apart_by_the_history(stack: Stack) -> None:
    """Whoever can write rows can chain them again; the history knows what happened."""
    launch = await kept(stack)
    async with stack.database.write() as session:
        standing = await entries(session, launch)
        told = [stored.entry for stored in standing]
        late = [*told[:-1], replace(told[-1], at=told[-1].at + timedelta(hours=1))]
        rows = chained(launch, late, standing[0].prev_hash)
        change = update(_ledger).where(_ledger.c.launch == launch, _ledger.c.seq == len(told))
        await session.execute(change.values(at=rows[-1]["at"], hash=rows[-1]["hash"]))
    found = await doubted(stack, launch, events=len(told))
    assert found["difference"]["seq"] == len(told)
    assert found["difference"]["path"] == "at"
    assert "recorded by build" in found["detail"]


async def test_names_are_told_in_no_difference(stack: Stack) -> None:
    """Whoever is called by one plain word is not told either."""
    launch = await kept(stack)
    async with stack.database.write() as session:
        standing = await entries(session, launch)
        told = [stored.entry for stored in standing]
        forged = [*told[:-1], replace(told[-1], actor="zoe")]
        rows = chained(launch, forged, standing[0].prev_hash)
        change = update(_ledger).where(_ledger.c.launch == launch, _ledger.c.seq == len(told))
        await session.execute(change.values(actor="zoe", hash=rows[-1]["hash"]))
    found = await doubted(stack, launch, events=len(told))
    assert found["difference"]["path"] == "actor"
    assert found["difference"]["ledger"] == found["difference"]["replay"] == "another value"
    assert "zoe" not in str(found)


async def test_a_history_with_a_gap_is_not_replayed(stack: Stack) -> None:
    """A replayer that is given one may never come back."""
    launch = await kept(stack)
    events = await length(stack, launch)
    async with stack.database.write() as session:
        whole = await find(session, launch)
        assert whole is not None
        assert whole.history is not None
        [run] = unpack(whole.history.packed, launch)
        packed = pack([WorkflowHistory(run.workflow_id, [*run.events[:3], *run.events[5:]])])
        change = update(_archive).where(_archive.c.launch == launch)
        await session.execute(change.values(history=packed, digest=digest_of(packed)))
    found = await doubted(stack, launch, events=events)
    assert "archived history is damaged: events are missing" in found["detail"]


async def test_what_temporal_has_lost_the_ledger_tells(stack: Stack) -> None:
    launch = await started(stack)
    assert stack.temporal is not None
    await stack.temporal.workflow_service.delete_workflow_execution(
        DeleteWorkflowExecutionRequest(
            namespace=stack.temporal.namespace,
            workflow_execution=WorkflowExecution(workflow_id=f"launch-{launch['id']}"),
        )
    )
    async with asyncio.timeout(60):
        while (found := (await replay(stack, launch["id"]))["verification"])["source"] != "ledger":  # noqa: ASYNC110 - HTTP
            await asyncio.sleep(0.1)
    assert "Temporal has no history of this launch, and none was archived" in found["detail"]


async def test_while_temporal_is_away_the_ledger_tells(stack: Stack) -> None:
    launch = await started(stack)
    away = await connect({"TEMPORAL_ADDRESS": "127.0.0.1:1"}, lazy=True)
    told = await replay_of(replace(stack.office, temporal=away), launch["id"])
    assert told["verified"] is False
    assert len(told["frames"]) == launch["seq"]
    assert "Temporal does not give the history" in told["verification"]["detail"]


async def test_a_history_that_no_worker_completes_is_behind_and_not_wrong(stack: Stack) -> None:
    """The ledger is written, and the worker dies before Temporal hears of it."""
    launch = await started(stack)
    assert stack.temporal is not None
    async with stack.without_worker():
        whole = await fetch(stack.temporal, launch["id"])
        async with stack.database.read() as session:
            standing = await entries(session, launch["id"])
        last = standing[-1].entry
        reminder = ReminderSent("product", "answer", last.at)
        reminded = Entry(last.seq + 1, last.at, SYSTEM, None, None, reminder)
        async with stack.database.write() as session:
            await append(session, launch["id"], [reminded])
        found = await doubted(stack, launch["id"], events=launch["seq"] + 1)
        assert found["history_events"] == len(whole[-1].events)
    assert "does not have it yet, because no worker has completed it" in found["detail"]
    assert "build" not in found["detail"]


async def test_an_act_that_nobody_has_signed_is_damage(stack: Stack) -> None:
    """Chained at the end of an open launch, where a history may be behind for good reasons."""
    launch = await started(stack)
    async with stack.database.write() as session:
        last = (await entries(session, launch["id"]))[-1].entry
        question = QuestionAsked("product", "?", last.at)
        asked = Entry(last.seq + 1, last.at, "lead.product", None, None, question)
        await append(session, launch["id"], [asked])
    found = await doubted(stack, launch["id"], events=asked.seq)
    assert found["detail"].startswith(f"Entry {asked.seq}: the ledger is damaged (signature)")
    assert found["difference"] is None


async def test_a_replay_that_does_not_end_is_left_behind(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch = await kept(stack)

    ends = asyncio.Event()

    async def hangs(*_: object, **__: object) -> None:
        await ends.wait()

    events = await length(stack, launch)
    with monkeypatch.context() as patched:
        patched.setattr(replays, "retell", hangs)
        patched.setattr(replays, "LONGEST", 0.05)
        for _ in range(2):
            found = await doubted(stack, launch, events=events)
            assert "the replay did not end" in found["detail"]
        assert stack.office.replays.locked(), "those that hang count among those at work"
    ends.set()
    assert (await replay(stack, launch))["verified"]
