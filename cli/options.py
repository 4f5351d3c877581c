"""Options that several commands share, and the settings they lead to."""

from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer
from pydantic import ValidationError

from runtime.logs import configure_logs
from runtime.settings import Settings, variable_name

DataDir: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="D",
        file_okay=False,
        help="Directory of the installation; else COUNTERSIGN_DATA_DIR, else .countersign.",
        show_default=False,
    ),
]


def existing_file(metavar: str, says: str, *names: str) -> Any:  # noqa: ANN401 - typer's own
    """An option for a file that is there."""
    return typer.Option(*names, metavar=metavar, exists=True, dir_okay=False, help=says)


AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print pure JSON on stdout.", show_default=False)
]


def read_settings(**given: Any) -> Settings:  # noqa: ANN401 - pydantic checks every value
    """Settings from the environment and the options that were given (None: not given), with logs
    configured accordingly. Ends with exit code 2 where a value is wrong.
    """
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise typer.BadParameter(explain(error)) from error
    configure_logs(settings)
    return settings


def explain(error: ValidationError) -> str:
    """One line per wrong setting, by the name of its variable."""
    return "\n".join(
        f"{variable_name(str(problem['loc'][0]))}: {problem['msg']}" for problem in error.errors()
    )
