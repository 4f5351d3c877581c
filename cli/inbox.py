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
        page = desk.api.get("/inbox", limit=limit)
        desk.show_inbox(page)
        told = [item["since"] for item in page["items"] if item["kind"] == "notice"]
        if read and told:
            desk.api.post("/inbox/read", {"until": told[-1]})
