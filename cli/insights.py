"""`countersign insights …`: figures over closed runs, and their event log for other tools."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from cli.desk import at_desk
from cli.options import AsJson

app = typer.Typer(no_args_is_help=True, help="Figures over closed runs; none is of a person.")

Since: TypeAlias = Annotated[
    str | None,
    typer.Option("--from", metavar="WHEN", help="Runs that closed from then on: date or instant."),
]
Until: TypeAlias = Annotated[
    str | None, typer.Option("--to", metavar="WHEN", help="Runs that closed until then.")
]


@app.command()
def show(*, since: Since = None, until: Until = None, as_json: AsJson = False) -> None:
    """Times, promises, rework and factors, by interface and step."""
    with at_desk(as_json=as_json) as desk:
        desk.insights(since, until)


@app.command()
def export(
    *,
    since: Since = None,
    until: Until = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", dir_okay=False, help="Into this file; else stdout."),
    ] = None,
) -> None:
    """Write the event log as OCEL 2.0, which tools that mine processes read. Names nobody."""
    with at_desk(as_json=False) as desk:
        text, left_out = desk.event_log(since, until)
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        typer.echo(f"{out}: {len(text.encode())} bytes", err=True)
    if left_out:
        typer.echo(
            f"{left_out} runs are left out: their ledgers cannot be told. "
            "`countersign ledger verify` says why.",
            err=True,
        )
