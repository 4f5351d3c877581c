"""`countersign postmortem …`: what was learnt of closed runs, listed, shown and handed on."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.desk import LaunchId, at_desk
from cli.options import AsJson
from cli.plans import read_plan

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
def request(
    launch: LaunchId,
    module: Annotated[str, typer.Argument(metavar="MODULE", help="Who is asked.")],
    *,
    deliverable: Annotated[
        str, typer.Option("--deliverable", metavar="TEXT", help="What is asked for.")
    ],
    by: Annotated[
        str, typer.Option("--by", metavar="WHEN", help="Until when: a date or an instant.")
    ],
    condition: Annotated[
        list[str] | None,
        typer.Option("--condition", metavar="TEXT", help="What makes it good; again for more."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask a module for something, as a commitment with a launch of its own."""
    body = {"module": module, "deliverable": deliverable, "deliver_by": by}
    with at_desk(as_json=as_json) as desk:
        desk.request_action(launch, body | {"conditions": condition or []})


@app.command()
def propose(
    launch: LaunchId,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="YAML or JSON: reason, and the policy and steps that change, as in a plan.",
        ),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Put a change to a template to the modules that it touches."""
    with at_desk(as_json=as_json) as desk:
        desk.propose_lesson(launch, read_plan(file))


@app.command()
def actions(
    *,
    state: Annotated[
        Literal["open", "overdue", "closed"],
        typer.Option("--state", help="Which ones."),
    ] = "open",
    as_json: AsJson = False,
) -> None:
    """What published post-mortems asked for, the most urgent first."""
    with at_desk(as_json=as_json) as desk:
        desk.actions(state)


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
