"""Files that cannot be used, said error by error."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.intake.errors import InvalidDocument
from cli.failure import Failed


@contextmanager
def readable(file: Path) -> Iterator[None]:
    """What is wrong with the file ends the command, all of it at once."""
    try:
        yield
    except InvalidDocument as invalid:
        number = len(invalid.errors)
        what = "1 error" if number == 1 else f"{number} errors"
        lines = "".join(f"\n  {error.path}: {error.message}" for error in invalid.errors)
        raise Failed(f"{file} cannot be used, {what}:{lines}") from invalid
