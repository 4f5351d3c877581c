"""`countersign move`: an installation's database brought to another place, SQLite or PostgreSQL."""

from typing import Annotated

import typer

from cli.options import AsJson, DataDir, read_settings


def move(
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="URL",
            help="An empty database: postgresql://USER@HOST/NAME or sqlite:///FILE.",
        ),
    ],
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Copy the database into an empty one and check both. The one it came from is left as it is."""
    from cli import moving  # noqa: PLC0415 - loads the database
    from cli.show import console  # noqa: PLC0415 - loads rich

    moved = moving.move(read_settings(data_dir=data_dir), to)
    if as_json:
        console.print_json(moved)
    else:
        console.out().print(moving.words(moved))
