"""What a section of the bench is: what it measures, and how its cells become rows of a table.

Cells are what was measured, one each time; rows are what is said of them. Both are plain JSON.
"""

import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeAlias

from bench.scale import Scale

Cell: TypeAlias = dict[str, Any]
Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """`headings` are the columns of the table, by the field of a row each shows."""

    name: str
    title: str
    headings: Mapping[str, str]
    measure: Callable[[Scale], Awaitable[list[Cell]]]
    summary: Callable[[Sequence[Cell]], list[Row]]


def progress(text: str) -> None:
    """One line for whoever waits; stdout is for the tables."""
    print(text, file=sys.stderr, flush=True)


def having(cells: Sequence[Cell], **values: object) -> list[Cell]:
    """The cells with these values, in the order in which they were measured."""
    return [cell for cell in cells if all(cell[name] == value for name, value in values.items())]


def distinct(cells: Sequence[Cell], field: str) -> list[Any]:
    """The values of a field, in the order in which they first come."""
    return list(dict.fromkeys(cell[field] for cell in cells))


def middle(cells: Sequence[Cell], field: str, digits: int = 1) -> float:
    """The median of a field."""
    return float(round(median(cell[field] for cell in cells), digits))


def ratio(mine: Sequence[Cell], others: Sequence[Cell], field: str) -> float:
    """The median of each round's own ratio, because a machine's speed drifts between rounds."""
    pairs = zip(mine, others, strict=True)
    return float(round(median(one[field] / other[field] for one, other in pairs), 2))
