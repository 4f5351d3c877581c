"""A real dev server on memory, with our flags, on a free port."""

import asyncio
import os
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from runtime import temporal
from runtime.converter import DATA_CONVERTER
from runtime.devserver import dev_server_arguments, temporal_binary
from runtime.ports import free_port

IDENTITY: Final = "countersign"
PATIENCE: Final = timedelta(seconds=60)
STARTS: Final = 5


@asynccontextmanager
async def dev_server(log: Path, *config: str) -> AsyncIterator[Client]:
    """A client of a server of its own; `config` are further dynamic configuration values.

    A server picks ports for its own services, and falls over where another that starts at the same
    moment has picked the same: then another is started.
    """
    for _ in range(STARTS):
        port = free_port()
        process = await _started(log, port, config)
        ended = asyncio.create_task(process.wait())
        connected = asyncio.create_task(connect(port))
        try:
            await asyncio.wait((ended, connected), return_when=asyncio.FIRST_COMPLETED)
            if connected.done():
                yield await connected
                return
        finally:
            connected.cancel()
            if not ended.done():
                process.kill()
            await ended
    raise RuntimeError(f"no server stays up; see {log}")


async def _started(log: Path, port: int, config: Sequence[str]) -> Process:
    arguments = dev_server_arguments(port, metrics_port=free_port())
    more = (part for value in config for part in ("--dynamic-config-value", value))
    with log.open("ab") as stream:
        return await asyncio.create_subprocess_exec(
            *(str(temporal_binary()), "server", "start-dev", *arguments, *more),
            stdout=stream,
            stderr=stream,
        )


async def connect(port: int) -> Client:
    environment = {"TEMPORAL_ADDRESS": f"127.0.0.1:{port}", "TEMPORAL_CONFIG_FILE": os.devnull}
    await temporal.prepare_namespace(await temporal.connect(environment, patience=PATIENCE))
    return await client_of(f"127.0.0.1:{port}")


async def client_of(address: str) -> Client:
    """A client without the identity of this machine and process, which histories would keep."""
    return await Client.connect(address, identity=IDENTITY, data_converter=DATA_CONVERTER)


@asynccontextmanager
async def skipping_server() -> AsyncIterator[WorkflowEnvironment]:
    """A server whose time passes in `sleep` and while a result is waited for; one per test."""
    async with await WorkflowEnvironment.start_time_skipping(
        data_converter=DATA_CONVERTER,
        test_server_existing_path=str(temporal_binary().with_name("temporal-test-server")),
    ) as server:
        keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
        await server.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace=server.client.namespace,
                search_attributes={key.name: keyword for key in temporal.SEARCH_ATTRIBUTES},
            )
        )
        yield server
