"""Where the boxes and arrows of a chain stand in a drawing; what is in them is the template's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from api.generations import generations

Step = Mapping[str, Any]
Direction = Literal["across", "down"]

WIDTH: Final = 172
HEIGHT: Final = 66
GAP_ALONG: Final = 34
GAP_BESIDE: Final = 18
MARGIN: Final = 4


@dataclass(frozen=True, slots=True)
class Box:
    """One step, by its upper left corner, in units of the drawing."""

    step: Step
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A chain as drawn; an arrow is the `d` of its path, from a step to one that waits for it."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[str, ...]


def draw(steps: Sequence[Step], direction: Direction) -> Picture:
    """The chain from left to right, or from top to bottom where there is little room."""
    columns = list(generations(steps))
    most = max((len(column) for column in columns), default=1)
    along, beside = (WIDTH, HEIGHT) if direction == "across" else (HEIGHT, WIDTH)
    length = len(columns) * (along + GAP_ALONG) - GAP_ALONG + 2 * MARGIN
    breadth = most * (beside + GAP_BESIDE) - GAP_BESIDE + 2 * MARGIN
    places: dict[str, tuple[float, float]] = {}
    for at, column in enumerate(columns):
        taken = len(column) * (beside + GAP_BESIDE) - GAP_BESIDE
        start = (breadth - taken) / 2
        for row, step in enumerate(column):
            far = MARGIN + at * (along + GAP_ALONG)
            wide = start + row * (beside + GAP_BESIDE)
            places[step["key"]] = (far, wide) if direction == "across" else (wide, far)
    boxes = tuple(Box(step, *places[step["key"]]) for step in steps)
    arrows = tuple(
        _arrow(places[before], places[step["key"]], direction)
        for step in steps
        for before in step["after"]
        if before in places
    )
    size = (length, breadth) if direction == "across" else (breadth, length)
    return Picture(*size, boxes, arrows)


def _arrow(start: tuple[float, float], end: tuple[float, float], direction: Direction) -> str:
    """A curve from the far edge of one box to the near edge of another."""
    if direction == "across":
        x1, y1 = start[0] + WIDTH, start[1] + HEIGHT / 2
        x2, y2 = end[0] - 3, end[1] + HEIGHT / 2
        middle = (x1 + x2) / 2
        return f"M{x1:g} {y1:g}C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}"
    x1, y1 = start[0] + WIDTH / 2, start[1] + HEIGHT
    x2, y2 = end[0] + WIDTH / 2, end[1] - 3
    middle = (y1 + y2) / 2
    return f"M{x1:g} {y1:g}C{x1:g} {middle:g} {x2:g} {middle:g} {x2:g} {y2:g}"
