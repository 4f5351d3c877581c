"""The door to everything that works over HTTP: it loads the client and rich only when a command
needs them, so that the processes of an installation start without.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from cli.options import read_settings

if TYPE_CHECKING:
    from cli.remote.desk import Desk

LaunchId: TypeAlias = Annotated[
    str, typer.Argument(metavar="ID", help="The launch, by its id or its code.")
]
StepKey: TypeAlias = Annotated[str, typer.Argument(metavar="STEP", help="The step, by its key.")]
Reason: TypeAlias = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; everybody reads it.")
]
Patience: TypeAlias = Annotated[
    float,
    typer.Option(
        "--wait", metavar="SECONDS", min=1, help="How long to wait for an outcome to be known."
    ),
]
PATIENCE = 60.0


@contextmanager
def at_desk(*, as_json: bool, wait: float = PATIENCE) -> "Iterator[Desk]":
    """A desk for the token's person. A refusal goes to stdout too where JSON was asked for."""
    from cli.remote.opening import open_desk  # noqa: PLC0415 - loads only what uses it

    with open_desk(read_settings(), as_json=as_json, patience=wait) as desk:
        yield desk
