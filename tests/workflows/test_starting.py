import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from temporalio import activity
from temporalio.client import Client, WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.service import RPCError

from domain.acts import Ask, Command, Elapse
from domain.ports import RECORD, Append, Recorded
from tests.plans import PLANNER
from tests.workflows.cast import TRUSTED, command, key_of
from tests.workflows.ledgers import MemoryLedger
from tests.workflows.plans import plan, start_of
from tests.workflows.stage import Played, Stage, staged
from workflows.messages import LaunchInput, TrustedKey


class SlowLedger(MemoryLedger):
    """Commits, and then keeps its answer back."""

    def __init__(self) -> None:
        super().__init__()
        self.started = asyncio.Event()
        self.go_on = asyncio.Event()

    @activity.defn(name=RECORD)
    async def record(self, append: Append) -> Recorded:
        adopted = self.append(append.launch, append.entries)
        self.started.set()
        await self.go_on.wait()
        return Recorded(adopted)


class RefusingLedger(MemoryLedger):
    @activity.defn(name=RECORD)
    async def record(self, append: Append) -> Recorded:
        raise ApplicationError("unknown key", type="forged", non_retryable=True)


def start_command(launch: str) -> Command:
    return command(start_of(launch, plan()), PLANNER, launch=launch, id_=f"{launch}-start")


def other_key() -> TrustedKey:
    return replace(TRUSTED, x=str(key_of("another key").as_dict(private=False)["x"]))


async def failure(played: Played) -> str | None:
    """The type with which the launch's workflow failed."""
    with pytest.raises(WorkflowFailureError) as failed:
        await played.handle.result()
    cause: BaseException | None = failed.value.cause
    if isinstance(cause, ActivityError):
        cause = cause.cause
    assert isinstance(cause, ApplicationError)
    return cause.type


async def test_an_act_may_come_before_the_launch_stands(client: Client) -> None:
    """Both wait for the first worker, and the act is in its hands before the start is recorded."""
    stage = Stage(client, MemoryLedger())
    played = await stage.open(plan())
    asking = asyncio.create_task(played.act(Ask("product", "How many?"), "lead.product"))
    await asyncio.sleep(0.5)
    async with stage.worker():
        assert (await asking).seq == 3
    assert await played.kinds() == ["LaunchStarted", "CommitmentRequested", "QuestionAsked"]


async def test_an_act_may_come_while_the_start_is_recorded(client: Client) -> None:
    ledger = SlowLedger()
    async with staged(client, ledger) as stage:
        played = await stage.open(plan())
        await ledger.started.wait()
        asking = asyncio.create_task(played.act(Ask("product", "How many?"), "lead.product"))
        await asyncio.sleep(0.5)
        ledger.go_on.set()
        assert (await asking).seq == 3


@pytest.mark.parametrize("given", ["altered", "elapse", "nothing", "another launch", "another key"])
async def test_a_start_that_proves_nothing_fails(stage: Stage, given: str) -> None:
    launch = str(uuid4())
    start = start_command(launch)
    inputs = {
        "altered": LaunchInput((TRUSTED,), replace(start, jws=(start.jws or "")[:-8] + "AAAAAAAA")),
        "elapse": LaunchInput((TRUSTED,), Command(Elapse())),
        "nothing": LaunchInput((TRUSTED,)),
        "another launch": LaunchInput((TRUSTED,), start_command("another")),
        "another key": LaunchInput((other_key(),), start),
    }
    played = await stage.open_with(inputs[given], launch)
    assert await failure(played) == "forged"
    assert await stage.ledger.entries(launch) == ()


async def test_a_start_the_ledger_refuses_fails(client: Client) -> None:
    async with staged(client, RefusingLedger()) as stage:
        played = await stage.open(plan())
        with pytest.raises((WorkflowUpdateFailedError, RPCError)):
            await played.started()  # refused, or aborted because the launch ended first
        assert await failure(played) == "forged"
