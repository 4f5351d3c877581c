"""Drafts of launches: each belongs to one person, and nobody else ever sees it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import delete, exists, func, insert, select, update

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
) -> str | None:
    """Keep what was filled in, in place of what this draft said before. Its id, which is another
    one where that is somebody else's already; None where there are too many drafts.
    """
    await session.lock(f"drafts {person}")
    content = {"saved_at": now, "fields": json.dumps(dict(fields), ensure_ascii=False)}
    changed = await session.execute(update(_draft).where(_its(person, draft_id)).values(content))
    if changed.rowcount:
        return draft_id
    held = select(func.count()).select_from(_draft).where(_draft.c.person == person)
    if ((await session.execute(held)).scalar() or 0) >= MOST:
        return None
    is_taken = (await session.execute(select(exists().where(_draft.c.id == draft_id)))).scalar()
    own_id = uuid4().hex if is_taken else draft_id
    await session.execute(insert(_draft), {"id": own_id, "person": person, **content})
    return own_id


async def of_person(session: Session, person: str) -> tuple[Draft, ...]:
    """The drafts of a person, the one saved last first."""
    found = select(_draft).where(_draft.c.person == person).order_by(_draft.c.saved_at.desc())
    return tuple(map(_read, await session.execute(found)))


async def get(session: Session, person: str, draft_id: str) -> Draft | None:
    """The draft, if it is there and this person's."""
    row = (await session.execute(select(_draft).where(_its(person, draft_id)))).first()
    return None if row is None else _read(row)


async def forget(session: Session, person: str, draft_id: str) -> None:
    """A repeat changes nothing."""
    await session.execute(delete(_draft).where(_its(person, draft_id)))


def _its(person: str, draft_id: str) -> Any:  # noqa: ANN401 - a condition of the statement
    return (_draft.c.person == person) & (_draft.c.id == draft_id)


def _read(row: Any) -> Draft:  # noqa: ANN401 - a row of the statement
    return Draft(row.id, row.saved_at, json.loads(row.fields))
