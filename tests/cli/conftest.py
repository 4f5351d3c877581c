"""One installation for the commands, and a shell to run them in as somebody."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from temporalio.client import Client
from typer.testing import CliRunner

from cli.app import app
from cli.failure import Failed
from runtime.settings import variables
from tests.stack import Stack, running_stack


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    stdout: str
    stderr: str


def invoke(*arguments: str, typed: str | None = None, **environment: str) -> Done:
    """`countersign …` in this process, with these variables and none of this machine's."""
    unset: dict[str, str | None] = dict.fromkeys((v.name for v in variables()), None)
    result = CliRunner().invoke(app, arguments, input=typed, env={**unset, **environment})
    if isinstance(result.exception, Failed):
        return Done(1, result.stdout, f"{result.stderr}error: {result.exception}\n")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


class Shell:
    """Runs commands beside the event loop that the installation lives on, one at a time."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def variables(self, person: str) -> dict[str, str]:
        return {
            "COUNTERSIGN_URL": self.stack.base_url,
            "COUNTERSIGN_TOKEN": self.stack.tokens[person],
            "COUNTERSIGN_DATA_DIR": str(self.stack.settings.data_dir),
            "COLUMNS": "120",
        }

    async def __call__(
        self, *arguments: str, person: str = "planner.personal", typed: str | None = None
    ) -> Done:
        return await asyncio.to_thread(
            invoke,
            *arguments,
            typed=typed,
            **self.variables(person),
        )

    async def apart(self, *arguments: str, person: str = "planner.personal") -> Done:
        """The same in a process of its own, for a command that goes on while others run."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cli", *arguments),
            env={**os.environ, **self.variables(person)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        stdout, stderr = await process.communicate()
        return Done(process.returncode or 0, stdout.decode(), stderr.decode())

    async def good(self, *arguments: str, person: str = "planner.personal") -> str:
        """The result of a command that must succeed."""
        done = await self(*arguments, person=person)
        assert done.code == 0, done.stderr
        return done.stdout


@pytest.fixture(autouse=True)
def logs_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands in this process leave the logging of the tests alone."""
    monkeypatch.setattr("cli.options.configure_logs", lambda _: None)


@pytest.fixture(scope="session")
async def stack(tmp_path_factory: pytest.TempPathFactory, temporal: Client) -> AsyncIterator[Stack]:
    folder = tmp_path_factory.mktemp("cli-stack")
    async with running_stack(folder, temporal, update_timeout=timedelta(seconds=1)) as stack:
        yield stack


@pytest.fixture
def shell(stack: Stack) -> Shell:
    return Shell(stack)
