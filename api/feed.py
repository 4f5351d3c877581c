"""One look at the ledger for everybody who follows a launch in this process.

However many people watch, the database is asked once per interval for the heads of the watched
launches; a watcher reads events only when its launch has moved.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

INTERVAL: Final = 0.25

Heads = Callable[[Collection[str]], Awaitable[Mapping[str, int]]]

_log = structlog.get_logger()


@dataclass(slots=True)
class Watch:
    """One launch as far as this process has seen it, and how many follow it."""

    seq: int = 0
    followers: int = 0
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    def move(self, seq: int) -> None:
        """Wake the followers if the launch is further than was known."""
        if seq > self.seq:
            self.seq = seq
            self.wake()

    def wake(self) -> None:
        self.moved.set()
        self.moved = asyncio.Event()


class Feed:
    """Wakes the followers of a launch when its ledger has grown. `heads` asks the database."""

    def __init__(self, heads: Heads, interval: float = INTERVAL) -> None:
        self._heads = heads
        self._interval = interval
        self._watches: dict[str, Watch] = {}
        self._followed = asyncio.Event()
        self.is_closed = False

    @contextmanager
    def follow(self, launch: str) -> Iterator[Watch]:
        """A watch on this launch, shared with its other followers."""
        watch = self._watches.setdefault(launch, Watch())
        watch.followers += 1
        self._followed.set()
        try:
            yield watch
        finally:
            watch.followers -= 1
            if not watch.followers:
                self._watches.pop(launch, None)

    async def reached(self, watch: Watch, seq: int, patience: float) -> bool:
        """Wait until the launch is beyond `seq`. False: closed, or `patience` seconds are over."""
        try:
            async with asyncio.timeout(patience):
                while watch.seq <= seq and not self.is_closed:
                    await watch.moved.wait()
        except TimeoutError:
            return False
        return not self.is_closed

    def announce(self, launch: str, seq: int) -> None:
        """Wake followers at once where this process itself has just seen the launch at `seq`."""
        if watch := self._watches.get(launch):
            watch.move(seq)

    async def run(self) -> None:
        """Look, again and again, as long as somebody follows."""
        while not self.is_closed:
            if not self._watches:
                self._followed.clear()
                await self._followed.wait()
            await self._look()
            await asyncio.sleep(self._interval)

    def close(self) -> None:
        """End every stream: the process is about to stop."""
        self.is_closed = True
        self._followed.set()
        for watch in self._watches.values():
            watch.wake()

    async def _look(self) -> None:
        try:
            heads = await self._heads(tuple(self._watches))
        except SQLAlchemyError as error:
            _log.warning("feed.look_failed", reason=type(error).__name__)
            return
        for launch, seq in heads.items():
            self.announce(launch, seq)
