"""The way of one process to one server, over TCP on this machine, as a proxy that tests break: cut,
silent for a while, slow, or eating the answer to one request. Left alone it changes nothing.
"""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

HOST: Final = "127.0.0.1"
CHUNK: Final = 65536
RESET: Final = struct.pack("ii", 1, 0)
"""Lingering for no time: who reads from such a connection hears that it was reset."""

Direction: TypeAlias = Literal["there", "back"]


@dataclass(slots=True)
class Loss:
    """The answer to the first request that holds `word`, on a connection that has said `after`."""

    word: bytes
    after: bytes
    is_met: bool = False


@dataclass(eq=False, slots=True)
class Line:
    """One connection, and what was said on it since the last answer that ended a transaction."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    said: bytes = b""
    is_mute: bool = False

    def cut(self) -> None:
        for writer in (self.near, self.far):
            reset(writer)


@dataclass(eq=False, slots=True)
class Wire:
    """Listens on `port` and hands on to `target`. Counts what was done to it: connections `cut`,
    `held` pieces that had to wait, answers `lost`, `late` pieces.
    """

    target: int
    port: int = 0
    delay: float = 0.0
    cuts: int = 0
    held: int = 0
    lost: int = 0
    late: int = 0
    _open: dict[Direction, asyncio.Event] = field(default_factory=dict)
    _lines: set[Line] = field(default_factory=set)
    _loss: Loss | None = None
    _is_refusing: bool = False

    def cut(self) -> int:
        """Resets every connection there is; how many there were."""
        lines = list(self._lines)
        for line in lines:
            line.cut()
        self.cuts += len(lines)
        return len(lines)

    @asynccontextmanager
    async def down(self) -> AsyncIterator[None]:
        """Every connection reset, and every new one refused until the end of the block."""
        self._is_refusing = True
        self.cut()
        try:
            yield
        finally:
            self._is_refusing = False

    @asynccontextmanager
    async def silent(self, *directions: Direction) -> AsyncIterator[None]:
        """Takes what is sent and hands nothing on, until the end of the block; then all of it, as
        TCP does. Whoever wants it lost cuts first.
        """
        for direction in directions:
            self._open[direction].clear()
        try:
            yield
        finally:
            for direction in directions:
                self._open[direction].set()

    @asynccontextmanager
    async def slow(self, seconds: float) -> AsyncIterator[None]:
        """So much later arrives everything that is said."""
        self.delay = seconds
        try:
            yield
        finally:
            self.delay = 0.0

    def lose_answer(self, word: bytes, *, after: bytes) -> Loss:
        """The next request that holds `word`, on a connection where `after` was said since the one
        before, is handed on and carried out; its answer is eaten and the connection reset.
        """
        self._loss = Loss(word, after)
        return self._loss

    async def handle(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        """One connection, until either side closes it."""
        far_reader, far = await self._connected(near)
        if far_reader is None or far is None:
            return
        line = Line(near, far)
        self._lines.add(line)
        try:
            pumps = (self._there(reader, line), self._back(far_reader, line))
            await _first_of(*(asyncio.create_task(pump) for pump in pumps))
        finally:
            self._lines.discard(line)
            line.near.close()
            line.far.close()

    async def _connected(
        self, near: asyncio.StreamWriter
    ) -> tuple[asyncio.StreamReader | None, asyncio.StreamWriter | None]:
        if not self._is_refusing:
            with suppress(OSError):
                return await asyncio.open_connection(HOST, self.target)
        reset(near)
        return None, None

    async def _there(self, reader: asyncio.StreamReader, line: Line) -> None:
        while chunk := await reader.read(CHUNK):
            await self._passes("there")
            if self.delay:
                self.late += 1
                await asyncio.sleep(self.delay)
            self._listen(line, chunk)
            line.far.write(chunk)
            await line.far.drain()

    async def _back(self, reader: asyncio.StreamReader, line: Line) -> None:
        while chunk := await reader.read(CHUNK):
            await self._passes("back")
            if line.is_mute:
                self.lost += 1
                line.cut()
                return
            line.near.write(chunk)
            await line.near.drain()

    async def _passes(self, direction: Direction) -> None:
        if not self._open[direction].is_set():
            self.held += 1
            await self._open[direction].wait()

    def _listen(self, line: Line, chunk: bytes) -> None:
        loss = self._loss
        if loss is None:
            return
        line.said += chunk
        if loss.word not in chunk:
            return
        if loss.after in line.said:
            line.is_mute = loss.is_met = True
            self._loss = None
        line.said = b""


@asynccontextmanager
async def wired(target: int) -> AsyncIterator[Wire]:
    """A wire to this port, until the end of the block."""
    wire = Wire(target)
    for direction in ("there", "back"):
        wire._open[direction] = event = asyncio.Event()
        event.set()
    server = await asyncio.start_server(wire.handle, HOST)
    wire.port = server.sockets[0].getsockname()[1]
    try:
        yield wire
    finally:
        server.close()
        wire.cut()
        await server.wait_closed()


async def _first_of(*pumps: asyncio.Task[None]) -> None:
    """Until one ends; a connection reset by either side is an end like any other."""
    try:
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for pump in pumps:
            pump.cancel()
        for ended in await asyncio.gather(*pumps, return_exceptions=True):
            if isinstance(ended, Exception) and not isinstance(ended, OSError):
                raise ended


def reset(writer: asyncio.StreamWriter) -> None:
    """Ends the connection as a cut one ends: its other side hears of a reset."""
    raw: socket.socket = writer.get_extra_info("socket")
    with suppress(OSError):
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()
