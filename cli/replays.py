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
    as_json: AsJson = False,
) -> None:
    """Tell a run again, moment by moment, verified against Temporal's history. Names nobody."""
    if at is not None and verify:
        raise typer.BadParameter("--at and --verify ask for different things; give one of them.")
    with at_desk(as_json=as_json) as desk:
        is_verified = desk.replay(launch, at=at, verify=verify)
    if verify and not is_verified:
        raise typer.Exit(1)
