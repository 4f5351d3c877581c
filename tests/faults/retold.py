"""The state a launch's workflow is in, as its own history tells it: replayed, then looked into."""

from collections.abc import Iterable
from typing import Any

from temporalio import workflow
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from domain.launch import Launch
from workflows.launch import LaunchWorkflow


class Onlooker(Interceptor):
    """Keeps the workflow instances that a replay makes, by workflow id."""

    def __init__(self) -> None:
        self.seen: dict[str, LaunchWorkflow] = {}

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the SDK's own name
    ) -> type[WorkflowInboundInterceptor]:
        seen = self.seen

        class Noting(WorkflowInboundInterceptor):
            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002, ANN401 - as in the SDK
                seen[workflow.info().workflow_id] = workflow.instance()
                return await super().execute_workflow(input)

        return Noting


async def workflow_states(client: Client, launches: Iterable[str]) -> dict[str, Launch]:
    """Each launch as its workflow knows it. Raises where a history does not replay (I19)."""
    onlooker = Onlooker()
    replayer = Replayer(
        workflows=[LaunchWorkflow],
        # Without a sandbox the instances can be looked into; what it guards is tested elsewhere.
        workflow_runner=UnsandboxedWorkflowRunner(),
        data_converter=pydantic_data_converter,
        interceptors=[onlooker],
        debug_mode=True,  # a machine that is busy is no deadlock
    )
    for launch in launches:
        handle = client.get_workflow_handle(f"launch-{launch}")
        await replayer.replay_workflow(await handle.fetch_history())
    return {
        workflow_id.removeprefix("launch-"): instance.launch
        for workflow_id, instance in onlooker.seen.items()
    }
