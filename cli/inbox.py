"""`countersign inbox`: what waits for the token's person."""

from typing import Annotated

import typer

from cli.desk import at_desk
from cli.options import AsJson


def inbox(
    *,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=100, help="So many.")] = 50,
    read: Annotated[
        bool, typer.Option("--read", help="Show the notices for the last time.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List what waits for you, most urgent first, with the command for each."""
    with at_desk(as_json=as_json) as desk:
        desk.show_inbox(desk.api.get("/inbox", limit=limit))
        if read:
            desk.api.post("/inbox/read", {})
