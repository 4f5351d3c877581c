"""A ledger in memory that answers as the real one: rows that stand at that place win."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from temporalio import activity

from domain.events import Entry
from domain.ports import RECORD, STAND_DOWN, Append, Recorded, StandDown


class Ledger(Protocol):
    """What a stage needs of a ledger."""

    @property
    def activities(self) -> Sequence[Callable[..., Any]]:
        """`record` and `stand_down`."""
        ...

    async def entries(self, launch: str) -> tuple[Entry, ...]: ...

    async def reserve(self, code: str, launch: str) -> None: ...

    async def write(self, launch: str, entries: Sequence[Entry]) -> None:
        """Rows the launch does not know of: a worker died before it could tell."""
        ...


class MemoryLedger:
    """`stood_down` keeps what was undone, in order. The next `lose_answers` records are committed
    but fail all the same; each record takes `seconds`.
    """

    def __init__(self) -> None:
        self.rows: dict[str, list[Entry]] = defaultdict(list)
        self.lose_answers = 0
        self.seconds = 0.0
        self.stood_down: list[StandDown] = []

    @property
    def activities(self) -> Sequence[Callable[..., Any]]:
        return (self.record, self.stand_down)

    async def entries(self, launch: str) -> tuple[Entry, ...]:
        return tuple(self.rows[launch])

    async def reserve(self, code: str, launch: str) -> None:
        """Every code is free here."""

    async def write(self, launch: str, entries: Sequence[Entry]) -> None:
        assert self.append(launch, entries) is None

    def append(self, launch: str, entries: Sequence[Entry]) -> tuple[Entry, ...] | None:
        """None where written; otherwise the rows that stood there already."""
        rows = self.rows[launch]
        if standing := tuple(rows[entries[0].seq - 1 :]):
            return standing
        assert entries[0].seq == len(rows) + 1
        rows.extend(entries)
        return None

    @activity.defn(name=RECORD)
    async def record(self, append: Append) -> Recorded:
        await asyncio.sleep(self.seconds)
        if not append.entries:
            return Recorded(fault=append.fault)
        adopted = self.append(append.launch, append.entries)
        if self.lose_answers:
            self.lose_answers -= 1
            raise ConnectionError("committed, but nobody heard of it")
        return Recorded(adopted)

    @activity.defn(name=STAND_DOWN)
    async def stand_down(self, order: StandDown) -> None:
        self.stood_down.append(order)
