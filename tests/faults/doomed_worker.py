"""A worker that SIGKILLs or SIGSTOPs itself around the write to the ledger:
`python -m tests.faults.doomed_worker MOMENT EVENT NTH END`.

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
End: TypeAlias = Literal["SIGKILL", "SIGSTOP"]


@dataclass(frozen=True, slots=True)
class Doom:
    """The end at the `nth` record that holds an event of this type; from SIGSTOP it may be called
    back.
    """

    moment: Moment
    event: str
    nth: int = 1
    end: End = "SIGKILL"

    def words(self) -> tuple[str, ...]:
        return (self.moment, self.event, str(self.nth), self.end)


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
            self._meet()
        recorded = await super().record(append)
        if is_due and self._doom.moment == "after":
            self._meet()
        return recorded

    def _is_due(self, append: Append) -> bool:
        is_such = any(entry.event.kind == self._doom.event for entry in append.entries)
        self._met += is_such
        return is_such and self._met == self._doom.nth

    def _meet(self) -> None:
        os.kill(os.getpid(), signal.Signals[self._doom.end])


def main(moment: str, event: str, nth: str, end: str) -> None:
    doom = Doom(cast("Moment", moment), event, int(nth), cast("End", end))
    with patch.object(worker, "Ledger", partial(DoomedLedger, doom=doom)):
        asyncio.run(worker.main())


if __name__ == "__main__":
    main(*sys.argv[1:])
