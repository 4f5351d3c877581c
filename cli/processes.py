"""The processes of an installation, each alone, and the migration before them.

Imports of servers and databases stand inside the functions: a command loads only what it runs.
"""

import asyncio
import os
import runpy

import typer

from cli.options import DataDir, read_settings
from runtime.lifetime import exit_on_signals
from runtime.loop import finish
from runtime.settings import PREFIX


def serve(data_dir: DataDir = None) -> None:
    """Run the API alone, configured by environment variables."""
    from api.server import serve as serve_api  # noqa: PLC0415 - loads only for this command

    exit_on_signals()
    finish(serve_api(read_settings(data_dir=data_dir)))


def worker(data_dir: DataDir = None) -> None:
    """Run the worker alone, configured by environment variables; the same as `python worker.py`."""
    if data_dir is not None:
        os.environ[f"{PREFIX}DATA_DIR"] = str(data_dir)
    runpy.run_module("worker", run_name="__main__", alter_sys=True)


def migrate(data_dir: DataDir = None) -> None:
    """Bring the database to the newest version."""
    from cli.migration import migrate_database  # noqa: PLC0415 - loads only for this command

    asyncio.run(migrate_database(read_settings(data_dir=data_dir)))
    typer.echo("The database is at the newest version.", err=True)
