"""Several stacks measured in turn, round by round, so that a slow moment of the machine hits all;
another one comes first in each round.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Final, TypeVar

from bench.load import drive
from bench.section import Cell, Row, distinct, having, middle, progress, ratio
from bench.stacks import BARE_HTTP, Runs, Stack

T = TypeVar("T")
Prepare = Callable[[Stack, int], Awaitable[Runs]]
HEADINGS: Final = {
    "stack": "stack",
    "clients": "clients",
    "per_second": "per second",
    "of_bare": "of bare",
    "p50": "p50 ms",
    "p50_of_bare": "p50 of bare",
    "p95": "p95 ms",
    "p99": "p99 ms",
    "p99_of_p50": "p99 of p50",
}


async def in_turn(
    stacks: Sequence[Stack], prepare: Prepare, *, runs: Mapping[int, int], rounds: int
) -> list[Cell]:
    """Cells of every round; `runs` are how many so many clients share."""
    for stack in stacks:
        await drive(await prepare(stack, 8), 8)
    cells: list[Cell] = []
    for number in range(rounds):
        for clients, shared in runs.items():
            prepared = {stack.name: await prepare(stack, shared) for stack in stacks}
            for stack in rotated(stacks, number):
                figures = await drive(prepared[stack.name], clients)
                head: Cell = {"stack": stack.name, "clients": clients, "round": number}
                cells.append({**head, **asdict(figures)})
                progress(f"{stack.name:12} {clients:3} clients  {figures}")
    return cells


def rotated(things: Sequence[T], number: int) -> list[T]:
    """Beginning with another one for each number."""
    first = number % len(things)
    return [*things[first:], *things[:first]]


def summary(cells: Sequence[Cell]) -> list[Row]:
    """One row for each number of clients and stack: medians over the rounds."""
    return [
        _row(cells, stack, clients)
        for clients in distinct(cells, "clients")
        for stack in sorted(distinct(cells, "stack"), key=_ORDER.index)
    ]


_ORDER: Final = (BARE_HTTP.removesuffix("-http"), BARE_HTTP, "sqlite", "postgresql")


def _row(cells: Sequence[Cell], stack: str, clients: int) -> Row:
    mine = having(cells, stack=stack, clients=clients)
    bare = having(cells, stack=BARE_HTTP, clients=clients)
    tails = [{"tail": cell["p99"] / cell["p50"]} for cell in mine]
    return {
        "stack": stack,
        "clients": clients,
        **{field: middle(mine, field) for field in ("per_second", "p50", "p95", "p99")},
        "of_bare": ratio(mine, bare, "per_second"),
        "p50_of_bare": ratio(mine, bare, "p50"),
        "p99_of_p50": middle(tails, "tail", 2),
    }
