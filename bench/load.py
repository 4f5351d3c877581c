"""Load: a number of clients, each going through its own runs one after the other, and what they
saw.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

Journey = Callable[[], Awaitable[None]]
"""One request; raises where the answer is not the expected one."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Requests per second and latencies in milliseconds of one measured stretch."""

    requests: int
    per_second: float
    p50: float
    p95: float
    p99: float

    def __str__(self) -> str:
        return (
            f"{self.per_second:7.1f}/s  p50 {self.p50:6.1f}  "
            f"p95 {self.p95:6.1f}  p99 {self.p99:6.1f} ms"
        )


async def drive(runs: Sequence[Sequence[Journey]], clients: int) -> Figures:
    """`clients` at a time take the next run and go through its requests in order."""
    waiting = list(reversed(runs))
    latencies: list[float] = []

    async def client() -> None:
        while waiting:
            for request in waiting.pop():
                begun = perf_counter()
                await request()
                latencies.append((perf_counter() - begun) * 1000)

    begun = perf_counter()
    async with asyncio.TaskGroup() as clients_at_work:
        for _ in range(clients):
            clients_at_work.create_task(client())
    elapsed = perf_counter() - begun
    latencies.sort()
    return Figures(
        requests=len(latencies),
        per_second=len(latencies) / elapsed,
        p50=quantile(latencies, 0.50),
        p95=quantile(latencies, 0.95),
        p99=quantile(latencies, 0.99),
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which that share of the sorted values lies."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
