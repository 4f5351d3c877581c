"""Starts: a launch from its plan to its first request, beside the start of a bare workflow."""

from typing import Final

from bench.scale import Scale
from bench.section import Cell, Section
from bench.stacks import Runs, Stack, all_stacks
from bench.turns import HEADINGS, in_turn, summary


async def measure(scale: Scale) -> list[Cell]:
    async with all_stacks() as stacks:
        return await in_turn(stacks, _starts, runs=scale.started, rounds=scale.starting_rounds)


async def _starts(stack: Stack, runs: int) -> Runs:
    return stack.starts(runs)


SECTION: Final = Section(
    name="starts",
    title="Starts of a launch (median of the rounds)",
    headings=HEADINGS,
    measure=measure,
    summary=summary,
)
