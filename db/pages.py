"""Lists, a page at a time: launches newest first, escalations as they were raised.

Pages go by key, never by offset, so that what is new meanwhile moves nothing. Items are JSON text
as stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_

from db.cursor import LIMIT, decode, next_cursor, page_length
from db.inbox import InboxEntry, InboxPage, inbox
from db.projection import ESCAPE, fenced_pattern
from db.row import table_of
from db.tables import EscalationRow, LaunchRow
from db.transaction import Session

__all__ = [
    "InboxEntry",
    "InboxPage",
    "LaunchFilter",
    "Page",
    "escalation_page",
    "inbox",
    "launch_page",
]

_launch, _escalation = table_of(LaunchRow), table_of(EscalationRow)


@dataclass(frozen=True, slots=True)
class Page:
    """Documents as JSON text; `next_cursor` is None at the end."""

    items: tuple[str, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class LaunchFilter:
    """`phases` empty means all; `q` is found in code or title, whatever its case."""

    phases: tuple[str, ...] = ()
    department: str | None = None
    module: str | None = None
    q: str | None = None
    kind: str = "campaign"


async def launch_page(
    session: Session,
    chosen: LaunchFilter | None = None,
    *,
    limit: int = LIMIT,
    cursor: str | None = None,
) -> Page:
    """Launches newest first. Raises Invalid for a cursor that is not of this list."""
    chosen = chosen or LaunchFilter()
    bound = _bound("launches", chosen)
    place = (_launch.c.started_at, _launch.c.id)
    found = select(_launch.c.id).where(*_conditions(chosen))
    if cursor is not None:
        at, last = decode(bound, cursor)
        found = found.where(tuple_(*place) < (datetime.fromisoformat(at), last))
    found = found.order_by(*(column.desc() for column in place)).limit(page_length(limit) + 1)
    # The index alone finds the ids; only the rows of the page are read.
    ids = found.subquery()
    whole = (
        select(*place, _launch.c.document)
        .join(ids, ids.c.id == _launch.c.id)
        .order_by(*(column.desc() for column in place))
    )
    rows = (await session.execute(whole)).all()
    return _page(rows, limit, bound, ("started_at", "id"))


async def departments(session: Session) -> tuple[str, ...]:
    """The departments campaigns were started for; the index alone tells."""
    campaigns = _launch.c.kind == LaunchFilter().kind
    found = await session.execute(select(_launch.c.department).where(campaigns).distinct())
    return tuple(found.scalars())


async def escalation_page(
    session: Session,
    *,
    states: tuple[str, ...] = (),
    launch: str | None = None,
    limit: int = LIMIT,
    cursor: str | None = None,
) -> Page:
    """Escalations in the order in which they were raised; no `states` means all."""
    bound = {"list": "escalations", "states": list(states), "launch": launch}
    place = (_escalation.c.raised_at, _escalation.c.id)
    found = select(*place, _escalation.c.document).order_by(*place).limit(page_length(limit) + 1)
    if states:
        found = found.where(_escalation.c.state.in_(states))
    if launch is not None:
        found = found.where(_escalation.c.launch == launch)
    if cursor is not None:
        at, last = decode(bound, cursor)
        found = found.where(tuple_(*place) > (datetime.fromisoformat(at), last))
    rows = (await session.execute(found)).all()
    return _page(rows, limit, bound, ("raised_at", "id"))


def _conditions(chosen: LaunchFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_launch.c.kind == chosen.kind]
    if chosen.phases:
        conditions.append(_launch.c.phase.in_(chosen.phases))
    if chosen.department is not None:
        conditions.append(_launch.c.department == chosen.department)
    if chosen.module is not None:
        modules = _launch.c.modules
        conditions.append(modules.like(fenced_pattern(chosen.module), escape=ESCAPE))
    if chosen.q:
        conditions.append(_launch.c.search.contains(chosen.q.casefold(), autoescape=True))
    return conditions


def _bound(name: str, chosen: LaunchFilter) -> dict[str, object]:
    return {
        "list": name,
        "phases": sorted(chosen.phases),
        "department": chosen.department,
        "module": chosen.module,
        "q": chosen.q,
        "kind": chosen.kind,
    }


def _page(
    rows: Sequence[Any], limit: int, bound: Mapping[str, object], place: tuple[str, ...]
) -> Page:
    length = page_length(limit)
    items = tuple(row.document for row in rows[:length])
    return Page(items, next_cursor(rows, length, bound, place))
