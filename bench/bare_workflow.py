"""The bare engine's workflow, in a file of its own: its sandbox loads nothing else."""

from temporalio import workflow

SIGNATURES = 5


@workflow.defn(name="BareWorkflow")
class BareWorkflow:
    """Counts five updates; no state besides, no record, no authority."""

    def __init__(self) -> None:
        self._signed = 0

    @workflow.run
    async def run(self) -> int:
        await workflow.wait_condition(lambda: self._signed >= SIGNATURES)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._signed

    @workflow.update(name="sign")
    async def sign(self, _name: str) -> int:
        self._signed += 1
        return self._signed
