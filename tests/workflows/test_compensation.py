import asyncio

import pytest
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from domain.acts import CancelLaunch, Escalate, ResolveEscalation, StopLaunch
from domain.ports import STAND_DOWN, StandDown
from tests.plans import PLANNER, SPONSOR
from tests.workflows.ledgers import MemoryLedger
from tests.workflows.plans import LINE, plan
from tests.workflows.stage import Stage, staged


class SlowUndoing(MemoryLedger):
    """Undoing waits until it is let go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()

    @activity.defn(name=STAND_DOWN)
    async def stand_down(self, order: StandDown) -> None:
        self.begun.set()
        await self.go_on.wait()
        self.stood_down.append(order)


class FailingUndoing(MemoryLedger):
    """Undoing a step fails for good the first `failures` times."""

    failures = 1

    @activity.defn(name=STAND_DOWN)
    async def stand_down(self, order: StandDown) -> None:
        if self.failures:
            self.failures -= 1
            raise ApplicationError("no such system", type="gone", non_retryable=True)
        self.stood_down.append(order)


class StumblingUndoing(FailingUndoing):
    """Undoing fails, but may be tried again."""

    @activity.defn(name=STAND_DOWN)
    async def stand_down(self, order: StandDown) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("not now")
        self.stood_down.append(order)


async def test_what_ran_is_undone_last_in_first_out(stage: Stage, ledger: MemoryLedger) -> None:
    played = await stage.start(plan())
    for step in ("product", "marketing", "communications"):
        await played.sign(step)
    await played.act(CancelLaunch("no budget"), SPONSOR)
    assert await played.handle.result() == "cancelled"
    undone = [order for order in ledger.stood_down if order.launch == played.id]
    assert [(order.step, order.people) for order in undone] == [
        ("communications", ("lead.communications",)),
        ("marketing", ("lead.marketing",)),
        ("product", ("lead.product",)),
    ]
    assert (await played.kinds()).count("StepCompensated") == 3


async def test_nothing_signed_is_nothing_to_undo(stage: Stage, ledger: MemoryLedger) -> None:
    played = await stage.start(plan())
    await played.act(CancelLaunch("no budget"), PLANNER)
    assert await played.handle.result() == "cancelled"
    assert not [order for order in ledger.stood_down if order.launch == played.id]


async def test_acts_are_answered_while_compensation_runs(client: Client) -> None:
    ledger = SlowUndoing()
    async with staged(client, ledger) as stage:
        played = await stage.start(plan(chain=LINE[:2]))
        await played.sign("product")
        await played.act(CancelLaunch("no budget"), PLANNER)
        await ledger.begun.wait()
        assert (await played.refused(StopLaunch("wait"), SPONSOR)).type == "launch_closed"
        raised = await played.act(Escalate("who tells the shops?"), "lead.product")
        assert raised.seq == len(await played.kinds())
        ledger.go_on.set()
        assert await played.handle.result() == "cancelled"
    kinds = await played.kinds()
    assert kinds[-3:] == ["StepCompensated", "EscalationResolved", "LaunchClosed"]
    assert [order.step for order in ledger.stood_down] == ["product"]


async def test_an_undoing_that_failed_is_an_incident_until_it_is_settled(client: Client) -> None:
    ledger = FailingUndoing()
    async with staged(client, ledger) as stage:
        played = await stage.start(plan(chain=LINE[:3]))
        await played.sign("product")
        await played.sign("marketing")
        await played.act(CancelLaunch("no budget"), PLANNER)
        launch = await played.until(lambda launch: launch.escalations != ())
        assert launch.phase == "closing"
        assert [pending.error for pending in launch.compensations] == ["ApplicationError", None]
        assert ledger.stood_down == []
        [incident] = launch.escalations
        settled = ResolveEscalation(incident.id, "dismiss", "the system is back")
        await played.act(settled, SPONSOR)
        assert await played.handle.result() == "cancelled"
    assert [order.step for order in ledger.stood_down] == ["marketing", "product"]


async def test_an_undoing_that_stumbles_is_tried_again(client: Client) -> None:
    ledger = StumblingUndoing()
    async with staged(client, ledger) as stage:
        played = await stage.start(plan(chain=LINE[:2]))
        await played.sign("product")
        await played.act(CancelLaunch("no budget"), PLANNER)
        assert await played.handle.result() == "cancelled"
    assert "CompensationFailed" not in await played.kinds()
    assert [order.step for order in ledger.stood_down] == ["product"]


@pytest.mark.parametrize("order", ["before", "after"])
async def test_a_stopped_launch_can_be_cancelled(stage: Stage, order: str) -> None:
    played = await stage.start(plan())
    if order == "after":
        await played.sign("product")
    await played.act(StopLaunch("a wrong price"), SPONSOR)
    await played.act(CancelLaunch("no budget"), PLANNER)
    assert await played.handle.result() == "cancelled"
