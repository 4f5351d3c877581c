"""The build of this installation, as Temporal notes it with every task a worker completes."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

_SOURCES: Final = Path(__file__).parents[1]
_DECIDING: Final = ("domain", "workflows")


@cache
def build_id() -> str:
    """`0.1.0+3f2a91c04b7d`: the version, and a digest of the code that decides what happens."""
    digest = hashlib.sha256()
    for package in _DECIDING:
        for file in sorted((_SOURCES / package).rglob("*.py")):
            digest.update(f"{file.relative_to(_SOURCES).as_posix()}\0".encode())
            digest.update(file.read_bytes())
    return f"{version('countersign')}+{digest.hexdigest()[:12]}"
