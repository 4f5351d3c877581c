"""What happened, a line each, as the terminal shows it."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from api.telling import Teller
from cli.show.console import said


def sentence(teller: Teller, event: Mapping[str, Any]) -> Text:
    """One event as `✓ lead.product signs for product`, in its colour."""
    sign, words = teller.tell(event)
    return Text.assemble(f"{sign.symbol} ", said(words), style=sign.style)


def hanging(*cells: Text) -> Table:
    """A line whose last cell, when it wraps, stays in its column; the first ones are narrow."""
    line = Table.grid(padding=(0, 1))
    for _ in cells[:-1]:
        line.add_column(justify="right", min_width=5, no_wrap=True)
    line.add_column()
    line.add_row(*cells)
    return line
