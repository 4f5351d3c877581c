"""The embedded Temporal server keeps what it was told, however it or its supervisor ends."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil
from temporalio.client import Client

from runtime import keys, temporal
from runtime.ports import free_port


@contextmanager
def up(directory: Path, port: int, temporal_port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.cli.embedded", str(directory), str(port), str(temporal_port)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"ready http://127.0.0.1:{port}\n"
        yield process
    finally:
        process.kill()
        process.communicate()


async def client_at(port: int) -> Client:
    environment = {"TEMPORAL_ADDRESS": f"127.0.0.1:{port}", "TEMPORAL_CONFIG_FILE": os.devnull}
    return await temporal.connect(environment, patience=timedelta(seconds=20))


def server_of(process: subprocess.Popen[str]) -> psutil.Process | None:
    children = psutil.Process(process.pid).children()
    return next((child for child in children if child.name() == "temporal"), None)


async def started_again(process: subprocess.Popen[str], before: psutil.Process) -> None:
    async with asyncio.timeout(20):
        while (server := server_of(process)) is None or server.pid == before.pid:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def doctor(directory: Path) -> dict[str, str]:
    """What it says about what runs."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", "doctor", "--json", "--data-dir", str(directory)),
        stdout=subprocess.PIPE,
    )
    findings = json.loads((await process.communicate())[0])
    looked_at = {"running", "database", "temporal"}
    return {f["check"]: f["state"] for f in findings if f["check"] in looked_at}


async def test_a_workflow_outlives_the_server_and_the_supervisor(tmp_path: Path) -> None:
    port, temporal_port = free_port(), free_port()
    with up(tmp_path, port, temporal_port) as process:
        client = await client_at(temporal_port)
        assert await temporal.missing_search_attributes(client) == ()
        await client.start_workflow("nobody-runs-it", id="kept", task_queue="nobody")
        server = server_of(process)
        assert server is not None
        server.kill()
        await started_again(process, server)
        # The same client finds the new server by itself.
        assert (await client.get_workflow_handle("kept").describe()).id == "kept"
        process.send_signal(signal.SIGKILL)
    key = keys.load(tmp_path / "keys" / "signing.jwk")
    with up(tmp_path, port, temporal_port) as process:
        client = await client_at(temporal_port)
        assert (await client.get_workflow_handle("kept").describe()).id == "kept"
        assert await doctor(tmp_path) == {"running": "ok", "database": "ok", "temporal": "ok"}
        family = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        assert process.wait(timeout=30) == 0
        assert psutil.wait_procs(family, timeout=0)[1] == []
    assert keys.load(tmp_path / "keys" / "signing.jwk").thumbprint() == key.thumbprint()
