"""Sends commands again, under their own ids, until each is final and its launch known to have it.

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
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from api.dispatches import Dispatch, dispatch_of
from api.office import Office
from api.outcomes import give_up, settle
from db import commands
from db.commands import StoredCommand

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
    await note_heard(office)
    async with office.database.write() as session:
        silent = await commands.silent(
            session, older_than=office.patience + SLACK, limit=BATCH, now=datetime.now(UTC)
        )
    by_launch: dict[str, list[Dispatch]] = defaultdict(list)
    for command in silent:
        if dispatch := await _readable(office, command):
            by_launch[dispatch.launch].append(dispatch)
    limit = asyncio.Semaphore(AT_ONCE)
    settled = await asyncio.gather(
        *(_in_order(office, queue, limit) for queue in by_launch.values())
    )
    return sum(settled)


async def note_heard(office: Office) -> None:
    """Write down which commands need not be sent again."""
    heard = tuple(office.heard)
    if not heard:
        return
    async with office.database.write() as session:
        await commands.hear(session, heard, datetime.now(UTC))
    del office.heard[: len(heard)]


async def _readable(office: Office, command: StoredCommand) -> Dispatch | None:
    """What to send; a command that cannot be sent any more is final now."""
    try:
        return dispatch_of(command.payload)
    except ValidationError:
        _log.exception("command.unreadable", command=command.id)
        await give_up(office, command)
        return None


async def _in_order(office: Office, queue: Sequence[Dispatch], limit: asyncio.Semaphore) -> int:
    """Stops at the first that is still unknown: those after it would be, too."""
    count = 0
    async with limit:
        for dispatch in queue:
            office.figures.resent.inc()
            try:
                reply = await settle(office, dispatch)
            except Exception:  # noqa: BLE001 - whatever is wrong with it, the others go on
                _log.exception("command.failed", command=dispatch.id)
                continue
            if reply is None:
                break
            count += 1
            _log.info("command.settled", command=dispatch.id, status=reply.status)
    return count
