"""What the fault tests did, as a table at the end of a run and, where FAULTS_TABLE names a page, in
that page; figures are printed, never asserted.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, asdict, dataclass
from pathlib import Path
from statistics import quantiles
from typing import Final

import pytest

PROPERTY: Final = "faults"
PAGE: Final = "FAULTS_TABLE"
MARK: Final = "| what was done |"
"""How the table of results begins on the page; what stands above it is left alone."""
HEAD: Final = (
    *("what was done", "on", "kills", "faults", "acknowledged", "executed", "lost", "doubled"),
    *("recovery p50", "p95", "invariants", "seed"),
)
_TEXTS: Final = frozenset({"what was done", "on", "invariants"})


@dataclass(frozen=True, slots=True)
class Figures:
    """One line. `on` is the kind of database, `faults` those that were no kills. Recoveries in
    seconds, from a kill, or the end of another fault, to the first act acknowledged that was begun
    after it.
    """

    what: str
    _: KW_ONLY
    on: str
    kills: int = 0
    faults: int = 0
    acknowledged: int
    executed: int
    lost: int = 0
    doubled: int = 0
    recoveries: Sequence[float] = ()
    invariants: Sequence[str] = ()
    seed: int | None = None

    def cells(self) -> tuple[str, ...]:
        counts = (self.kills, self.faults, self.acknowledged, self.executed)
        losses = (self.lost, self.doubled)
        seed = "" if self.seed is None else str(self.seed)
        p50, p95 = _seconds(self.recoveries, 50), _seconds(self.recoveries, 95)
        held = " ".join(self.invariants)
        return (self.what, self.on, *map(str, (*counts, *losses)), p50, p95, held, seed)


def in_order(*invariants: str) -> tuple[str, ...]:
    """Each once, by number."""
    return tuple(sorted(set(invariants), key=lambda name: int(name[1:])))


def table(lines: Sequence[Figures]) -> Iterator[str]:
    """The lines below each other, numbers to the right."""
    rows = [HEAD, *(line.cells() for line in _with_sums(lines))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(HEAD, row, widths, strict=True)
        texts = (c.ljust(w) if name in _TEXTS else c.rjust(w) for name, c, w in cells)
        yield "  ".join(texts).rstrip()


def markdown(lines: Sequence[Figures]) -> Iterator[str]:
    """The same for a page."""
    yield _row(HEAD)
    yield _row("---" if name in _TEXTS else "--:" for name in HEAD)
    for line in _with_sums(lines):
        yield _row(line.cells())


def write(page: Path, lines: Sequence[Figures]) -> None:
    """In place of the run that stands at the end of the page."""
    before = page.read_text(encoding="utf-8").partition(MARK)[0].rstrip()
    text = "\n".join(markdown(lines))
    page.write_text(f"{before}\n\n{text}\n", encoding="utf-8")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Also where other processes ran the tests: the figures come with their reports."""
    lines = [
        Figures(**json.loads(str(value)))
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for name, value in report.user_properties
        if name == PROPERTY
    ]
    if not lines:
        return
    terminalreporter.section("faults")
    for text in table(lines):
        terminalreporter.write_line(text)
    is_one_of_many = hasattr(terminalreporter.config, "workerinput")
    if (page := os.environ.get(PAGE)) and not is_one_of_many:
        write(Path(page), lines)


def as_property(figures: Figures) -> tuple[str, str]:
    """As a test's report carries it."""
    return PROPERTY, json.dumps(asdict(figures))


def _with_sums(lines: Sequence[Figures]) -> Iterator[Figures]:
    """Every line, then those of each database together, then all."""
    yield from lines
    for on in sorted({line.on for line in lines}):
        yield _together([line for line in lines if line.on == on], on)
    yield _together(lines, "all")


def _together(lines: Sequence[Figures], on: str) -> Figures:
    return Figures(
        "together",
        on=on,
        kills=sum(line.kills for line in lines),
        faults=sum(line.faults for line in lines),
        acknowledged=sum(line.acknowledged for line in lines),
        executed=sum(line.executed for line in lines),
        lost=sum(line.lost for line in lines),
        doubled=sum(line.doubled for line in lines),
        recoveries=[seconds for line in lines for seconds in line.recoveries],
        invariants=in_order(*(name for line in lines for name in line.invariants)),
    )


def _row(cells: Iterator[str] | Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _seconds(values: Sequence[float], percent: int) -> str:
    if not values:
        return ""
    if len(values) == 1:
        return f"{values[0]:.2f} s"
    return f"{quantiles(values, n=100, method='inclusive')[percent - 1]:.2f} s"
