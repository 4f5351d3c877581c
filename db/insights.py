"""The digests of closed runs, and what is asked over many of them."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from db import ledger
from db.row import table_of
from db.tables import PostMortemRow, RunDigestRow
from db.transaction import Session
from domain.insights.digest import digest_of
from domain.insights.summary import Run

_digest, _postmortem = table_of(RunDigestRow), table_of(PostMortemRow)
_ERASE = delete(_digest).where(_digest.c.launch == bindparam("of"))


async def note(session: Session, launch: str) -> None:
    """Write down what a closed launch adds, from its ledger; once more changes nothing."""
    entries = [stored.entry for stored in await ledger.entries(session, launch)]
    row = {
        "launch": launch,
        "closed_at": entries[-1].at,
        "document": json.dumps(digest_of(entries)),
    }
    await session.execute(_ERASE, {"of": launch})
    await session.execute(insert(_digest), row)


async def runs(session: Session, since: datetime | None, until: datetime | None) -> Sequence[Run]:
    """Those that closed in that time, `until` exclusive, in the order in which they did."""
    of_published = (_postmortem.c.launch == _digest.c.launch) & _postmortem.c.published_at.is_not(
        None
    )
    chosen = (
        select(_digest.c.document, _postmortem.c.factors)
        .outerjoin(_postmortem, of_published)
        .order_by(_digest.c.closed_at, _digest.c.launch)
    )
    for condition in _within(since, until):
        chosen = chosen.where(condition)
    return [
        Run(json.loads(row.document), None if row.factors is None else json.loads(row.factors))
        for row in await session.execute(chosen)
    ]


async def closed(session: Session, since: datetime | None, until: datetime | None) -> Sequence[str]:
    """The runs that closed in that time, in the order in which they did."""
    chosen = select(_digest.c.launch).order_by(_digest.c.closed_at, _digest.c.launch)
    for condition in _within(since, until):
        chosen = chosen.where(condition)
    return [*(await session.execute(chosen)).scalars()]


def _within(since: datetime | None, until: datetime | None) -> list[Any]:
    conditions = []
    if since is not None:
        conditions.append(_digest.c.closed_at >= since)
    if until is not None:
        conditions.append(_digest.c.closed_at < until)
    return conditions
