"""A run told again and verified: its history through the workflow as it now is, held against its
ledger value by value.

Where there is no history, or a damaged one, the story is still told, from the ledger alone, and
says so. Nothing is executed, nothing is written.
"""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import structlog
from temporalio.service import RPCError

from api.office import Office
from api.verification import Document, Evidence, Source, first_objection, verification_document
from db import archives, integrity, keys, ledger
from db.archives import Archived
from domain.replay_document import replay_document
from domain.telling import frames
from runtime.converter import DATA_CONVERTER
from runtime.history import HistoryDamaged, HistoryGone, HistoryUnreachable, Runs, fetch, unpack
from runtime.temporal import deployed_runner
from workflows.retelling import Retelling, retell

_log = structlog.get_logger()

TRIES: Final = 5
LONGEST: Final = 120.0
"""Seconds a replay may take; a thousand events take one."""
PAUSE: Final = 0.2
"""Seconds between two looks at a launch whose history is behind its ledger at this moment."""


async def replay_of(office: Office, launch: str) -> Document:
    """The replay as `GET /launches/{launch}/replay` answers it; replaying is work."""
    evidence, story = await _retold(office, launch)
    return await asyncio.to_thread(_document, launch, evidence, story)


async def _retold(office: Office, launch: str) -> tuple[Evidence, Retelling | None]:
    """The evidence and its replay. The ledger is written before a task is completed, so the history
    of a launch at work may be an entry behind for a moment.
    """
    evidence, story = await _told_now(office, launch)
    for _ in range(TRIES):
        if story is None or not evidence.is_behind(story):
            break
        await asyncio.sleep(PAUSE)
        evidence, story = await _told_now(office, launch)
    return evidence, story


async def _told_now(office: Office, launch: str) -> tuple[Evidence, Retelling | None]:
    evidence = await _evidence(office, launch)
    if evidence.runs is None:
        return evidence, None
    try:
        story = await _replayed(office, evidence.runs)
    except TimeoutError as error:
        return replace(evidence, trouble=str(error), source="ledger"), None
    if story.failure is not None:
        _log.warning("replay.failed", launch=launch, error=type(story.failure).__name__)
    return evidence, story


async def _replayed(office: Office, runs: Runs) -> Retelling:
    """TimeoutError where it takes too long. A replayer that hangs cannot be cancelled, so it keeps
    its place among those that run at once.
    """
    try:
        await asyncio.wait_for(office.replays.acquire(), LONGEST)
    except TimeoutError:
        message = f"other replays left no room for this one within {LONGEST:g} seconds"
        raise TimeoutError(message) from None
    replay = asyncio.create_task(retell(runs, runner=deployed_runner(), converter=DATA_CONVERTER))
    replay.add_done_callback(lambda _: office.replays.release())
    done, _ = await asyncio.wait((replay,), timeout=LONGEST)
    if not done:
        raise TimeoutError(f"the replay did not end within {LONGEST:g} seconds")
    return replay.result()


async def _evidence(office: Office, launch: str) -> Evidence:
    """The ledger is counted before the history is read, and read after it: so many entries the
    history must have at least, and none that the ledger has not.
    """
    async with office.database.read() as session:
        archived = await archives.find(session, launch)
        stood = len(await ledger.seqs(session, launch))
    source: Source = "temporal" if archived is None or archived.history is None else "archive"
    runs: Runs | None = None
    trouble: str | None = None
    try:
        runs = await _history(office, launch, archived)
    except HistoryDamaged as error:
        trouble = f"the archived history is damaged: {error}"
    except HistoryGone:
        trouble = "Temporal has no history of this launch, and none was archived"
    except (HistoryUnreachable, RPCError, TimeoutError):
        trouble = "Temporal does not give the history, and it is not archived"
    async with office.database.read() as session:
        record, trusted = await integrity.record(session, launch), await keys.trusted(session)
    told = await asyncio.to_thread(integrity.told, record, trusted)
    known = "ledger" if runs is None else source
    return Evidence(told, trusted, archived, known, runs, trouble, stood)


async def _history(office: Office, launch: str, archived: Archived | None) -> Runs:
    if archived is None or archived.history is None:
        async with asyncio.timeout(office.patience.total_seconds()):
            return await fetch(office.temporal, launch)
    if not archived.is_whole:
        raise HistoryDamaged("its digest is not the one that was kept with it")
    return await asyncio.to_thread(unpack, archived.history.packed, launch)


def _document(launch: str, evidence: Evidence, story: Retelling | None) -> Document:
    told = frames(evidence.ledger.entries)
    objection = first_objection(evidence, story)
    verification = verification_document(evidence, story, objection)
    return {
        "launch": launch,
        "verified": objection is None,
        "verification": verification,
        **replay_document(told, _end(evidence)),
    }


def _end(evidence: Evidence) -> datetime:
    """Until when it is told: a run whose end is damaged or lost is not still going on."""
    is_over = evidence.archived is not None or evidence.ledger.problems
    entries = evidence.ledger.entries
    return entries[-1].at if is_over and entries else datetime.now(UTC)
