"""A whole database copied into another, empty one, of the same or the other kind.

The source is only read, and nobody else may have it open. The target gets schema and rows in one
transaction: either all of it, compared with the source row by row, or nothing. Tables are read in
batches, so that none has to fit into memory.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Table,
    create_engine,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy import Row as ResultRow
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from db import tables
from db.address import DatabaseUnusable, first_line, is_sqlite, parsed, shown, unusable
from db.schema import SCHEMA_LOCK, demand, demand_known, demand_ours, revision_on, upgrade
from db.sqlite import exclusive_engine, migrating_engine, reading_engine

BATCH: Final = 200
"""Rows in memory at a time."""

PATIENCE: Final = 2.0
"""Seconds that others get to let go of the source."""
PAUSE: Final = 0.05

Progress: TypeAlias = Callable[[str, str, int, int], None]
"""Told what is done to which table, with how many of its rows so far, and of how many."""

_OTHERS: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND usesysid IS NOT NULL AND pid <> pg_backend_pid() AND pid <> :reader "
    # Of other users' sessions not everybody may see the kind.
    "AND coalesce(backend_type, 'client backend') = 'client backend'"
)
_KEEP_WRITERS_OUT: Final = text(
    "LOCK TABLE {} IN SHARE MODE".format(", ".join(sorted(tables.LedgerRow.metadata.tables)))
)
_PID: Final = text("SELECT pg_backend_pid()")
_SEQUENCE: Final = text("SELECT pg_get_serial_sequence(:table, :column)")
_GO_ON_AFTER: Final = text("SELECT setval(CAST(:sequence AS regclass), :number)")


class DatabaseInUse(DatabaseUnusable):
    """Somebody else is connected to the source and might write to it."""


class TargetNotEmpty(DatabaseUnusable):
    """The target holds something already."""


class CopyRefused(DatabaseUnusable):
    """The target does not take a row; nothing was kept."""


class CopyDiffers(DatabaseUnusable):
    """What was read back is not what was written; nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A table, and the rows it has on either side."""

    table: str
    rows: int


@dataclass(slots=True)
class Content:
    """Count and digest of a table's rows in any order: two databases may sort texts differently."""

    rows: int = 0
    digest: int = 0

    def take(self, rows: Iterable[ResultRow[Any]]) -> None:
        for row in rows:
            digest = hashlib.sha256(repr(tuple(row)).encode(errors="surrogatepass")).digest()
            self.digest = (self.digest + int.from_bytes(digest)) % (1 << 256)
            self.rows += 1


def copy(source: str, target: str, progress: Progress) -> tuple[Copied, ...]:
    """Copy every table. Raises `DatabaseUnusable`, and then the target is as it was."""
    origin, goal = parsed(source), parsed(target, "--to")
    with _reading(origin) as reader, _writing(goal) as writer:
        _demand_empty(writer, goal)
        upgrade(writer)
        copied = tuple(_copy(table, reader, writer, progress) for table in _ordered())
        if not is_sqlite(origin):
            # Who came meanwhile may have written what the picture that was copied does not show.
            _demand_still_alone(reader, origin)
        return copied


def _ordered() -> Sequence[Table]:
    """Every table, after those that it points to."""
    return tables.LedgerRow.metadata.sorted_tables


def _copy(table: Table, reader: Connection, writer: Connection, progress: Progress) -> Copied:
    total = _count(reader, table)
    written, found = Content(), Content()
    for rows in _batches(reader, table):
        _write(table, writer, rows)
        written.take(rows)
        progress("copying", table.name, written.rows, total)
    _go_on_numbering(table, writer)
    for rows in _batches(writer, table):
        found.take(rows)
        progress("comparing", table.name, found.rows, total)
    if not found == written or found.rows != total:
        raise CopyDiffers(
            f"The table {table.name} came out different, so nothing was copied",
            "Run `countersign ledger verify`: the source may be damaged.",
        )
    return Copied(table.name, total)


def _write(table: Table, writer: Connection, rows: Sequence[ResultRow[Any]]) -> None:
    try:
        writer.execute(insert(table), [row._asdict() for row in rows])
    except DBAPIError as error:
        raise CopyRefused(
            f"The target refuses rows of the table {table.name}: {first_line(error)}",
            "Nothing was copied. Correct the rows, or make room, and move again.",
        ) from error


