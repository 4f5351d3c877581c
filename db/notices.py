"""Notices: what a person is told once, until they say that they have read it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Update, bindparam, insert, select, update

from db.row import table_of
from db.tables import NoticeRow
from db.transaction import Session
from domain.events import Entry
from domain.notices import Notice, NoticeKind

_notice = table_of(NoticeRow)
_NEW = insert(_notice)
_TOLD = select(_notice.c.person).where(
    _notice.c.launch == bindparam("launch"),
    _notice.c.seq == 0,
    _notice.c.step == bindparam("step"),
    _notice.c.kind == bindparam("kind"),
)


async def tell(
    session: Session,
    launch: str,
    step: str,
    people: Sequence[str],
    *,
    kind: NoticeKind,
    at: datetime,
) -> tuple[str, ...]:
    """Write one notice for each of the people; who was told before is not told again.

    Returns those who are told now.
    """
    await session.lock(f"notice {launch}")
    subject = {"launch": launch, "step": step, "kind": kind}
    told = set((await session.execute(_TOLD, subject)).scalars())
    new = [person for person in dict.fromkeys(people) if person not in told]
    if new:
        unread = {**subject, "seq": 0, "at": at, "text": None, "read_at": None}
        await session.execute(_NEW, [{**unread, "person": person} for person in new])
    return tuple(new)


async def tell_of(session: Session, launch: str, told: Sequence[tuple[Entry, Notice]]) -> None:
    """Write the notices of entries, in the transaction that appends these."""
    rows: list[dict[str, Any]] = [
        {
            "launch": launch,
            "seq": entry.seq,
            "step": notice.step or "",
            "person": person,
            "kind": notice.kind,
            "at": entry.at,
            "text": notice.text,
            "read_at": None,
        }
        for entry, notice in told
        for person in notice.people
    ]
    if rows:
        await session.execute(_NEW, rows)


async def mark_read(
    session: Session,
    person: str,
    *,
    at: datetime,
    launch: str | None = None,
    until: datetime | None = None,
) -> int:
    """Take the person's notices out of the inbox: of one launch, told up to an instant, or all. How
    many there were.
    """
    read: Update = update(_notice).where(_notice.c.person == person, _notice.c.read_at.is_(None))
    if launch is not None:
        read = read.where(_notice.c.launch == launch)
    if until is not None:
        read = read.where(_notice.c.at <= until)
    return (await session.execute(read.values(read_at=at))).rowcount
