"""The supervisor behind `countersign up`: Temporal, worker and API of one installation.

It knows processes, ports and order; what is run, migrated and seeded comes in as data and
callables. Whatever way it ends, nothing it started is left running.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, NoReturn

import structlog

from runtime import lock, ports
from runtime.lifetime import stop_requested
from runtime.service import Keeper, Restarts, Service, last_lines, set_aside, shorten
from runtime.settings import Installation

LOOPBACK: Final = "127.0.0.1"
POLL: Final = 0.05
PORT_PATIENCE: Final = 2.0

log = structlog.get_logger(__name__)

Step = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Port:
    """A port that must be free, and the option that chooses another."""

    option: str
    host: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """What `up` runs. `prepare` waits for Temporal and readies its namespace; it runs beside
    `migrate`. `seed` runs once the API is ready and before that is announced.
    """

    installation: Installation
    host: str
    port: int
    temporal_address: str
    ports: tuple[Port, ...]
    temporal: Service
    worker: Service
    api: Service
    migrate: Step
    prepare: Step
    seed: Step | None = None
    restarts: Restarts = field(default_factory=Restarts)
    ready_within: float = 60

    @property
    def reachable_host(self) -> str:
        return LOOPBACK if self.host in {"0.0.0.0", "localhost"} else self.host  # noqa: S104

    @property
    def url(self) -> str:
        return f"http://{self.reachable_host}:{self.port}"


class StackFailed(RuntimeError):
    """`up` cannot start or go on; the message is for the person at the terminal."""


class PortInUse(StackFailed):
    def __init__(self, port: Port) -> None:
        super().__init__(
            f"port {port.number} on {port.host} is already in use: stop the program that "
            f"listens there, or choose another port with {port.option}."
        )


async def run(stack: Stack, announce: Callable[[str], None]) -> None:
    """Runs the stack until SIGINT or SIGTERM and then returns; `announce` gets the address once
    it serves. Raises `DataDirInUse`, `StackFailed`, `CrashLoop`, or what a step raised.
    """
    stop = stop_requested()
    stack.installation.create()
    with lock.hold(stack.installation.lock, url=stack.url, temporal_address=stack.temporal_address):
        await _check_ports(stack.ports)
        supervisor = _Supervisor(stack)
        serving = asyncio.create_task(supervisor.serve(announce))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _cancel(serving, stopping)
            await supervisor.stop()
        if not serving.cancelled() and (error := serving.exception()):
            raise _cause(error)


class _Supervisor:
    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._temporal = self._keeper(stack.temporal)
        self._worker = self._keeper(stack.worker)
        self._api = self._keeper(stack.api)

    def _keeper(self, service: Service) -> Keeper:
        log_file = self._stack.installation.logs / f"{service.name}.log"
        set_aside(log_file)
        return Keeper(service, log_file, self._stack.restarts)

    async def serve(self, announce: Callable[[str], None]) -> None:
        """Starts everything, then watches over it until cancelled or a crash loop."""
        stack = self._stack
        async with asyncio.TaskGroup() as watch:
            watch.create_task(self._temporal.keep())
            await stack.migrate()
            # They load while Temporal starts, and wait for it by themselves.
            watch.create_task(self._worker.keep())
            watch.create_task(self._api.keep())
            await stack.prepare()
            await self._until_ready()
            if stack.seed is not None:
                await stack.seed()
            announce(stack.url)
            watch.create_task(self._shorten_logs())

    async def stop(self) -> None:
        """First who takes orders, then who carries them out, last who remembers them."""
        for keeper in (self._api, self._worker, self._temporal):
            await keeper.stop()

    async def _until_ready(self) -> None:
        stack = self._stack
        try:
            async with asyncio.timeout(stack.ready_within):
                while not await answers_ready(stack.reachable_host, stack.port):  # noqa: ASYNC110 - HTTP
                    await asyncio.sleep(POLL)
        except TimeoutError:
            raise StackFailed(
                f"the API was not ready within {stack.ready_within:g} seconds. Its last lines:\n"
                f"{last_lines(self._api.log_file)}"
            ) from None

    async def _shorten_logs(self) -> NoReturn:
        while True:
            await asyncio.sleep(60)
            for keeper in (self._api, self._worker, self._temporal):
                shorten(keeper.log_file)


async def answers_ready(host: str, port: int) -> bool:
    """Whether `GET /readyz` answers 200 now."""
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    try:
        request = f"GET /readyz HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode())
        status = await reader.readline()
    except OSError:
        return False
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    return status.split()[1:2] == [b"200"]


async def _check_ports(wanted: tuple[Port, ...]) -> None:
    """A run that was killed this moment may still hold its ports, so one look is not enough."""
    counted = Counter(port.number for port in wanted)
    for port in wanted:
        if counted[port.number] > 1:
            options = " and ".join(p.option for p in wanted if p.number == port.number)
            raise StackFailed(f"{options} must be different ports; both are {port.number}.")
    give_up = asyncio.get_running_loop().time() + PORT_PATIENCE
    for port in wanted:
        while not ports.is_free(port.host, port.number):
            if asyncio.get_running_loop().time() >= give_up:
                raise PortInUse(port)
            await asyncio.sleep(POLL)


async def _cancel(*tasks: asyncio.Task[object]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _cause(error: BaseException) -> BaseException:
    """The one failure inside nested groups that a person has to hear about: the first."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
