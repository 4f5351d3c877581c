"""The audit of refused acts: every attempt that a rule stood against, and which rule."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select

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
    return tuple(
        RefusedAct(**{name: value for name, value in row.items() if name != "id"}) for row in rows
    )
