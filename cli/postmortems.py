"""`countersign postmortem …`: what was learnt of closed runs, listed, shown and handed on."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.desk import LaunchId, at_desk
from cli.options import AsJson

app = typer.Typer(no_args_is_help=True, help="Blameless post-mortems of closed runs.")


@app.command("list")
def list_postmortems(
    *,
    state: Annotated[
        Literal["draft", "in_review", "published"] | None,
        typer.Option("--state", help="Only those in this state."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The newest first."""
    with at_desk(as_json=as_json) as desk:
        desk.postmortems(state)


@app.command()
def show(launch: LaunchId, *, as_json: AsJson = False) -> None:
    """One record: what people wrote, where the time went, what happened. Names nobody."""
    with at_desk(as_json=as_json) as desk:
        desk.postmortem(launch)


@app.command()
def export(
    launch: LaunchId,
    *,
    form: Annotated[
        Literal["md", "html"], typer.Option("--format", help="Markdown, or one page to print.")
    ] = "md",
    lang: Annotated[
        Literal["en", "zh"], typer.Option("--lang", help="The language of its headings.")
    ] = "en",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", dir_okay=False, help="Into this file; else stdout."),
    ] = None,
) -> None:
    """Write the record as one file that needs nothing else."""
    with at_desk(as_json=False) as desk:
        text = desk.postmortem_report(launch, form, lang)
    if out is None:
        typer.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    typer.echo(f"{out}: {len(text.encode())} bytes", err=True)
