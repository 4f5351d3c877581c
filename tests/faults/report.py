"""What the fault tests did, as a table at the end of a run; figures are printed, never asserted."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import Final

import pytest

PROPERTY: Final = "faults"
HEAD: Final = (
    *("what was done", "kills", "acknowledged", "executed", "lost", "doubled"),
    *("recovery p50", "p95", "seed"),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """One line; recoveries in seconds, from a kill to the first act acknowledged that was begun
    after it.
    """

    what: str
    kills: int
    acknowledged: int
    executed: int
    lost: int
    doubled: int
    recoveries: Sequence[float] = ()
    seed: int | None = None

    def cells(self) -> tuple[str, ...]:
        counts = (self.kills, self.acknowledged, self.executed, self.lost, self.doubled)
        seed = "" if self.seed is None else str(self.seed)
        p50, p95 = _seconds(self.recoveries, 50), _seconds(self.recoveries, 95)
        return (self.what, *map(str, counts), p50, p95, seed)


def table(lines: Sequence[Figures]) -> Iterator[str]:
    """The lines below each other, numbers to the right."""
    rows = [HEAD, *(line.cells() for line in (*lines, _together(lines)))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        numbers = (cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
        yield "  ".join((first.ljust(widths[0]), *numbers)).rstrip()


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
    if lines:
        terminalreporter.section("faults")
        for text in table(lines):
            terminalreporter.write_line(text)


def as_property(figures: Figures) -> tuple[str, str]:
    """As a test's report carries it."""
    return PROPERTY, json.dumps(asdict(figures))


def _together(lines: Sequence[Figures]) -> Figures:
    return Figures(
        what="together",
        kills=sum(line.kills for line in lines),
        acknowledged=sum(line.acknowledged for line in lines),
        executed=sum(line.executed for line in lines),
        lost=sum(line.lost for line in lines),
        doubled=sum(line.doubled for line in lines),
        recoveries=[seconds for line in lines for seconds in line.recoveries],
    )


def _seconds(values: Sequence[float], percent: int) -> str:
    if not values:
        return ""
    if len(values) == 1:
        return f"{values[0]:.2f} s"
    return f"{quantiles(values, n=100, method='inclusive')[percent - 1]:.2f} s"
