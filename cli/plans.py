"""Plan files named on the command line: whole plans, and the fields of one that change."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from cli.options import existing_file

PlanFile: TypeAlias = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", exists=True, dir_okay=False, help="A plan: .yaml, .json or .xlsx."
    ),
]
ChangeFile: TypeAlias = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="The changed fields, as in a plan: .yaml or .json.",
    ),
]
ChangedPlan: TypeAlias = Annotated[
    Path | None,
    existing_file("FILE", "Changed fields of the plan, as in a plan file.", "--plan"),
]


def read_plan(file: Path) -> Any:  # noqa: ANN401 - whatever the file holds, the API judges it
    """What a plan file says; relative dates count from now."""
    from api.intake.files import read_plan_file  # noqa: PLC0415 - loads YAML and workbooks
    from cli.intake import readable  # noqa: PLC0415 - the same

    with readable(file):
        return read_plan_file(file, now=datetime.now(UTC).astimezone())
