"""The two stacks that are measured in one run, on one Temporal server with the same settings."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

ROOT = Path(__file__).resolve().parent.parent
ORGANISATION = ROOT / "examples" / "organisation.yaml"
START_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Stacks:
    """Where both are reached, and a token for each person who signs."""

    countersign: str
    bare: str
    temporal: str
    tokens: Mapping[str, str]
    data_dir: Path


@asynccontextmanager
async def running(data_dir: Path, people: tuple[str, ...]) -> AsyncIterator[Stacks]:
    """Countersign by `countersign up`, and the bare engine beside it on the same server."""
    port, temporal_port, bare_port = free_port(), free_port(), free_port()
    environment = {**os.environ, "TEMPORAL_ADDRESS": f"127.0.0.1:{temporal_port}"}
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(_countersign(data_dir, port, temporal_port))
        _command(data_dir, "org", "import", str(ORGANISATION))
        tokens = {
            person: _command(data_dir, "token", "create", person).strip() for person in people
        }
        bare = {**environment, "BENCH_PORT": str(bare_port)}
        for role in ("worker", "serve"):
            await stack.enter_async_context(_process(f"-m bench.bare {role}".split(), bare))
        await _answers(f"http://127.0.0.1:{bare_port}/")
        yield Stacks(
            countersign=f"http://127.0.0.1:{port}",
            bare=f"http://127.0.0.1:{bare_port}",
            temporal=f"127.0.0.1:{temporal_port}",
            tokens=tokens,
            data_dir=data_dir,
        )


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _command(data_dir: Path, *words: str) -> str:
    """What a local command printed."""
    command = [sys.executable, "-m", "cli", *words, "--data-dir", str(data_dir)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout


@asynccontextmanager
async def _countersign(data_dir: Path, port: int, temporal_port: int) -> AsyncIterator[None]:
    words = ["-m", "cli", "up", "--no-demo", "--data-dir", str(data_dir)]
    words += ["--port", str(port), "--temporal-port", str(temporal_port)]
    async with _process(words, os.environ, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - asked for above
        line = await asyncio.wait_for(process.stdout.readline(), START_PATIENCE)
        if not line.startswith(b"ready "):
            message = f"countersign up said {line!r}; see {data_dir / 'logs'}"
            raise RuntimeError(message)
        yield


@asynccontextmanager
async def _process(
    words: list[str], environment: Mapping[str, str], *, stdout: int = subprocess.DEVNULL
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, env=dict(environment), stdout=stdout
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _answers(url: str) -> None:
    async with httpx2.AsyncClient() as client, asyncio.timeout(START_PATIENCE):
        while True:
            try:
                await client.get(url)
            except httpx2.TransportError:
                await asyncio.sleep(0.05)
            else:
                return


def expect(response: httpx2.Response, status: int) -> dict[str, object]:
    """The body of an answer with the expected status; RuntimeError tells what came instead."""
    if response.status_code != status:
        message = f"{response.request.url}: {response.status_code} {response.text[:300]}"
        raise RuntimeError(message)
    body: dict[str, object] = json.loads(response.content)
    return body
