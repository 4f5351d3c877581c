"""The command line. A command is a function in one of the modules beside this one; here it gets
its name.
"""

import sys

import typer

from cli import doctor, move, processes, up, work
from cli.failure import Failed
from runtime.lifetime import leave

app = typer.Typer(
    name="countersign",
    help="Commitment chains between departments.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command("up")(up.up)
app.command("serve")(processes.serve)
app.command("worker")(processes.worker)
app.command("migrate")(processes.migrate)
app.command("move")(move.move)
app.command("doctor")(doctor.doctor)
work.add_commands(app)


def main() -> None:
    """Exit codes: 0 done, 1 failed, 2 wrong usage."""
    try:
        app(prog_name="countersign")
    except Failed as error:
        typer.echo(f"error: {error}", err=True)
        leave(1)
    except SystemExit as error:
        if "temporalio" in sys.modules:
            # Its threads do not survive the interpreter's end, nor always the exit code.
            leave(int(error.code or 0))
        raise
