"""What only happens on a terminal: the question before a signature, the picture that is redrawn."""

import asyncio
import json
import os
import pty
import sys
from pathlib import Path
from typing import Self

from tests.cli.conftest import Shell
from tests.cli.plans import written


class Terminal:
    """A command on a terminal of 100 columns; `screen` is everything it has written there."""

    def __init__(self, shell: Shell, *arguments: str, person: str) -> None:
        self._ours, theirs = pty.openpty()
        self.screen = ""
        variables = {**shell.variables(person), "COLUMNS": "100", "LINES": "40", "TERM": "xterm"}
        self._start = asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cli", *arguments),
            env={**os.environ, **variables},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        self._theirs = theirs

    async def __aenter__(self) -> Self:
        self._process = await self._start
        os.close(self._theirs)
        asyncio.get_running_loop().add_reader(self._ours, self._read)
        return self

    async def __aexit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._ours)
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        os.close(self._ours)

    async def shows(self, words: str) -> None:
        async with asyncio.timeout(30):
            while words not in self.screen:  # noqa: ASYNC110 - the reader fills it
                await asyncio.sleep(0.02)

    def type(self, words: str) -> None:
        os.write(self._ours, words.encode())

    async def ended(self) -> int:
        async with asyncio.timeout(30):
            return await self._process.wait()

    def _read(self) -> None:
        try:
            self.screen += os.read(self._ours, 65536).decode(errors="replace")
        except OSError:  # the other end is closed
            asyncio.get_running_loop().remove_reader(self._ours)


async def started(shell: Shell, folder: Path) -> str:
    path, code = written(folder)
    await shell.good("launch", "start", path)
    return code


async def state_of_product(shell: Shell, code: str) -> str:
    launch = json.loads(await shell.good("launch", "status", code, "--json"))
    return str(launch["steps"][0]["state"])


async def test_a_run_is_played_as_a_moving_picture(shell: Shell, tmp_path: Path) -> None:
    code = await started(shell, tmp_path)
    async with Terminal(shell, "replay", code, "--play", "1", person="executive") as terminal:
        await terminal.shows("commitment requested: product")
        assert await terminal.ended() == 0
        assert "launch started" in terminal.screen
        assert "━" in terminal.screen


async def test_a_signature_is_asked_for(shell: Shell, tmp_path: Path) -> None:
    code = await started(shell, tmp_path)
    for answer, state in (("n\n", "requested"), ("y\n", "signed")):
        async with Terminal(shell, "sign", code, "product", person="lead.product") as terminal:
            await terminal.shows("Sign this for product?")
            assert "sha256:" in terminal.screen
            terminal.type(answer)
            assert await terminal.ended() == (0 if state == "signed" else 1)
        assert await state_of_product(shell, code) == state


async def test_who_is_sure_is_not_asked(shell: Shell, tmp_path: Path) -> None:
    code = await started(shell, tmp_path)
    arguments = ("sign", code, "product", "--yes")
    async with Terminal(shell, *arguments, person="lead.product") as terminal:
        assert await terminal.ended() == 0
    assert "Sign this" not in terminal.screen


async def test_the_picture_follows_the_launch(shell: Shell, tmp_path: Path) -> None:
    code = await started(shell, tmp_path)
    arguments = ("launch", "status", code, "--watch")
    async with Terminal(shell, *arguments, person="sponsor") as terminal:
        await terminal.shows("0/5 promised")
        assert "\x1b[" in terminal.screen
        await shell.good("sign", code, "product", person="lead.product")
        await terminal.shows("1/5 promised")
        await terminal.shows("lead.product signs for product")
        await shell.good("cancel", code, "--reason", "enough")
        assert await terminal.ended() == 0
        await terminal.shows("■ cancelled")


async def test_control_c_just_ends_the_watching(shell: Shell, tmp_path: Path) -> None:
    code = await started(shell, tmp_path)
    arguments = ("launch", "status", code, "--watch")
    async with Terminal(shell, *arguments, person="sponsor") as terminal:
        await terminal.shows("0/5 promised")
        await asyncio.sleep(1)
        terminal._process.send_signal(2)
        assert await terminal.ended() == 0
