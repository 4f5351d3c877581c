"""Launches on a server: started, acted on and watched the way the API and its clients do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from domain.acts import Act, Command, Sign
from domain.decide import decide
from domain.evolve import fold
from domain.launch import Launch
from domain.plan import Plan
from runtime.converter import DATA_CONVERTER
from runtime.settings import Settings
from runtime.temporal import deployed_runner, worker_options
from tests.plans import PLANNER
from tests.workflows.cast import TRUSTED, command
from tests.workflows.ledgers import Ledger
from tests.workflows.plans import start_of
from tests.workflows.server import IDENTITY
from workflows.launch import LaunchWorkflow
from workflows.messages import Done, LaunchInput
from workflows.replay import doubts
from workflows.retelling import retell


class Stage:
    """A server, a queue and a ledger. Launches are started here."""

    task_timeout: timedelta | None = None
    """After which a workflow task of a worker that died is given to another; None: ten seconds."""

    def __init__(self, client: Client, ledger: Ledger, queue: str | None = None) -> None:
        self.client = client
        self.ledger = ledger
        self.settings = Settings()
        self.queue = queue or f"queue-{uuid4()}"

    def worker(self) -> Worker:
        """A worker as `worker.py` makes it, on this stage's queue and ledger."""
        return Worker(
            self.client,
            task_queue=self.queue,
            workflows=[LaunchWorkflow],
            activities=self.ledger.activities,
            workflow_runner=deployed_runner(),
            identity=IDENTITY,
            **worker_options(self.settings),
        )

    async def open(self, plan: Plan, launch: str | None = None) -> "Played":
        """A launch that was started, whether or not a worker has seen it yet."""
        launch = launch or str(uuid4())
        await self.ledger.reserve(plan.code, launch)
        start = command(start_of(launch, plan), PLANNER, launch=launch, id_=f"{launch}-start")
        return await self.open_with(LaunchInput((TRUSTED,), start), launch)

    async def open_with(self, given: LaunchInput, launch: str) -> "Played":
        handle = await self.client.start_workflow(
            LaunchWorkflow.run,
            given,
            id=f"launch-{launch}",
            task_queue=self.queue,
            task_timeout=self.task_timeout,
        )
        return Played(self, launch, handle)

    async def start(self, plan: Plan, launch: str | None = None) -> "Played":
        """A launch that stands in the ledger."""
        played = await self.open(plan, launch)
        await played.started()
        return played


class Played:
    """One launch, and the acts of people on it. Commands get running numbers as their ids."""

    def __init__(
        self, stage: Stage, launch: str, handle: WorkflowHandle[LaunchWorkflow, str]
    ) -> None:
        self.stage = stage
        self.id = launch
        self.handle = handle
        self._commands = 0

    @property
    def first_run(self) -> WorkflowHandle[LaunchWorkflow, str]:
        """The run the launch began with, where it has continued as new."""
        run = self.handle.first_execution_run_id
        return self.stage.client.get_workflow_handle_for(
            LaunchWorkflow.run, self.handle.id, run_id=run
        )

    def command(self, act: Act, person: str) -> Command:
        """The next command, signed."""
        self._commands += 1
        id_ = f"{self.id}-{self._commands}"
        return command(act, person, launch=self.id, id_=id_)

    async def act(self, act: Act, person: str) -> Done:
        return await self.send(self.command(act, person))

    async def send(self, sent: Command) -> Done:
        """Sends a command as the API does, also once more."""
        done: Done = await self.handle.execute_update("act", sent, id=sent.id, result_type=Done)
        return done

    async def refused(self, act: Act, person: str) -> ApplicationError:
        """What the launch says to an act it refuses."""
        return await refusal(self.act(act, person))

    async def started(self) -> Done:
        done: Done = await self.handle.execute_update("started", result_type=Done)
        return done

    async def launch(self) -> Launch:
        """The launch as its ledger tells it."""
        return fold(await self.stage.ledger.entries(self.id))

    async def until(self, fact: Callable[[Launch], bool], patience: float = 60) -> Launch:
        """Waits for something to be so in the ledger."""
        async with asyncio.timeout(patience):
            while True:
                if (entries := await self.stage.ledger.entries(self.id)) and fact(fold(entries)):
                    return fold(entries)
                await asyncio.sleep(0.02)

    async def kinds(self) -> list[str]:
        """The kinds of all events, in order."""
        return [entry.event.kind for entry in await self.stage.ledger.entries(self.id)]

    async def sign(self, step: str, person: str | None = None) -> Done:
        """Signs the current terms, by the module's lead unless somebody else is named."""
        return await self.send(await self.signing(step, person))

    async def situation(self) -> str:
        """The one line the workflow says about itself."""
        metadata: WorkflowMetadata = await self.handle.query(
            "__temporal_workflow_metadata", result_type=WorkflowMetadata
        )
        return metadata.current_details

    async def lose(self, lost: Command) -> int:
        """Writes a command's rows as a worker does that then dies: nobody hears of them.

        The seq of the last one.
        """
        entries = decide(await self.launch(), lost, datetime.now(UTC))
        await self.stage.ledger.write(self.id, entries)
        return entries[-1].seq

    async def signing(self, step: str, person: str | None = None) -> Command:
        """The command that signs the current terms, not yet sent."""
        digest = (await self.launch()).step(step).digest
        return self.command(Sign(step, digest), person or f"lead.{step}")

    async def doubts(self) -> tuple[str, ...]:
        """What speaks against this launch, told again from its runs as they are now."""
        runs, run = [], self.handle.first_execution_run_id
        while run:
            of_run = self.stage.client.get_workflow_handle(self.handle.id, run_id=run)
            runs.append(await of_run.fetch_history())
            last = runs[-1].events[-1]
            run = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
        told = await retell(runs, runner=deployed_runner(), converter=DATA_CONVERTER)
        trusted = {TRUSTED.kid: {"x": TRUSTED.x}}
        found = doubts(told, await self.stage.ledger.entries(self.id), trusted=trusted)
        return tuple(map(str, found))

    async def count(self, kind: EventType.ValueType) -> int:
        """How many events of this type are in the workflow's history."""
        return [event.event_type async for event in self.handle.fetch_history_events()].count(kind)

    async def length(self) -> int:
        return len([event async for event in self.handle.fetch_history_events()])


async def refusal(sending: Awaitable[object]) -> ApplicationError:
    """Why an update was refused; the test fails where it was not."""
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await sending
    assert isinstance(refused.value.cause, ApplicationError)
    return refused.value.cause


@asynccontextmanager
async def staged(client: Client, ledger: Ledger, queue: str | None = None) -> AsyncIterator[Stage]:
    """A stage with one worker."""
    stage = Stage(client, ledger, queue)
    async with stage.worker():
        yield stage
