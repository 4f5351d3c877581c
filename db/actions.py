"""What reviews asked for: the launches of kind `action`, the most urgent first."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, select, tuple_

from db.cursor import LIMIT, decode, next_cursor, page_length
from db.row import table_of
from db.tables import LaunchRow, PostMortemRow
from db.transaction import Session

Standing = Literal["open", "overdue", "closed"]

Document = dict[str, Any]
_launch, _postmortem = table_of(LaunchRow), table_of(PostMortemRow)


@dataclass(frozen=True, slots=True)
class ActionPage:
    """The documents of launches; `next_cursor` is None at the end."""

    items: tuple[Document, ...]
    next_cursor: str | None


async def page(
    session: Session,
    standing: Standing,
    *,
    now: datetime,
    limit: int = LIMIT,
    cursor: str | None = None,
) -> ActionPage:
    """Actions of published reviews. Raises Invalid for a cursor that is not of this list."""
    bound = {"list": "actions", "standing": standing}
    place = (_launch.c.due, _launch.c.id)
    length = page_length(limit)
    found = (
        select(*place, _launch.c.document)
        .join(_postmortem, _postmortem.c.launch == _launch.c.review_of)
        .where(_launch.c.kind == "action", _postmortem.c.published_at.is_not(None))
        .where(*_conditions(standing, now))
        .order_by(*place)
        .limit(length + 1)
    )
    if cursor is not None:
        due, last = decode(bound, cursor)
        found = found.where(tuple_(*place) > (datetime.fromisoformat(due), last))
    rows = (await session.execute(found)).all()
    items = tuple(json.loads(row.document) for row in rows[:length])
    return ActionPage(items, next_cursor(rows, length, bound, ("due", "id")))


def _conditions(standing: Standing, now: datetime) -> list[ColumnElement[bool]]:
    if standing == "closed":
        return [_launch.c.phase == "closed"]
    is_open = [_launch.c.phase != "closed"]
    return [*is_open, _launch.c.due < now] if standing == "overdue" else is_open
