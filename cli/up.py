"""`countersign up`: the whole installation on this machine, in one command."""

import asyncio
from functools import partial
from typing import Annotated

import typer

from cli.failure import Failed
from cli.options import DataDir, read_settings
from runtime.embedded import StackFailed, run
from runtime.lifetime import leave
from runtime.lock import DataDirInUse
from runtime.service import CrashLoop
from runtime.settings import Settings


def up(
    data_dir: DataDir = None,
    *,
    port: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, max=65535, help="API and pages; else 8000."),
    ] = None,
    temporal_port: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, max=65535, help="Temporal; else 7233."),
    ] = None,
    temporal_ui_port: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, max=65535, help="Temporal's web UI; else none."),
    ] = None,
    no_demo: Annotated[
        bool, typer.Option("--no-demo", help="Without demo organisation and sample launch.")
    ] = False,
) -> None:
    """Start everything embedded: Temporal, worker, API and pages. Ctrl-C stops it."""
    from cli.stack import stack_of, with_ports  # noqa: PLC0415 - loads only for this command

    settings = with_ports(
        read_settings(
            data_dir=data_dir,
            port=port,
            temporal_port=temporal_port,
            temporal_ui_port=temporal_ui_port,
            demo=not no_demo,
        )
    )
    if not settings.has_own_database:
        asyncio.run(check_database(settings))
    try:
        sample = None if no_demo else partial(seed, settings)
        asyncio.run(run(stack_of(settings, sample), announce))
    except (CrashLoop, DataDirInUse, FileNotFoundError, StackFailed) as error:
        raise Failed(str(error)) from error
    leave()


async def check_database(settings: Settings) -> None:
    """Whether a database that somebody else made can be used, before anything is started."""
    from cli import migration  # noqa: PLC0415 - not loaded for an installation's own file

    await migration.check_database(settings)


async def seed(settings: Settings) -> None:
    """The demo organisation and its sample launch."""
    from cli.demo.sample import seed_demo  # noqa: PLC0415 - loads while API and worker do

    await seed_demo(settings)


def announce(url: str) -> None:
    """The one line on stdout."""
    typer.echo(f"ready {url}")
