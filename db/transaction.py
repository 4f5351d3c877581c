"""What a transaction offers to the modules that read and write: statements, and a lock by name."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from sqlalchemy import CursorResult
from sqlalchemy.sql import Executable

Parameters: TypeAlias = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Rows:
    """The rows of a statement that a driver carried out itself, and how many it changed. As much of
    SQLAlchemy's result as is asked for; `row_type` is a named tuple with a field for each column.
    """

    __slots__ = ("_row_type", "_rows", "rowcount")

    def __init__(self, row_type: type[Any], rows: Sequence[Any], rowcount: int) -> None:
        self._row_type = row_type
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Any]:
        return map(self._row_type._make, self._rows)

    def all(self) -> Sequence[Any]:
        return list(self)

    def first(self) -> Any:  # noqa: ANN401 - a row, or None
        return next(iter(self), None)

    def scalar(self) -> Any:  # noqa: ANN401 - the first column of the first row, or None
        return self._rows[0][0] if self._rows else None

    def scalars(self) -> Sequence[Any]:
        return [row[0] for row in self._rows]

    def mappings(self) -> "Mappings":
        names = self._row_type._fields
        return Mappings(dict(zip(names, row, strict=True)) for row in self._rows)


class Mappings(list[dict[str, Any]]):
    """Rows as dictionaries."""

    def first(self) -> dict[str, Any] | None:
        return self[0] if self else None


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
