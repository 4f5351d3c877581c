"""A worker that dies between the ledger's commit and the end of its workflow task:
`python -m tests.workflows.dying ADDRESS QUEUE DATABASE`. It survives the start of a launch.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from temporalio import activity

from domain.ports import RECORD, Append, Recorded
from tests.workflows.server import client_of
from tests.workflows.stage import Stage
from tests.workflows.stored import StoredLedger, opened

DIED = 9


class DyingLedger(StoredLedger):
    """Commits everything; after the first act nobody hears of it."""

    @property
    def activities(self) -> Sequence[Callable[..., Any]]:
        return (self.record, self.notices.stand_down)

    @activity.defn(name=RECORD)
    async def record(self, append: Append) -> Recorded:
        recorded = await self.ledger.record(append)
        if append.entries[0].seq > 1:
            os._exit(DIED)
        return recorded


async def main(address: str, queue: str, database: str) -> None:
    async with opened(database) as ledger:
        stage = Stage(await client_of(address), DyingLedger(ledger.database), queue)
        async with stage.worker():
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
