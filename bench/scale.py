"""How much is measured: the full run, and the smoke run that only shows that everything works."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Numbers of repeats and sizes. `signed` and `started` are the launches of one round, by the
    number of clients that share them: a few seconds' work, so that the machine's speed is the same
    for all stacks.
    """

    rounds: int
    signed: dict[int, int]
    starting_rounds: int
    started: dict[int, int]
    launches: tuple[int, ...]
    reads: int
    ups: int
    open: tuple[int, ...]
    traced: int
    rounds_open: int
    checked: int
    acts: int


FULL: Final = Scale(
    rounds=12,
    signed={1: 8, 8: 24, 32: 64},
    starting_rounds=8,
    started={1: 20, 8: 80},
    launches=(10_000, 100_000),
    reads=300,
    ups=5,
    open=(500, 2_000),
    traced=300,
    rounds_open=3,
    checked=1_000,
    acts=250,
)
QUICK: Final = Scale(
    rounds=1,
    signed={1: 2, 8: 8, 32: 32},
    starting_rounds=1,
    started={1: 5, 8: 16},
    launches=(200, 1_000),
    reads=30,
    ups=1,
    open=(40, 120),
    traced=40,
    rounds_open=1,
    checked=60,
    acts=40,
)
