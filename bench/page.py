"""The page of the documentation that shows a result: the picture, and every section as a table.

`python -m bench.page RESULT.json docs/bench.md`
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from bench import result
from bench.report import markdown
from bench.sections import SECTIONS
from bench.targets import held

QUICK: Final = (
    "> These figures are of a smoke run, which only shows that everything can be measured."
)


def page(found: result.Result) -> str:
    """The whole text, of nothing but the result."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: result.Result) -> Iterator[str]:
    machine = found["machine"]
    yield "# Measurements"
    yield ""
    yield f"Version {found['version']}, {found['at'][:10]}, one run of `make bench` on"
    yield f"{machine['cpus']} processors ({machine['processor']}), {machine['memory_gb']} GB,"
    yield f"{machine['system']}, Python {machine['python']}. Everything measured runs on that one"
    yield "machine: Temporal, database, API, worker and the clients. How each section measures is"
    yield "told in [bench/README.md](../bench/README.md); *bare* in a column is bare Temporal"
    yield "behind FastAPI. This page and the picture are made from"
    yield f"[the result](../bench/results/{found['version']}.json) by `python -m bench.page` and"
    yield "`python -m bench.plot`."
    yield ""
    if found["quick"]:
        yield from (QUICK, "")
    yield "![Bars of the figures below](bench.svg)"
    yield from _targets(found)
    for section in SECTIONS:
        measured = found["sections"].get(section.name)
        if measured is not None:
            yield from ("", f"## {section.title}", "")
            yield from markdown(section, measured["rows"])


def _targets(found: result.Result) -> Iterator[str]:
    yield from ("", "## What must hold", "")
    yield from ("| what | limit | measured | holds |", "|---|---:|---:|---|")
    for target, measured in held(found):
        holds = "yes" if target.holds(measured) else "**no**"
        yield f"| {target.what} | {target.limit_text} | {measured:g} | {holds} |"


def main(words: Iterable[str]) -> None:
    """Reads a result, writes a page."""
    source, target = map(Path, words)
    target.write_text(page(result.read(source)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
