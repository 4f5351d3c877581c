"""Which of a result's figures are drawn, as bars in groups. What a result lacks is left out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bench.report import LABELS
from bench.section import Row, distinct, having


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Each group has a label of one or two lines and a value for each series; `unit` is said at the
    axis, `groups_are` below it.
    """

    title: str
    unit: str
    groups_are: str
    series: tuple[str, ...]
    groups: tuple[tuple[str, tuple[float, ...]], ...]


def charts(result: dict[str, Any]) -> Iterator[Chart]:
    """In the order of the sections."""
    for name, draw in _CHARTS:
        section = result["sections"].get(name)
        if section is not None:
            yield draw(section["rows"])


def _stacks(title: str, field: str, unit: str) -> Callable[[Sequence[Row]], Chart]:
    def draw(rows: Sequence[Row]) -> Chart:
        return Chart(
            title=title,
            unit=unit,
            groups_are="clients at once",
            series=tuple(LABELS[name] for name in distinct(rows, "stack")),
            groups=tuple(
                (str(clients), tuple(row[field] for row in having(rows, clients=clients)))
                for clients in distinct(rows, "clients")
            ),
        )

    return draw


def _reads(rows: Sequence[Row]) -> Chart:
    groups = []
    for read in distinct(rows, "read"):
        for launches in distinct(rows, "launches"):
            values = tuple(row["p50"] for row in having(rows, read=read, launches=launches))
            groups.append((f"{read}\n{_short(launches)}", values))
    return Chart(
        title="Reads over HTTP",
        unit="p50, ms",
        groups_are="what is read, launches in the read model",
        series=tuple(LABELS[name] for name in distinct(rows, "database")),
        groups=tuple(groups),
    )


def _up(rows: Sequence[Row]) -> Chart:
    return Chart(
        title="countersign up, until it serves",
        unit="seconds",
        groups_are="start of a data directory",
        series=("seconds",),
        groups=tuple((row["start"], (row["ready"],)) for row in rows),
    )


def _memory(rows: Sequence[Row]) -> Chart:
    sizes = [row for row in rows if "kb" in row and not row["what"].startswith("of it")]
    return Chart(
        title="Memory of the worker's process",
        unit="KB for each open launch",
        groups_are="what is held, open launches",
        series=("KB",),
        groups=tuple((f"{row['what']}\n{_short(row['open'])}", (row["kb"],)) for row in sizes),
    )


def _ledger(rows: Sequence[Row]) -> Chart:
    return Chart(
        title="Ledger checked and read again",
        unit="entries per second",
        groups_are="command",
        series=tuple(LABELS[name] for name in distinct(rows, "database")),
        groups=tuple(
            (work, tuple(row["entries_per_second"] for row in having(rows, work=work)))
            for work in distinct(rows, "work")
        ),
    )


def _replay(rows: Sequence[Row]) -> Chart:
    return Chart(
        title="Replay",
        unit="ms for 1,000 events",
        groups_are="history",
        series=tuple(f"{name} sandbox" for name in distinct(rows, "sandbox")),
        groups=tuple(
            (history, tuple(row["ms_per_1000"] for row in having(rows, history=history)))
            for history in distinct(rows, "history")
        ),
    )


def _short(number: int) -> str:
    return f"{number // 1000}k" if number % 1000 == 0 else str(number)


_CHARTS: Final = (
    ("signing", _stacks("Sign-offs", "per_second", "per second")),
    ("signing", _stacks("A sign-off, the middle one", "p50", "p50, ms")),
    ("signing", _stacks("A sign-off, the slowest of a hundred", "p99", "p99, ms")),
    ("starts", _stacks("Starts of a launch", "per_second", "per second")),
    ("reads", _reads),
    ("up", _up),
    ("memory", _memory),
    ("ledger", _ledger),
    ("replay", _replay),
)
