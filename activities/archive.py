"""The archive as the worker fills it: a sweep over the launches that owe their history.

Not an activity of any launch, whose history is unfinished as long as it runs. Whatever dies, the
next sweep of any worker goes on: what is owed stands in the database, and keeping it twice changes
nothing.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client

from db import archives
from db.archives import History, Owed
from db.session import Database
from runtime.history import HistoryGone, HistoryUnreachable, fetch, has_ended, pack

BATCH: Final = 20
SOON: Final = timedelta(seconds=2)
"""Until a launch is asked for again whose last task is not completed yet, at least."""
LATER: Final = timedelta(hours=1)
"""At most, and for one that Temporal does not know, or not as it should: its server may be brought
back from a backup.
"""

log = structlog.get_logger(__name__)


class Archive:
    """Brings the histories of closed launches from Temporal into the database."""

    def __init__(self, database: Database, temporal: Client) -> None:
        self._database = database
        self._temporal = temporal

    @asynccontextmanager
    async def swept(self, interval: timedelta) -> AsyncIterator[None]:
        """While the block runs, everything owed is archived, looked for once in this interval."""
        sweeping = asyncio.create_task(self._sweep_forever(interval))
        try:
            yield
        finally:
            sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await sweeping

    async def sweep(self) -> int:
        """Archive what is owed now, at most a batch; how many launches were looked at.

        One that cannot be archived keeps no other from it. Raises HistoryUnreachable or
        SQLAlchemyError where Temporal or the database do not answer.
        """
        async with self._database.read() as session:
            owed = await archives.owed(session, datetime.now(UTC), most=BATCH)
        for one in owed:
            try:
                await self._archive(one)
            except SQLAlchemyError:
                raise
            except HistoryUnreachable:
                # Where it is about this one only, the others come first the next time.
                await self._postpone(one.launch, _patience(one))
                raise
            except Exception:
                # Whatever it is, the next launch is not to wait for it, and it is not forgotten.
                log.exception("archive.failed", launch=one.launch)
                await self._postpone(one.launch, LATER)
        return len(owed)

    async def catch_up(self) -> None:
        """Launches closed by a build that knew no archive owe their histories as well."""
        async with self._database.write() as session:
            await archives.owe_all(session)

    async def _archive(self, owed: Owed) -> None:
        launch = owed.launch
        try:
            runs = await fetch(self._temporal, launch)
        except HistoryGone:
            log.warning("archive.history_gone", launch=launch)
            await self._postpone(launch, LATER)
            return
        if not has_ended(runs):
            later = _patience(owed)
            if later > SOON:
                log.warning("archive.not_ended", launch=launch, again_after=later.total_seconds())
            await self._postpone(launch, later)
            return
        packed = await asyncio.to_thread(pack, runs)
        history = History(len(runs), sum(len(run.events) for run in runs), packed)
        async with self._database.write() as session:
            is_first = await archives.keep(session, launch, history, at=datetime.now(UTC))
        if is_first:
            log.info("launch.archived", launch=launch, events=history.events, size=len(packed))

    async def _postpone(self, launch: str, by: timedelta) -> None:
        async with self._database.write() as session:
            await archives.postpone(session, launch, datetime.now(UTC) + by)

    async def _sweep_forever(self, interval: timedelta) -> None:
        """A full batch is followed by the next at once; what does not answer is asked again."""
        is_caught_up = False
        while True:
            looked_at = 0
            try:
                if not is_caught_up:
                    await self.catch_up()
                    is_caught_up = True
                looked_at = await self.sweep()
            except (HistoryUnreachable, SQLAlchemyError) as error:
                log.warning("archive.not_swept", reason=type(error).__name__)
            if looked_at < BATCH:
                await asyncio.sleep(interval.total_seconds())


def _patience(owed: Owed) -> timedelta:
    """Until it is asked for again: the longer it has not come, the longer."""
    return min(max(SOON, (datetime.now(UTC) - owed.closed_at) / 10), LATER)
