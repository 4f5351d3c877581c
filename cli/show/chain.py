"""The chain drawn as boxes from left to right, one column for each generation of steps."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.align import Align
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from api.generations import generations
from cli.show.console import said
from domain.words.names import Names
from domain.words.signs import sign_of_step

Step = Mapping[str, Any]
Box = tuple[list[Step], int]
"""The steps of one column, and how many cells wide it is."""

ARROW: Final = "\n\n→"
ARROW_WIDTH: Final = 3
LONGEST_WORD: Final = 11
"""Cells of `● requested`: boxes do not change their width while states change."""


def draw_chain(steps: Sequence[Step], names: Names, width: int) -> RenderableType:
    """As many columns in a row as fit into `width` cells; the next row goes on where it ended."""
    columns = list(generations(steps))
    inner = [max(_inner_width(step, names) for step in column) for column in columns]
    arrows = ARROW_WIDTH * (len(columns) - 1)
    padding = 1 if sum(inner) + 4 * len(columns) + arrows <= width else 0
    boxes = [
        (column, cells + 2 + 2 * padding) for column, cells in zip(columns, inner, strict=True)
    ]
    rows = list(_rows(boxes, width))
    return Group(*(_row(row, names, padding, goes_on=at > 0) for at, row in enumerate(rows)))


def _rows(boxes: Sequence[Box], width: int) -> Iterator[list[Box]]:
    row: list[Box] = []
    used = 0
    for box in boxes:
        if row and used + ARROW_WIDTH + box[1] > width:
            yield row
            row, used = [], ARROW_WIDTH
        used += box[1] + (ARROW_WIDTH if row else 0)
        row.append(box)
    if row:
        yield row


def _row(columns: Sequence[Box], names: Names, padding: int, *, goes_on: bool) -> Table:
    grid = Table.grid(padding=0)
    cells: list[RenderableType] = []
    for at, (column, width) in enumerate(columns):
        if at or goes_on:
            cells.append(Text(ARROW, style="dim"))
            grid.add_column(width=ARROW_WIDTH, justify="center")
        cells.append(Group(*(_box(step, names, width, padding) for step in column)))
        grid.add_column(width=width)
    grid.add_row(*cells)
    return grid


def _box(step: Step, names: Names, width: int, padding: int) -> Panel:
    sign = sign_of_step(step)
    lines = (
        said(names.module(step["key"]), "bold"),
        Text(f"{sign.symbol} {sign.word(names.lang)}", sign.style),
        _remark(step, names),
    )
    return Panel(
        Group(*(Align.center(line) for line in lines)),
        width=width,
        border_style=sign.style.replace("bold ", ""),
        padding=(0, padding),
    )


def _remark(step: Step, names: Names) -> Text:
    """The most urgent thing to know about a step, on one line."""
    is_zh = names.lang == "zh"
    if step["escalation_level"]:
        level = step["escalation_level"]
        return Text(f"▲ {'升级' if is_zh else 'level'} {level}", "magenta")
    if step["overdue"]:
        return Text("◷ 逾期" if is_zh else "◷ overdue", "yellow")
    if step.get("upstream_open"):
        return Text("↑ 上游未定" if is_zh else "↑ upstream", "yellow")
    given, wanted = len(step["signatures"]), step["signers"]
    if step["state"] == "requested" and given:
        return Text(f"✓ {given}/{wanted}", "green")
    if step["attempt"] > 1:
        return Text(f"第{step['attempt']}次" if is_zh else f"attempt {step['attempt']}", "dim")
    return Text(f"v{step['terms']['version']}" if step["terms"] else "", "dim")


def _inner_width(step: Step, names: Names) -> int:
    sign = sign_of_step(step)
    word = cell_len(f"{sign.symbol} {sign.word(names.lang)}")
    return max(cell_len(names.module(step["key"])), word, LONGEST_WORD)
