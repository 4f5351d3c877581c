"""Goldens told again, with the converter every process uses."""

from temporalio.worker import WorkflowRunner

from runtime.converter import DATA_CONVERTER
from tests.replay.goldens import Golden
from workflows import replay
from workflows.retelling import Retelling, retell


async def told(golden: Golden, runner: WorkflowRunner) -> Retelling:
    return await retell([golden.history], runner=runner, converter=DATA_CONVERTER)


async def doubts(golden: Golden, runner: WorkflowRunner) -> tuple[str, ...]:
    found = replay.doubts(await told(golden, runner), golden.ledger, trusted=golden.keys)
    return tuple(map(str, found))
