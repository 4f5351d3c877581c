"""What a transaction offers to the modules that read and write: statements, and a lock by name."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from sqlalchemy import CursorResult
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.sql import Executable

Parameters: TypeAlias = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Rows(IteratorResult[Any]):
    """The rows of a statement that a driver carried out itself, and how many it changed."""

    def __init__(self, columns: Sequence[str], rows: Sequence[Any], rowcount: int) -> None:
        super().__init__(SimpleResultMetaData(columns), iter(rows))
        self.rowcount = rowcount


class Session(Protocol):
    """One open transaction. It ends with the `async with` that made it: committed where that ends
    well, rolled back where an exception passes through.
    """

    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[Any] | Rows:
        """Run a statement; a sequence of parameters runs it once for each."""
        ...

    async def lock(self, name: str) -> None:
        """Wait until no other transaction holds this name, then hold it until the end."""
        ...
