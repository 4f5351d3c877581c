"""Against a real dev server: what `runtime.temporal` and `runtime.devserver` claim, it accepts."""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.exceptions import ApplicationError
from temporalio.worker import Replayer, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from runtime import devserver, signing, temporal
from runtime.ports import free_port
from runtime.settings import Settings
from tests.runtime.signed_workflow import SignedWorkflow

KEY = signing.generate_key()
TRUSTED = {signing.key_id(KEY): signing.public_jwk(KEY)}
RUNNERS = (
    pytest.param(temporal.deployed_runner(), id="deployed"),
    pytest.param(temporal.strict_runner(), id="strict"),
)


@asynccontextmanager
async def dev_server(database: Path) -> AsyncIterator[Client]:
    port = free_port()
    with (database.parent / "temporal.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *devserver.dev_server_command(database, port, metrics_port=free_port()),
            stdout=log,
            stderr=log,
        )
    environment = {"TEMPORAL_ADDRESS": f"127.0.0.1:{port}", "TEMPORAL_CONFIG_FILE": os.devnull}
    try:
        yield await temporal.connect(environment, patience=timedelta(seconds=30))
    finally:
        process.kill()
        await process.wait()


@pytest.fixture(scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    async with dev_server(tmp_path_factory.mktemp("temporal") / "temporal.db") as client:
        await temporal.prepare_namespace(client)
        yield client


async def retention(client: Client) -> timedelta:
    answer = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=client.namespace)
    )
    return answer.config.workflow_execution_retention_ttl.ToTimedelta()


async def start(client: Client, queue: str) -> WorkflowHandle[SignedWorkflow, list[str]]:
    attributes = [SearchAttributePair(key, "value") for key in temporal.SEARCH_ATTRIBUTES]
    return await client.start_workflow(
        SignedWorkflow.run,
        TRUSTED,
        id=f"signed-{uuid.uuid4()}",
        task_queue=queue,
        search_attributes=TypedSearchAttributes(attributes),
    )


async def test_a_prepared_namespace_keeps_histories_and_knows_the_attributes(
    client: Client,
) -> None:
    await temporal.prepare_namespace(client)
    assert await retention(client) == temporal.RETENTION
    assert await temporal.missing_search_attributes(client) == ()


async def test_a_file_of_an_older_version_is_prepared_at_its_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "temporal.db"
    with monkeypatch.context() as older:
        older.setattr(devserver, "SEARCH_ATTRIBUTES", ())
        async with dev_server(database) as client:
            assert len(await temporal.missing_search_attributes(client)) == len(
                temporal.SEARCH_ATTRIBUTES
            )
    async with dev_server(database) as client:
        await temporal.prepare_namespace(client)
        await start(client, "nobody")
    assert database.with_name("temporal.db-wal").exists()


@pytest.mark.parametrize("runner", RUNNERS)
async def test_a_validator_checks_signatures_inside_the_sandbox(
    client: Client, runner: SandboxedWorkflowRunner
) -> None:
    queue = f"queue-{uuid.uuid4()}"
    good = signing.sign({"person": "lead.product"}, KEY)
    forged = signing.sign({"person": "lead.product"}, signing.generate_key())
    async with Worker(
        client,
        task_queue=queue,
        workflows=[SignedWorkflow],
        workflow_runner=runner,
        **temporal.worker_options(Settings()),
    ):
        handle = await start(client, queue)
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await handle.execute_update(SignedWorkflow.sign, forged)
        assert isinstance(refused.value.cause, ApplicationError)
        assert refused.value.cause.type == "signature_invalid"
        assert await handle.execute_update(SignedWorkflow.sign, good) == "lead.product"
        assert await handle.result() == ["lead.product"]
    history = await handle.fetch_history()
    for other in (temporal.deployed_runner(), temporal.strict_runner()):
        await Replayer(workflows=[SignedWorkflow], workflow_runner=other).replay_workflow(history)


def test_only_what_is_pure_passes_through() -> None:
    deployed = temporal.deployed_runner().restrictions.passthrough_modules
    strict = temporal.strict_runner().restrictions.passthrough_modules
    ours = {"domain", "runtime.signing", "workflows"}
    wider = {"runtime", "db", "api"}
    assert deployed & wider == set()
    assert strict & (ours | wider) == set()
    assert deployed - strict == {*ours, "joserfc"}


async def test_a_server_that_does_not_answer_is_named() -> None:
    address = f"127.0.0.1:{free_port()}"
    environment = {"TEMPORAL_ADDRESS": address, "TEMPORAL_CONFIG_FILE": os.devnull}
    with pytest.raises(RuntimeError, match="onnect"):
        await temporal.connect(environment)
