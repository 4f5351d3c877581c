"""Reading rows of a ledger of which some may hold what no row can: those are told apart, so that
one of them does not hide the others.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.exc import OperationalError

from db import ledger
from db.proof import Columns, Problem
from db.transaction import Session

UNREADABLE: Final = (OperationalError, TypeError, ValueError)
"""What reading a row raises where a column holds what it never could."""


async def readable_rows(
    session: Session, launch: str
) -> tuple[Sequence[Columns], Sequence[Problem]]:
    """The rows, and those among them that cannot even be read."""
    try:
        rows = await ledger.rows_after(session, launch)
    except UNREADABLE:
        return await _one_by_one(session, launch)
    if not all(map(_is_text, rows)):
        return await _one_by_one(session, launch)
    return rows, ()


async def _one_by_one(session: Session, launch: str) -> tuple[Sequence[Columns], Sequence[Problem]]:
    rows: list[Columns] = []
    problems: list[Problem] = []
    for seq in await ledger.seqs(session, launch):
        try:
            [row] = await ledger.rows_after(session, launch, after=seq - 1, limit=1)
        except UNREADABLE as error:
            problems.append(Problem(launch, seq, "edited", f"it cannot be read: {_cause(error)}"))
            continue
        if _is_text(row):
            rows.append(row)
        else:
            problems.append(Problem(launch, seq, "edited", "it cannot be read: it is no text"))
    return rows, problems


def _is_text(row: Columns) -> bool:
    """SQLite keeps octets where a text should stand."""
    return not any(isinstance(value, bytes) for value in row.values())


def _cause(error: Exception) -> object:
    return getattr(error, "orig", None) or error
