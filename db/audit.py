"""The audit of refused acts: every attempt that a rule stood against, and which rule."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from db.cursor import LIMIT, decode, next_cursor, page_length
from db.row import table_of
from db.tables import RefusalRow
from db.transaction import Session

_refusal = table_of(RefusalRow)


@dataclass(frozen=True, slots=True)
class RefusedAct:
    """Who tried what, and the code of the refusal; `person` is None before anybody is known."""

    at: datetime
    method: str
    path: str
    status: int
    code: str
    detail: str
    person: str | None = None
    act: str | None = None
    launch: str | None = None
    step: str | None = None
    command: str | None = None


async def write(session: Session, refused: RefusedAct) -> None:
    await session.execute(insert(_refusal), asdict(refused))


@dataclass(frozen=True, slots=True)
class RefusalPage:
    """Refused acts, newest first; `next_cursor` is None at the end."""

    items: tuple[RefusedAct, ...]
    next_cursor: str | None


async def page(
    session: Session, launch: str, *, limit: int = LIMIT, cursor: str | None = None
) -> RefusalPage:
    """What was refused of a launch. Raises Invalid for a cursor that is not of this list."""
    bound = {"list": "refusals", "launch": launch}
    found = select(_refusal).where(_refusal.c.launch == launch).order_by(_refusal.c.id.desc())
    if cursor is not None:
        [last] = decode(bound, cursor)
        found = found.where(_refusal.c.id < last)
    length = page_length(limit)
    rows = (await session.execute(found.limit(length + 1))).all()
    items = tuple(_refused(row._asdict()) for row in rows[:length])
    return RefusalPage(items, next_cursor(rows, length, bound, ("id",)))


async def counts(session: Session, launch: str, *, until: datetime) -> Mapping[str, int]:
    """How often each rule stood against somebody in a launch, until then."""
    counted = (
        select(_refusal.c.code, func.count().label("times"))
        .where(_refusal.c.launch == launch, _refusal.c.at <= until)
        .group_by(_refusal.c.code)
    )
    return {row.code: row.times for row in await session.execute(counted)}


async def newest(
    session: Session, *, person: str | None = None, launch: str | None = None, limit: int = 100
) -> tuple[RefusedAct, ...]:
    """The latest refusals, newest first, of one person or launch where that is given."""
    chosen = select(_refusal).order_by(_refusal.c.id.desc()).limit(limit)
    if person is not None:
        chosen = chosen.where(_refusal.c.person == person)
    if launch is not None:
        chosen = chosen.where(_refusal.c.launch == launch)
    rows = (await session.execute(chosen)).mappings()
    return tuple(_refused(dict(row)) for row in rows)


def _refused(row: Mapping[str, Any]) -> RefusedAct:
    return RefusedAct(**{name: value for name, value in row.items() if name != "id"})
