"""Sign-offs: five departments sign a launch, through Countersign and through the bare engine."""

from typing import Final

from bench.scale import Scale
from bench.section import Cell, Section
from bench.stacks import Runs, Stack, all_stacks
from bench.turns import HEADINGS, in_turn, summary


async def measure(scale: Scale) -> list[Cell]:
    async with all_stacks() as stacks:
        return await in_turn(stacks, _signatures, runs=scale.signed, rounds=scale.rounds)


async def _signatures(stack: Stack, runs: int) -> Runs:
    return await stack.signatures(runs)


SECTION: Final = Section(
    name="signing",
    title="Sign-offs, five to a launch (median of the rounds)",
    headings=HEADINGS,
    measure=measure,
    summary=summary,
)
