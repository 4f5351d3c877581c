"""Notices: what a person is told once, until they say that they have read it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, insert, select, update

from db.row import table_of
from db.tables import NoticeRow
from db.transaction import Session

Kind = Literal["stand_down"]

_notice = table_of(NoticeRow)
_TOLD = select(_notice.c.person).where(
    _notice.c.launch == bindparam("launch"),
    _notice.c.step == bindparam("step"),
    _notice.c.kind == bindparam("kind"),
)


async def tell(
    session: Session, launch: str, step: str, people: Sequence[str], *, kind: Kind, at: datetime
) -> tuple[str, ...]:
    """Write one notice for each of the people; who was told before is not told again.

    Returns those who are told now.
    """
    await session.lock(f"notice {launch}")
    subject = {"launch": launch, "step": step, "kind": kind}
    told = set((await session.execute(_TOLD, subject)).scalars())
    new = [person for person in dict.fromkeys(people) if person not in told]
    if new:
        rows = [{**subject, "person": person, "at": at, "read_at": None} for person in new]
        await session.execute(insert(_notice), rows)
    return tuple(new)


async def mark_read(session: Session, person: str, *, launch: str, step: str, at: datetime) -> bool:
    """Take the notices about this step out of the person's inbox; False where there was none."""
    read = (
        update(_notice)
        .where(
            _notice.c.person == person,
            _notice.c.launch == launch,
            _notice.c.step == step,
            _notice.c.read_at.is_(None),
        )
        .values(read_at=at)
    )
    return (await session.execute(read)).rowcount > 0
