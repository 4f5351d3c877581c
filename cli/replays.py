"""`countersign replay`: a run told again from its record, and whether the record is true."""

from typing import Annotated

import typer

from cli.desk import LaunchId, at_desk
from cli.options import AsJson


def replay(
    launch: LaunchId,
    *,
    at: Annotated[
        int | None,
        typer.Option("--at", metavar="SEQ", min=1, help="Only the moment after this event."),
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Only the verification; exit code 1 where it fails.")
    ] = False,
    play: Annotated[
        float | None,
        typer.Option(
            "--play", metavar="SECONDS", min=0, help="As a moving picture of about this length."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell a run again, moment by moment, verified against Temporal's history. Names nobody."""
    if sum((at is not None, verify, play is not None)) > 1:
        message = "--at, --verify and --play ask for different things; give one of them."
        raise typer.BadParameter(message)
    if play is not None and as_json:
        raise typer.BadParameter("--play draws pictures; leave it out with --json.")
    with at_desk(as_json=as_json) as desk:
        if play is not None:
            desk.play(launch, play)
            return
        is_verified = desk.replay(launch, at=at, verify=verify)
    if verify and not is_verified:
        raise typer.Exit(1)
