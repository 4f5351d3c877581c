"""The SDK's workflow sandbox, without the detour its payloads take.

For every payload of every activation the SDK asks the sandboxed workflow for a serialization and a
storage context, compiling and running code in the sandbox each time: 16 % of a worker's time under
signing load. Our converter has no codec, no contexts and no external storage, so nobody is asked.
"""

from typing import Final

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import SerializationContext, StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import Info

NOWHERE: Final = StorageDriverStoreContext(target=None)


class ContextFreeInstance(WorkflowInstance):
    """A sandboxed workflow whose payloads need no context."""

    def __init__(self, sandboxed: WorkflowInstance) -> None:
        self._sandboxed = sandboxed

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        return self._sandboxed.activate(act)

    def get_serialization_context(self, command_info: object) -> SerializationContext | None:  # noqa: ARG002 - the SDK's signature
        return None

    def get_external_store_context(self, command_info: object) -> StorageDriverStoreContext:  # noqa: ARG002 - the same
        return NOWHERE

    def get_info(self) -> Info:
        return self._sandboxed.get_info()

    def get_thread_id(self) -> int | None:
        return self._sandboxed.get_thread_id()


class ContextFreeRunner(SandboxedWorkflowRunner):
    """Runs each workflow in the SDK's sandbox, restrictions and all."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return ContextFreeInstance(super().create_instance(det))
