"""Files that commands write: whole, or not at all."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from cli.failure import Failed


@contextmanager
def written(out: Path | None) -> Iterator[TextIO]:
    """Stdout, or a file that appears whole or not at all."""
    if out is None:
        yield sys.stdout
        return
    try:
        descriptor, draft = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    except OSError as error:
        raise Failed(f"{out} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(out)
    except OSError as error:
        raise Failed(f"{out} cannot be written: {error.strerror}.") from error
    finally:
        Path(draft).unlink(missing_ok=True)