def _count(reader: Connection, table: Table) -> int:
    try:
        return reader.execute(select(func.count()).select_from(table)).scalar_one()
    except SQLAlchemyError as error:
        raise unusable(reader.engine.url, error) from error


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[ResultRow[Any]]]:
    """The rows by their key: the ledger takes the entries of a launch in their order only."""
    chosen = select(table).order_by(*table.primary_key)
    try:
        with connection.execute(chosen, execution_options={"yield_per": BATCH}) as result:
            yield from result.partitions()
    except (SQLAlchemyError, TypeError, ValueError) as error:
        raise unusable(connection.engine.url, error) from error


def _go_on_numbering(table: Table, writer: Connection) -> None:
    """PostgreSQL counts in a sequence, which knows nothing of rows that brought their number."""
    column = table.autoincrement_column
    if column is None or writer.dialect.name != "postgresql":
        return
    names = {"table": table.name, "column": column.name}
    sequence = writer.execute(_SEQUENCE, names).scalar()
    highest = writer.execute(select(func.max(column))).scalar()
    if sequence is not None and highest is not None:
        writer.execute(_GO_ON_AFTER, {"sequence": sequence, "number": highest})


def _demand_empty(writer: Connection, goal: URL) -> None:
    demand_known(revision_on(writer))
    demand_ours(writer, goal)
    there = inspect(writer)
    for table in _ordered():
        if there.has_table(table.name) and writer.execute(select(table).limit(1)).first():
            raise TargetNotEmpty(
                f"The database {shown(goal)} is not empty: its table {table.name} has rows",
                "Name one that is new, or that `countersign migrate` has just made.",
            )


@contextmanager
def _reading(origin: URL) -> Iterator[Connection]:
    """One picture of the source, which nobody else has open."""
    engine = exclusive_engine(origin) if is_sqlite(origin) else _snapshots(origin)
    try:
        if not is_sqlite(origin):
            _demand_alone(engine, origin)
        with engine.connect() as connection:
            demand(revision_on(connection))
            if not is_sqlite(origin):
                connection.rollback()  # the picture is taken when nobody can change it any more
                connection.execute(_KEEP_WRITERS_OUT)
            yield connection
            # Not rolled back: the target may be written, and nothing was changed here.
            connection.invalidate()
    except (OSError, SQLAlchemyError) as error:
        raise unusable(origin, error) from error
    finally:
        engine.dispose()


@contextmanager
def _writing(goal: URL) -> Iterator[Connection]:
    """One transaction on the target, in which schema and rows come to be; a file that is made for
    it goes with it.
    """
    _look(goal)
    engine = migrating_engine(goal) if is_sqlite(goal) else create_engine(goal)
    file = Path(goal.database or "")
    is_new = is_sqlite(goal) and not file.exists()
    try:
        with engine.begin() as connection:
            if not is_sqlite(goal):
                connection.execute(SCHEMA_LOCK)
            yield connection
        is_new = False
    except (OSError, SQLAlchemyError) as error:
        raise unusable(goal, error) from error
    finally:
        engine.dispose()
        if is_new:
            file.unlink(missing_ok=True)


def _look(goal: URL) -> None:
    """Whether it is a place for a copy, before a file is opened for writing: that changes it."""
    if not is_sqlite(goal) or not Path(goal.database or "").exists():
        return
    engine = reading_engine(goal)
    try:
        with engine.begin() as connection:
            _demand_empty(connection, goal)
    except (OSError, SQLAlchemyError) as error:
        raise unusable(goal, error) from error
    finally:
        engine.dispose()


def _snapshots(origin: URL) -> Engine:
    return create_engine(
        origin, isolation_level="REPEATABLE READ", execution_options={"postgresql_readonly": True}
    )


def _demand_still_alone(reader: Connection, origin: URL) -> None:
    try:
        _demand_alone(reader.engine, origin, reader)
    except SQLAlchemyError as error:
        raise unusable(origin, error) from error


def _demand_alone(engine: Engine, origin: URL, reader: Connection | None = None) -> None:
    """But for the reader's own session; those that have just been closed are there for a moment."""
    own = reader.execute(_PID).scalar_one() if reader is not None else 0
    give_up = monotonic() + PATIENCE
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while others := connection.execute(_OTHERS, {"reader": own}).scalar_one():
            if monotonic() > give_up:
                raise DatabaseInUse(
                    f"{shown(origin)} is open in {others} other sessions",
                    "Stop the processes that use it, API and worker first.",
                )
            sleep(PAUSE)
