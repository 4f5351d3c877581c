"""Drafts of launches: each belongs to one person, and nobody else ever sees it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, insert, select

from db.row import table_of
from db.tables import DraftRow
from db.transaction import Session

MOST: Final = 50
"""So many drafts a person may have."""

_draft = table_of(DraftRow)


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields of the form, by their names."""

    id: str
    saved_at: datetime
    fields: Mapping[str, str]


async def save(
    session: Session, person: str, draft_id: str, fields: Mapping[str, str], *, now: datetime
) -> bool:
    """Keep what was filled in, in place of what this draft said before; False where there are too
    many already.
    """
    await forget(session, person, draft_id)
    held = select(func.count()).select_from(_draft).where(_draft.c.person == person)
    if ((await session.execute(held)).scalar() or 0) >= MOST:
        return False
    text = json.dumps(dict(fields), ensure_ascii=False)
    row = {"id": draft_id, "person": person, "saved_at": now, "fields": text}
    await session.execute(insert(_draft), row)
    return True


async def of_person(session: Session, person: str) -> tuple[Draft, ...]:
    """The drafts of a person, the one saved last first."""
    found = select(_draft).where(_draft.c.person == person).order_by(_draft.c.saved_at.desc())
    return tuple(map(_read, await session.execute(found)))


async def get(session: Session, person: str, draft_id: str) -> Draft | None:
    """The draft, if it is there and this person's."""
    found = select(_draft).where(_draft.c.person == person, _draft.c.id == draft_id)
    row = (await session.execute(found)).first()
    return None if row is None else _read(row)


async def forget(session: Session, person: str, draft_id: str) -> None:
    """A repeat changes nothing."""
    its = (_draft.c.person == person) & (_draft.c.id == draft_id)
    await session.execute(delete(_draft).where(its))


def _read(row: Any) -> Draft:  # noqa: ANN401 - a row of the statement
    return Draft(row.id, row.saved_at, json.loads(row.fields))
