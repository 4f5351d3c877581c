"""The event log of closed runs, as tools that mine processes read it."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog

from api.office import Office
from db import insights, integrity, ledger
from db.projection import text_of
from domain.events import Entry
from domain.evolve import fold
from domain.insights.ocel import event_log

BATCH: Final = 50
"""Runs that are read in one transaction."""

Rows = Sequence[Mapping[str, Any]]
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class EventLog:
    """OCEL 2.0 as JSON text. `left_out` counts the runs whose ledgers cannot be told."""

    text: str
    left_out: int


async def event_log_of(office: Office, since: datetime | None, until: datetime | None) -> EventLog:
    """The log of the runs that closed in that time, `until` exclusive."""
    async with office.database.read() as session:
        closed = await insights.closed(session, since, until)
    runs: list[Sequence[Entry]] = []
    for first in range(0, len(closed), BATCH):
        batch = closed[first : first + BATCH]
        async with office.database.read() as session:
            read = {launch: await ledger.rows_after(session, launch) for launch in batch}
        runs += await asyncio.to_thread(_told, read)
    text = await asyncio.to_thread(lambda: text_of(event_log(runs)))
    return EventLog(text, len(closed) - len(runs))


def _told(read: Mapping[str, Rows]) -> Iterable[Sequence[Entry]]:
    told: list[Sequence[Entry]] = []
    for launch, rows in read.items():
        try:
            entries = [ledger.entry_of(row) for row in rows]
            fold(entries)
        except integrity.UNTELLABLE as error:
            _log.warning("run.left_out", launch=launch, reason=type(error).__name__)
            continue
        told.append(entries)
    return told
