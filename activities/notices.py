"""Notices to people: rows in their inbox. Mail and chat are channels on top."""

from datetime import UTC, datetime
from typing import Final

from temporalio import activity

from db import notices
from db.session import Database
from domain.ports import STAND_DOWN, StandDown

KIND: Final = "stand_down"


class Notices:
    """What a launch tells people through their inbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name=STAND_DOWN)
    async def stand_down(self, told: StandDown) -> None:
        """Tell everyone who signed a step that they stand down.

        Idempotency key: launch, step, person and kind of notice; a repeat tells nobody twice.
        Timeout: seconds, it is one short transaction. Final errors: none; a database that cannot
        be written to is tried again.
        """
        async with self._database.write() as session:
            await notices.tell(
                session,
                told.launch,
                told.step,
                told.people,
                kind=KIND,
                at=datetime.now(UTC),
            )
