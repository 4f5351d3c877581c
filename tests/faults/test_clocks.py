"""API or worker on a machine whose clock is hours wrong. The launch's own clock is Temporal's: what
it decides, and when, is no concern of theirs.
"""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx2
import pytest

from db import ledger
from domain.events import Entry
from tests.faults.conftest import Note
from tests.faults.databases import on_both, on_sqlite_first
from tests.faults.desk import Desk
from tests.faults.plans import chain
from tests.faults.process import PATIENCE, POLL, Victim, program
from tests.faults.recovery import completed, started, unanswered, written
from tests.faults.rig import API, WORKER, Rig
from tests.faults.signing import sign, step_of
from tests.faults.site import PLANNER

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

HOURS = pytest.mark.parametrize("hours", [6, -6])
ANSWER = timedelta(seconds=3)
NEAR = timedelta(minutes=30)
"""Closer to the right time than to the wrong one."""


async def clock_of_api(desk: Desk) -> datetime:
    response = await desk.http.get(f"{desk.site.url}/healthz")
    return parsedate_to_datetime(response.headers["Date"])


async def starts_by_a_wrong_clock(worker: Victim, hours: float) -> None:
    """Waits until its log says so."""
    async with asyncio.timeout(PATIENCE):
        while not is_wrong(clock_of_worker(worker), hours):  # noqa: ASYNC110 - another process
            await asyncio.sleep(POLL)


def clock_of_worker(worker: Victim) -> datetime:
    """As of its last start."""
    lines = [line for line in worker.log.read_text().splitlines() if "worker.started" in line]
    return datetime.fromisoformat(json.loads(lines[-1])["timestamp"])


def is_wrong(clock: datetime, hours: float) -> bool:
    return abs(clock - datetime.now(UTC) - timedelta(hours=hours)) < NEAR


async def entries_of(rig: Rig, launch: str) -> list[Entry]:
    async with rig.site.database() as database, database.read() as session:
        return [stored.entry for stored in await ledger.entries(session, launch)]


def hold_to_the_right_clock(entries: list[Entry]) -> None:
    """I22: in order of seq, which is also that of Temporal's clock; nothing fired early."""
    instants = [entry.at for entry in entries]
    assert instants == sorted(instants)
    assert all(abs(at - datetime.now(UTC)) < NEAR for at in instants)
    asked = next(e.at for e in entries if e.event.kind == "CommitmentRequested")
    overdue = next(e.at for e in entries if e.event.kind == "AnswerOverdue")
    assert overdue - asked >= ANSWER


def impatient() -> dict[str, object]:
    return chain(policy={"answer_within": f"PT{ANSWER.seconds}S"})


@pytest.mark.slow
@on_sqlite_first
@HOURS
async def test_the_api(rig: Rig, desk: Desk, note: Note, hours: int) -> None:
    """What it was asked with a wrong clock becomes final, though its successor knows better."""
    async with rig.replaced(API, *program("skewed", str(hours), "serve")):
        assert is_wrong(await clock_of_api(desk), hours)
        launch = await started(desk, impatient())
        await written(rig, launch["id"], "AnswerOverdue", "product")
        await rig.kill(WORKER)
        asking = await unanswered(desk, sign(launch, step_of(launch, "product")))
    assert is_wrong(await clock_of_api(desk), 0)
    assert (await asking).is_acknowledged
    what = f"the API's clock {hours:+} h"
    figures = await completed(rig, desk, launch["id"], what, faults=1, also=("I22",))
    hold_to_the_right_clock(await entries_of(rig, launch["id"]))
    note(figures)


@pytest.mark.slow
@on_both
@pytest.mark.parametrize("hours", [6, -6])
async def test_the_worker(rig: Rig, desk: Desk, note: Note, hours: int) -> None:
    async with rig.replaced(WORKER, *program("skewed", str(hours), "worker")) as worker:
        await starts_by_a_wrong_clock(worker, hours)
        launch = await started(desk, impatient())
        await written(rig, launch["id"], "AnswerOverdue", "product")
        what = f"the worker's clock {hours:+} h"
        figures = await completed(rig, desk, launch["id"], what, faults=1, also=("I22",))
    hold_to_the_right_clock(await entries_of(rig, launch["id"]))
    note(figures)


@pytest.mark.slow
async def test_tokens_expire_by_the_clock_of_the_api(rig: Rig, desk: Desk, note: Note) -> None:
    """A token of one day, two days later as the API sees it; none is lost by that."""
    launch = await started(desk, chain())
    bearer = {"Authorization": f"Bearer {rig.site.tokens[PLANNER]}"}
    address = f"{rig.site.url}/api/v1/launches/{launch['id']}"
    async with rig.replaced(API, *program("skewed", "48", "serve")), httpx2.AsyncClient() as http:
        assert (await http.get(address, headers=bearer)).status_code == 401
    what = "the API's clock +48 h: tokens have expired"
    note(await completed(rig, desk, launch["id"], what, faults=1))
