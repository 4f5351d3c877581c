"""`make bench`: everything that is said about speed and size, measured in one run."""

import argparse
import asyncio
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from bench import result
from bench.report import show
from bench.scale import FULL, QUICK, Scale
from bench.section import Section, progress
from bench.sections import NAMES, chosen
from runtime.lifetime import leave


async def run(sections: tuple[Section, ...], scale: Scale, found: result.Result) -> None:
    """One section after the other, each shown and kept in the result when it is done."""
    for section in sections:
        progress(f"— {section.name}")
        begun = perf_counter()
        cells = await section.measure(scale)
        seconds = perf_counter() - begun
        found["sections"][section.name] = result.section_of(section, cells, seconds)
        progress(f"— {section.name}: {seconds:.0f} s")
        show(section, found["sections"][section.name]["rows"])


def main() -> None:
    """Run, print, and keep the result where that is asked for."""
    arguments = _parser().parse_args()
    scale = QUICK if arguments.quick else FULL
    if arguments.rounds:
        scale = replace(scale, rounds=arguments.rounds)
    if arguments.launches:
        scale = replace(scale, launches=arguments.launches)
    found = result.head(quick=arguments.quick)
    asyncio.run(run(arguments.only, scale, found))
    if arguments.out:
        arguments.out.write_text(result.text_of(found), encoding="utf-8")
    leave()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--only", type=chosen, default="", help=f"sections, with commas: {','.join(NAMES)}"
    )
    parser.add_argument("--quick", action="store_true", help="a smoke run: small, no figures")
    parser.add_argument("--rounds", type=int, help="rounds of sign-offs over all stacks")
    parser.add_argument("--launches", type=_numbers, help="sizes of the read model: 10000,100000")
    parser.add_argument("--out", type=Path, help="write the result to this JSON file")
    return parser


def _numbers(text: str) -> tuple[int, ...]:
    """Ascending, because the same database grows from one to the next."""
    return tuple(sorted(int(part) for part in text.split(",")))


if __name__ == "__main__":
    main()
