"""Closed runs that have no post-mortem yet."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from db.row import table_of
from db.tables import LaunchRow, PostMortemRow
from db.transaction import Session

_launch, _postmortem = table_of(LaunchRow), table_of(PostMortemRow)


@dataclass(frozen=True, slots=True)
class Unreviewed:
    """A closed run; `title` as it was written."""

    launch: str
    code: str
    title: str
    outcome: str | None
    started_at: datetime


async def newest(session: Session, limit: int) -> Sequence[Unreviewed]:
    """Those that started last first."""
    is_of = _postmortem.c.launch == _launch.c.id
    chosen = (
        select(_launch.c.id, _launch.c.code, _launch.c.outcome, _launch.c.started_at)
        .add_columns(_launch.c.document)
        .outerjoin(_postmortem, is_of)
        .where(_launch.c.kind == "campaign", _launch.c.phase == "closed")
        .where(_postmortem.c.launch.is_(None))
        .order_by(_launch.c.started_at.desc(), _launch.c.id.desc())
        .limit(limit)
    )
    return [
        Unreviewed(row.id, row.code, json.loads(row.document)["title"], row.outcome, row.started_at)
        for row in await session.execute(chosen)
    ]
