"""Two megabytes where a sentence belongs: through the API, and straight to Temporal. Refused, and
the launch does not feel it.
"""

from dataclasses import replace
from datetime import timedelta
from time import monotonic
from typing import Final

import pytest
from temporalio.client import (
    Client,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from api.bodies import LIMIT
from db import audit
from domain.acts import Ask, Command
from tests.faults.conftest import Note
from tests.faults.databases import on_sqlite_first
from tests.faults.desk import Desk
from tests.faults.hostile import LEAD
from tests.faults.plans import chain
from tests.faults.recovery import completed, events, started, updates
from tests.faults.rig import Rig
from tests.faults.signing import sign, step_of

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

MEGABYTE: Final = 1024 * 1024
SIZES: Final = (MEGABYTE // 2, 2 * MEGABYTE, 3 * MEGABYTE, 8 * MEGABYTE)
"""Below what Temporal takes, above it, near what gRPC takes, above that."""

SOON: Final = timedelta(seconds=3)


async def is_refused(client: Client, launch: str, size: int) -> bool:
    """Whether this many bytes, unsigned, come to nothing: called forged by the launch, sent back by
    Temporal, or without an answer, because the refusal holds what was sent and is too large itself.
    """
    handle = client.get_workflow_handle(f"launch-{launch}")
    command = Command(Ask("product", "x" * size), f"large-{size}", LEAD)
    try:
        await handle.execute_update("act", command, id=command.id, rpc_timeout=SOON)
    except WorkflowUpdateFailedError as refused:
        return isinstance(refused.cause, ApplicationError) and refused.cause.type == "forged"
    except (RPCError, WorkflowUpdateRPCTimeoutOrCancelledError):
        return size >= 2 * MEGABYTE
    return False


@pytest.mark.slow
@on_sqlite_first
async def test_two_megabytes(rig: Rig, desk: Desk, note: Note) -> None:
    launch = await started(desk, chain())
    before, known = await events(rig, launch["id"]), await updates(rig, launch["id"])
    address = f"{rig.site.url}/api/v1/launches/{launch['id']}/steps/product/ask"
    bearer = {"Authorization": f"Bearer {rig.site.tokens[LEAD.person]}"}
    text = {"text": "x" * 2 * MEGABYTE}
    response = await desk.http.post(address, json=text, headers=bearer)
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert len(response.request.content) > LIMIT
    async with rig.site.database() as database, database.read() as session:
        kept = await audit.newest(session, launch=launch["id"])
    assert [row.code for row in kept] == ["too_large"]
    client = await rig.site.temporal()
    for size in SIZES:
        assert await is_refused(client, launch["id"], size), size
    assert await events(rig, launch["id"]) == before
    assert await updates(rig, launch["id"]) == known
    begun = monotonic()
    assert (await desk.ask(sign(launch, step_of(launch, "product")))).is_acknowledged
    recovery = monotonic() - begun
    what, faults = "payloads of up to 8 MB, by the API and past it", 1 + len(SIZES)
    figures = await completed(rig, desk, launch["id"], what, faults=faults, also=("I12",))
    note(replace(figures, recoveries=[recovery]))
