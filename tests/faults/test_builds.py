"""An old and a new build of the worker on one queue, the tasks of each launch with now one and now
the other of them.
"""

from collections import Counter

import pytest
from temporalio.api.enums.v1 import EventType

from tests.faults.conftest import Note
from tests.faults.databases import on_both, on_sqlite_first
from tests.faults.desk import Desk
from tests.faults.process import program
from tests.faults.recovery import told
from tests.faults.rig import WORKER, Rig
from tests.faults.signing import signing

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

COMPLETED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED


async def workers_of(rig: Rig, launch: str) -> Counter[int]:
    """The tasks of a launch by the process that did them."""
    handle = (await rig.site.temporal()).get_workflow_handle(f"launch-{launch}")
    identities = [
        event.workflow_task_completed_event_attributes.identity
        async for event in handle.fetch_history_events()
        if event.event_type == COMPLETED
    ]
    return Counter(int(identity.partition("@")[0]) for identity in identities)


async def shared(rig: Rig, desk: Desk, acts: int, clients: int) -> tuple[int, int]:
    """Tasks done by the old and by the new build while clients sign."""
    new, old = program("old_worker", "new"), program("old_worker", "old")
    async with rig.replaced(WORKER, *new) as newer, rig.hired("old worker", *old) as older:
        async with signing(desk, clients=clients) as load:
            await load.reaches(acts)
        launches = dict.fromkeys(
            str(r.document["id"]) for r in desk.acknowledged if "id" in r.document
        )
        counts = [await workers_of(rig, launch) for launch in launches]
        assert any(len(count) == 2 for count in counts), "no launch was with both builds"
        tasks = sum(counts, Counter[int]())
        assert set(tasks) == {newer.pid, older.pid}
        return tasks[older.pid], tasks[newer.pid]


@pytest.mark.slow
@on_sqlite_first
async def test_side_by_side(rig: Rig, desk: Desk, seed: int, note: Note) -> None:
    by_old, by_new = await shared(rig, desk, acts=20, clients=4)
    what = f"an old and a new worker: {by_old} and {by_new} tasks"
    note(await told(rig, desk, what, faults=by_old))


@pytest.mark.slow
@on_both
async def test_for_long(rig: Rig, desk: Desk, seed: int, note: Note) -> None:
    by_old, by_new = await shared(rig, desk, acts=200, clients=8)
    what = f"an old and a new worker, for long: {by_old} and {by_new} tasks"
    note(await told(rig, desk, what, faults=by_old))
