"""The event log of closed runs as it is sent, made beside the event loop some runs at a time.

It is whole before its first octet goes out: what fails is answered as an error, and never as a log
that is cut off.
"""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from api.event_log_headers import LEFT_OUT, RUNS
from api.office import Office
from api.packed import PackedList, written
from db import directory, insights, integrity
from db.closed_runs import entries_of
from db.integrity import Record
from domain.canonical import plain
from domain.insights.ocel.keys import Keys
from domain.insights.ocel.log import types
from domain.insights.ocel.run import module_object, run_of
from domain.organisation import Person

AT_ONCE: Final = 10
"""Runs that are read in one transaction; on SQLite nobody else is served meanwhile."""

FILE: Final = "countersign.ocel.json"


class EventLog:
    """A log that grows run by run. Runs whose ledger is damaged are left out, and counted."""

    def __init__(
        self, people: Iterable[Person], since: datetime | None, until: datetime | None
    ) -> None:
        self.runs = 0
        self.left_out = 0
        self._period = {"from": plain(since), "to": plain(until)}
        self._keys = Keys(people)
        self._modules: dict[str, None] = {}
        self._events, self._objects = PackedList(), PackedList()

    def add(self, records: Iterable[Record]) -> None:
        """Work for a thread, as is `close`: some milliseconds a run."""
        for record in records:
            entries = entries_of(record)
            if entries is None:
                self.left_out += 1
                continue
            run = run_of(entries, self._keys)
            self.runs += 1
            self._modules.update(dict.fromkeys(run.modules))
            self._events.add(run.events)
            self._objects.add(run.objects)

    def close(self) -> None:
        """Modules, which runs share, come last."""
        self._objects.add(module_object(module) for module in self._modules)
        self._events.close()
        self._objects.close()

    def text(self) -> Iterator[bytes]:
        """The document. What the standard does not know stands under our own name."""
        yield f'{written(types())[:-1]},"events":['.encode()
        yield from self._events
        yield b'],"objects":['
        yield from self._objects
        ours = {**self._period, "runs": self.runs, "left_out": self.left_out}
        yield f'],"countersign":{written(ours)}}}'.encode()

    def headers(self) -> dict[str, str]:
        return {
            RUNS: str(self.runs),
            LEFT_OUT: str(self.left_out),
            "Content-Disposition": f'attachment; filename="{FILE}"',
        }


async def event_log_of(office: Office, since: datetime | None, until: datetime | None) -> EventLog:
    """Of the campaigns that closed in that time, `until` exclusive. One is made after the other."""
    async with office.exports:
        async with office.database.read() as session:
            chosen = await insights.closed(session, since, until)
            people = await directory.everybody(session)
        log = EventLog(people, since, until)
        for first in range(0, len(chosen), AT_ONCE):
            # A closed ledger does not change, so it need not be one transaction.
            async with office.database.read() as session:
                batch = chosen[first : first + AT_ONCE]
                records = [await integrity.record(session, launch) for launch in batch]
            await asyncio.to_thread(log.add, records)
        await asyncio.to_thread(log.close)
    return log
