"""The digests of closed runs, and what is asked over many of them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from db import ledger
from db.row import table_of
from db.tables import LaunchRow, PostMortemRow, RunDigestRow
from db.transaction import Session
from domain.insights.digest import digest_of

Document = Mapping[str, Any]
_digest, _postmortem = table_of(RunDigestRow), table_of(PostMortemRow)
_launch = table_of(LaunchRow)
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


async def digests(
    session: Session, since: datetime | None, until: datetime | None
) -> Sequence[Document]:
    """Those of runs that closed in that time, `until` exclusive, in the order in which they did."""
    chosen = select(_digest.c.document).order_by(_digest.c.closed_at, _digest.c.launch)
    for condition in _within(since, until):
        chosen = chosen.where(condition)
    return [json.loads(text) for text in (await session.execute(chosen)).scalars()]


async def campaigns(
    session: Session, since: datetime | None, until: datetime | None
) -> Sequence[str]:
    """The campaigns that closed in that time, in the order in which they did; what is no campaign
    is known by the read model.
    """
    others = select(_launch.c.id).where(_launch.c.kind != "campaign")
    chosen = select(_digest.c.launch).order_by(_digest.c.closed_at, _digest.c.launch)
    for condition in (_digest.c.launch.not_in(others), *_within(since, until)):
        chosen = chosen.where(condition)
    return [str(launch) for launch in (await session.execute(chosen)).scalars()]


async def factors(
    session: Session, since: datetime | None, until: datetime | None
) -> Sequence[Sequence[str]]:
    """The factors of each published post-mortem of these runs."""
    chosen = (
        select(_postmortem.c.factors)
        .join(_digest, _digest.c.launch == _postmortem.c.launch)
        .where(_postmortem.c.published_at.is_not(None))
    )
    for condition in _within(since, until):
        chosen = chosen.where(condition)
    return [json.loads(text) for text in (await session.execute(chosen)).scalars()]


def _within(since: datetime | None, until: datetime | None) -> list[Any]:
    conditions = []
    if since is not None:
        conditions.append(_digest.c.closed_at >= since)
    if until is not None:
        conditions.append(_digest.c.closed_at < until)
    return conditions
