"""`countersign insights …`: figures over closed runs, and the events behind them."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from cli.desk import at_desk
from cli.options import AsJson

app = typer.Typer()

Since: TypeAlias = Annotated[
    str | None,
    typer.Option("--from", metavar="WHEN", help="Closed since then: a date, or an instant."),
]
Until: TypeAlias = Annotated[
    str | None,
    typer.Option("--to", metavar="WHEN", help="Closed until then; a date counts as a whole day."),
]


@app.callback(invoke_without_command=True)
def insights(
    context: typer.Context, *, since: Since = None, until: Until = None, as_json: AsJson = False
) -> None:
    """Figures over closed runs, by interface and step; none is of a person."""
    if context.invoked_subcommand is not None:
        if since is not None or until is not None or as_json:
            message = f"options stand after “{context.invoked_subcommand}”"
            raise typer.BadParameter(message)
        return
    with at_desk(as_json=as_json) as desk:
        desk.insights(since, until)


@app.command()
def export(
    *,
    since: Since = None,
    until: Until = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", dir_okay=False, help="Into this file; else stdout."
        ),
    ] = None,
) -> None:
    """Write the same runs as an event log for process mining, OCEL 2.0. Names nobody."""
    from api.moments import plural  # noqa: PLC0415 - loads pydantic
    from cli.files import written  # noqa: PLC0415 - with the client that it is for

    with at_desk(as_json=False) as desk, written(out) as file:
        runs, left_out = desk.event_log(file, since, until)
    if out is not None:
        typer.echo(f"{out}: {plural(runs, 'run')}, {out.stat().st_size} bytes", err=True)
    if left_out:
        typer.echo(
            f"{plural(left_out, 'run')} left out, damaged in the ledger: "
            "`countersign ledger verify` says how.",
            err=True,
        )
