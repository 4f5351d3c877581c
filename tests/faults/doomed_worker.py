"""A worker that SIGKILLs itself around the write to the ledger:
`python -m tests.faults.doomed_worker MOMENT EVENT NTH`.

`after` is between "ledger written" and "workflow task completed": the rows are committed, and
nobody hears of it. `before` is the moment before they are written.
"""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias, cast
from unittest.mock import patch

from temporalio import activity

import worker
from activities.ledger import Ledger
from db.session import Database
from domain.ports import RECORD, Append, Recorded

Moment: TypeAlias = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Doom:
    """Death at the `nth` record that holds an event of this type."""

    moment: Moment
    event: str
    nth: int = 1

    def words(self) -> tuple[str, ...]:
        return (self.moment, self.event, str(self.nth))


class DoomedLedger(Ledger):
    """The ledger, until its doom."""

    def __init__(self, database: Database, *, doom: Doom) -> None:
        super().__init__(database)
        self._doom = doom
        self._met = 0

    @activity.defn(name=RECORD)
    async def record(self, append: Append) -> Recorded:
        is_due = self._is_due(append)
        if is_due and self._doom.moment == "before":
            _die()
        recorded = await super().record(append)
        if is_due:
            _die()
        return recorded

    def _is_due(self, append: Append) -> bool:
        self._met += any(entry.event.kind == self._doom.event for entry in append.entries)
        return self._met == self._doom.nth


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(moment: str, event: str, nth: str) -> None:
    doom = Doom(cast("Moment", moment), event, int(nth))
    with patch.object(worker, "Ledger", partial(DoomedLedger, doom=doom)):
        asyncio.run(worker.main())


if __name__ == "__main__":
    main(*sys.argv[1:])
