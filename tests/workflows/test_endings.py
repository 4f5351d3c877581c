"""Acts that meet the end of their launch."""

import asyncio

import pytest
from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.acts import Decline, Escalate
from domain.evolve import fold
from tests.workflows.ledgers import MemoryLedger
from tests.workflows.plans import LINE, plan
from tests.workflows.stage import Played, staged

UNHANDLED = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND


async def thrown_away(played: Played) -> int:
    """How many tasks of the launch came to nothing because something had come meanwhile."""
    causes = [
        event.workflow_task_failed_event_attributes.cause
        async for event in played.handle.fetch_history_events()
    ]
    return causes.count(UNHANDLED)


async def test_an_act_in_the_task_that_ends_the_launch_may_have_to_be_sent_again(
    client: Client,
) -> None:
    """While the act is written down the launch's last clock fires: Temporal throws the task away,
    and everything it had in it. The ledger has it.
    """
    ledger = MemoryLedger()
    async with staged(client, ledger) as stage:
        played = await stage.start(plan(chain=LINE[:1], repair="PT1S"))
        await played.act(Decline("product", "No stock."), "lead.product")
        await asyncio.sleep(0.8)
        ledger.seconds = 0.3
        act = played.command(Escalate("Nobody asks again."), "lead.product")
        with pytest.raises(RPCError) as unready:
            await played.send(act)
        assert unready.value.status is RPCStatusCode.FAILED_PRECONDITION
        assert await played.handle.result() == "failed"
        assert await thrown_away(played) == 1
        launch = fold(await ledger.entries(played.id))
        assert act.id in launch.commands
        assert await played.doubts() == ()
