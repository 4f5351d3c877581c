"""The rows of a section as a table, on the terminal and in the documentation."""

import sys
from collections.abc import Iterator, Sequence
from typing import Any, Final

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from bench.section import Row, Section

WIDE: Final = 120
LABELS: Final = {
    "bare": "bare Temporal",
    "bare-http": "bare Temporal behind FastAPI",
    "sqlite": "Countersign on SQLite",
    "postgresql": "Countersign on PostgreSQL",
}


def show(section: Section, rows: Sequence[Row]) -> None:
    """The table a person reads."""
    table = Table(title=section.title.replace("`", ""), title_justify="left", box=SIMPLE)
    for field, heading in section.headings.items():
        table.add_column(heading, justify="left" if _is_text(rows, field) else "right")
    for row in rows:
        table.add_row(*(_text(row.get(field, "")) for field in section.headings))
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)


def markdown(section: Section, rows: Sequence[Row]) -> Iterator[str]:
    """The same as lines of a page."""
    fields = section.headings
    yield f"| {' | '.join(fields.values())} |"
    yield f"|{'|'.join('---' if _is_text(rows, field) else '---:' for field in fields)}|"
    for row in rows:
        texts = (_text(row.get(field, "")) for field in fields)
        yield f"| {' | '.join(LABELS.get(text, text) for text in texts)} |"


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return f"{value:,}" if isinstance(value, int) else str(value)


def _is_text(rows: Sequence[Row], field: str) -> bool:
    return any(isinstance(row.get(field), str) for row in rows)
