"""SQLAlchemy's statements, carried out by the driver itself.

A statement is compiled once, with the conversions of its parameters and columns; after that nothing
stands between it and the driver. What SQLAlchemy does for each execution takes eight times as long
as SQLite for one row by its key, and a sign-off is a dozen of those.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from keyword import iskeyword
from typing import Any, Final, TypeAlias
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, Select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import TypeEngine

from db.transaction import Parameters, Rows

Statement: TypeAlias = Select[Any] | UpdateBase
Conversion: TypeAlias = Callable[[Any], Any] | None

_DIALECT: Final = SQLiteDialect_pysqlite(paramstyle="named")


class Prepared:
    """One statement for parameters of these names."""

    def __init__(
        self,
        compiled: SQLCompiler,
        names: Iterable[str],
        columns: Sequence[tuple[str, TypeEngine[Any]]],
    ) -> None:
        self.text = compiled.string
        dialect = compiled.dialect
        given = dict.fromkeys(names)
        values = compiled.construct_params(given).items()
        self._defaults = {name: value for name, value in values if name not in given}
        # Of parameters that share a name each would be converted, and the value is one.
        kinds = {name: bind.type for bind, name in compiled.bind_names.items()}
        self._bound = tuple(
            (name, convert)
            for name, kind in kinds.items()
            if (convert := _to_driver(kind, dialect)) is not None
        )
        self._row_type = _row_type([name for name, _ in columns])
        self._read = tuple(_from_driver(kind, dialect) for _, kind in columns)
        self._converts = any(self._read)

    def execute(self, driver: sqlite3.Connection, parameters: Parameters | None) -> Rows:
        """On SQLite. Raises SQLAlchemy's errors where the database refuses, ValueError or KeyError
        where a parameter cannot be stored or is missing.
        """
        try:
            if isinstance(parameters, Sequence):
                cursor = driver.executemany(self.text, [self.values(p) for p in parameters])
            else:
                cursor = driver.execute(self.text, self.values(parameters or {}))
            rows = cursor.fetchall()
        except sqlite3.Error as error:
            raise as_sqlalchemy(error, self.text) from error
        return self.answer(rows, cursor.rowcount)

    def answer(self, rows: Sequence[Any], rowcount: int) -> Rows:
        """What a driver answered, as SQLAlchemy would have it."""
        if self._converts:
            rows = [self._converted(row) for row in rows]
        return Rows(self._row_type, rows, rowcount)

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters as a driver takes them."""
        values = {**self._defaults, **given}
        for name, convert in self._bound:
            values[name] = convert(values[name])
        return values

    def _converted(self, row: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(
            value if convert is None else convert(value)
            for value, convert in zip(row, self._read, strict=True)
        )


def as_sqlalchemy(
    error: Exception,
    statement: str,
    *,
    base: type[Exception] = sqlite3.Error,
    dialect: Dialect = _DIALECT,
) -> BaseException:
    """The error that SQLAlchemy makes of the driver's; `base` is what all of the driver's are."""
    return DBAPIError.instance(statement, None, error, base, dialect=dialect)


class Statements:
    """The statements of one process. One that comes a second time is kept somewhere for use again,
    and so is what was made of it; one that is put together for each use is left to SQLAlchemy,
    which knows it again by its shape.
    """

    def __init__(self, dialect: Dialect = _DIALECT) -> None:
        self._dialect = dialect
        self._known: WeakKeyDictionary[Executable, dict[frozenset[str], Prepared | None]]
        self._known = WeakKeyDictionary()

    def prepared(self, statement: Executable, parameters: Parameters | None) -> Prepared | None:
        """The statement ready for the driver; None where SQLAlchemy should carry it out."""
        if not isinstance(statement, Select | UpdateBase):
            return None
        known = self._known.get(statement)
        if known is None:
            self._known[statement] = {}
            return None
        first = next(iter(parameters), {}) if isinstance(parameters, Sequence) else parameters
        names = frozenset(first or ())
        if names not in known:
            known[names] = _prepared(statement, names, self._dialect)
        return known[names]


def _prepared(statement: Statement, names: frozenset[str], dialect: Dialect) -> Prepared | None:
    """None for what needs SQLAlchemy each time: lists that expand, changes that return rows,
    columns without a name of their own that a row's field can have.
    """
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    columns = [
        (column.key or "", column.type)
        for column in (statement.exported_columns if isinstance(statement, Select) else ())
    ]
    found = {name for name, _ in columns}
    if any(bind.expanding for bind in compiled.bind_names) or compiled.effective_returning:
        return None
    if len(found) < len(columns) or not all(map(_is_field, found)):
        return None
    return Prepared(compiled, names, columns)


def _row_type(names: Sequence[str]) -> type[Any]:
    return namedtuple("Row", names)  # noqa: PYI024 - known at this moment only


def _is_field(name: str) -> bool:
    return name.isidentifier() and not iskeyword(name) and not name.startswith("_")


def _to_driver(kind: TypeEngine[Any], dialect: Dialect) -> Conversion:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _from_driver(kind: TypeEngine[Any], dialect: Dialect) -> Conversion:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
