"""A launch's history told again by the workflow as it now is. Nothing is executed or written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.worker import (
    ExecuteWorkflowInput,
    HandleUpdateInput,
    Interceptor,
    Replayer,
    StartLocalActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
    WorkflowRunner,
)

from domain.acts import Command
from domain.events import Entry
from domain.launch import Launch
from domain.ports import RECORD, Append, Recorded
from workflows.launch import LaunchWorkflow

MORE_TRIES: Final = 2


@dataclass(slots=True)
class Retelling:
    """What a replay told: the entries it took for true, the commands it was given, its last state.

    `builds` has for each entry the build of the worker that recorded it. `failure` is set where the
    workflow no longer does what the history says it did. The values may be of a sandbox's own
    copies of their classes: compare them in plain form.
    """

    entries: list[Entry] = field(default_factory=list)
    builds: list[str] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    launch: Launch | None = None
    failure: Exception | None = None


async def retell(
    runs: Sequence[WorkflowHistory], *, runner: WorkflowRunner, converter: DataConverter
) -> Retelling:
    """Replay a launch's runs, in the order in which they continued each other.

    A task that is kept waiting on a busy machine counts as failed, as it would for a worker, and is
    tried again as a worker would.
    """
    told = await _retold(runs, runner, converter)
    for _ in range(MORE_TRIES):
        if told.failure is None or isinstance(told.failure, workflow.NondeterminismError):
            break
        told = await _retold(runs, runner, converter)
    return told


async def _retold(
    runs: Sequence[WorkflowHistory], runner: WorkflowRunner, converter: DataConverter
) -> Retelling:
    listener = _Listener()
    replayer = Replayer(
        workflows=[LaunchWorkflow],
        data_converter=converter,
        workflow_runner=runner,
        interceptors=[listener],
    )
    for run in runs:
        result = await replayer.replay_workflow(run, raise_on_replay_failure=False)
        listener.told.failure = listener.told.failure or result.replay_failure
    if listener.instance is not None and listener.instance.has_started:
        listener.told.launch = listener.instance.launch
    return listener.told


class _Listener(Interceptor):
    """Hears what the workflow is given and what it records."""

    def __init__(self) -> None:
        self.told = Retelling()
        self.instance: LaunchWorkflow | None = None

    def workflow_interceptor_class(
        self, _given: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor]:
        """The SDK makes one for each run; each knows this listener."""
        listener = self

        class Heard(_Inbound):
            def __init__(self, following: WorkflowInboundInterceptor) -> None:
                super().__init__(following, listener)

        return Heard

    def hear(self, append: Append, recorded: Recorded) -> None:
        if recorded.fault is not None:
            return
        entries = recorded.adopted or append.entries
        self.told.entries.extend(entries)
        self.told.builds.extend([workflow.info().get_current_build_id()] * len(entries))


class _Inbound(WorkflowInboundInterceptor):
    def __init__(self, following: WorkflowInboundInterceptor, listener: _Listener) -> None:
        super().__init__(following)
        self._listener = listener

    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_Outbound(outbound, self._listener.hear))

    async def execute_workflow(self, given: ExecuteWorkflowInput) -> Any:  # noqa: ANN401 - SDK
        self._listener.instance = workflow.instance()
        if (start := given.args[0].start) is not None:
            self._listener.told.commands.append(start)
        return await super().execute_workflow(given)

    async def handle_update_handler(self, given: HandleUpdateInput) -> Any:  # noqa: ANN401 - SDK
        self._listener.told.commands.extend(given.args)
        return await super().handle_update_handler(given)


class _Outbound(WorkflowOutboundInterceptor):
    def __init__(
        self, following: WorkflowOutboundInterceptor, hear: Callable[[Append, Recorded], None]
    ) -> None:
        super().__init__(following)
        self._hear = hear

    def start_local_activity(self, given: StartLocalActivityInput) -> workflow.ActivityHandle[Any]:
        handle = super().start_local_activity(given)
        if given.activity == RECORD:
            handle.add_done_callback(lambda done: self._listen(given.args[0], done))
        return handle

    def _listen(self, append: Append, done: Any) -> None:  # noqa: ANN401 - the SDK's own task
        if not done.cancelled() and done.exception() is None:
            self._hear(append, done.result())
