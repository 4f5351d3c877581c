"""One of several processes that want the same row at the same moment: a place in a ledger, a key, a
code. Reads what to try from stdin, line by line, and says whether it was the one that got it.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from db import codes, commands, ledger
from db.commands import NewCommand
from db.session import Database
from db.transaction import Session
from tests.db.story import Story
from tests.plans import at

Attempt = Callable[[Session, str, str], Awaitable[bool]]


async def append(session: Session, place: str, _me: str) -> bool:
    """The first entries of a launch."""
    return (await ledger.append(session, place, Story(place).entries)).adopted is None


async def open_key(session: Session, place: str, me: str) -> bool:
    new = NewCommand(f"{place} {me}", "zoe", place, me, None, "start", "{}", at(0))
    return (await commands.open_command(session, new)).outcome == "new"


async def reserve(session: Session, place: str, me: str) -> bool:
    return await codes.reserve(session, place, f"{place} {me}", person="zoe", at=at(0))


ATTEMPTS: Final[Mapping[str, Attempt]] = {"append": append, "key": open_key, "code": reserve}


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def main(url: str, me: str) -> None:
    async with Database(url) as database:
        say("ready")
        while line := await asyncio.to_thread(sys.stdin.readline):
            what, place = line.split()
            async with database.write() as session:
                won = await ATTEMPTS[what](session, place, me)
            say("won" if won else "lost")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
