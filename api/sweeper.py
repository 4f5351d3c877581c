"""Sends pending commands again, under their own ids, until each has its final outcome.

A command whose request gave up waiting, or whose process died, is found here: by this process or
another one, also after a restart. Of one launch they go in order, so that a person's acts do not
overtake each other.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.exc import OperationalError

from api.dispatches import Dispatch, dispatch_of
from api.office import Office
from api.outcomes import settle
from db import commands

INTERVAL: Final = 1.0
SLACK: Final = timedelta(seconds=1)
BATCH: Final = 64
AT_ONCE: Final = 8

_log = structlog.get_logger()


async def sweep_forever(office: Office) -> None:
    """One round after another until cancelled; what a failed one left is there in the next."""
    while True:
        try:
            await sweep(office)
        except OperationalError as error:
            _log.warning("sweep.failed", reason=str(error.orig))
        except Exception:  # noqa: BLE001 - the sweeper outlives whatever one command brings about
            _log.exception("sweep.failed")
        await asyncio.sleep(INTERVAL)


async def sweep(office: Office) -> int:
    """Send again what has been silent for longer than a request waits; how many got an outcome."""
    async with office.database.write() as session:
        silent = await commands.pending(
            session, older_than=office.patience + SLACK, limit=BATCH, now=datetime.now(UTC)
        )
    by_launch: dict[str, list[Dispatch]] = defaultdict(list)
    for command in silent:
        dispatch = dispatch_of(command.payload)
        by_launch[dispatch.launch].append(dispatch)
    limit = asyncio.Semaphore(AT_ONCE)
    settled = await asyncio.gather(
        *(_in_order(office, queue, limit) for queue in by_launch.values())
    )
    return sum(settled)


async def _in_order(office: Office, queue: Sequence[Dispatch], limit: asyncio.Semaphore) -> int:
    """Stops at the first that is still unknown: those after it would be, too."""
    async with limit:
        for count, dispatch in enumerate(queue):
            office.figures.resent.inc()
            reply = await settle(office, dispatch)
            if reply is None:
                return count
            _log.info("command.settled", command=dispatch.id, status=reply.status)
    return len(queue)
