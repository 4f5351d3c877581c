"""Of processes that write at once exactly one passes: in a ledger, with a key, with a code."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from db import codes
from db.session import Database
from tests.plans import at
from tests.processes import contender

PROCESSES = 4
ROUNDS = 15


@asynccontextmanager
async def contenders(url: str) -> AsyncIterator[list[Process]]:
    command = (sys.executable, "-m", contender.__name__, url)
    found = [
        await asyncio.create_subprocess_exec(*command, str(number), stdin=PIPE, stdout=PIPE)
        for number in range(PROCESSES)
    ]
    try:
        assert {await said(process) for process in found} == {"ready"}
        yield found
        for process in found:
            assert process.stdin is not None
            process.stdin.close()
        assert [await process.wait() for process in found] == [0] * PROCESSES
    finally:
        for process in found:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def said(process: Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


async def contest(found: list[Process], what: str, place: str) -> Counter[str]:
    """All of them at the same moment."""
    for process in found:
        assert process.stdin is not None
        process.stdin.write(f"{what} {place}\n".encode())
    return Counter([await said(process) for process in found])


@pytest.fixture
async def reserved(database: Database) -> tuple[str, ...]:
    """Launches that have a code and no ledger yet."""
    places = tuple(f"L{number}" for number in range(ROUNDS))
    async with database.write() as session:
        for place in places:
            assert await codes.reserve(session, place, place, person="zoe", at=at(0))
    return places


async def test_one_writer_passes(
    database: Database, database_url: str, reserved: tuple[str, ...]
) -> None:
    async with contenders(database_url) as found:
        for place in reserved:
            for what, name in (("append", place), ("key", place), ("code", f"C{place}")):
                results = await contest(found, what, name)
                assert results == {"won": 1, "lost": PROCESSES - 1}, (what, name)
