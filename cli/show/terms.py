"""Terms as they are about to be signed: every word of them, and the digest that names them."""

from collections.abc import Mapping
from typing import Any

from rich.console import RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from api.moments import Moments
from cli.show.console import said
from domain.words.names import Names

Document = Mapping[str, Any]


def draw_terms(launch: Document, step: Document, names: Names, moments: Moments) -> RenderableType:
    terms = step["terms"]
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row("launch", said(f"{launch['code']} {launch['title']}"))
    grid.add_row(
        "for", said(f"{names.module(step['module'])}, owed to {names.module(step['customer'])}")
    )
    grid.add_row("deliverable", said(terms["deliverable"], "bold"))
    for number, condition in enumerate(terms["conditions"], start=1):
        grid.add_row("conditions" if number == 1 else "", said(f"{number}. {condition}"))
    for quantity in terms["quantities"]:
        until = f" by {moments.at(quantity['needed_by'])}" if quantity["needed_by"] else ""
        grid.add_row("quantity", said(f"{quantity['quantity']} {quantity['pool']}{until}"))
    grid.add_row("deliver by", Text(moments.due(terms["deliver_by"])))
    if step.get("due") and step["due"] != terms["deliver_by"]:
        grid.add_row("due now", Text(moments.due(step["due"])))
    grid.add_row("digest", Text(terms["digest"]))
    title = Text(f" {step['key']}, version {terms['version']} ", "bold")
    return Panel(grid, title=title, title_align="left", border_style="yellow", expand=False)
