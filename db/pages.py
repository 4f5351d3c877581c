"""Lists, a page at a time: launches newest first, escalations as raised, inboxes by urgency.

Pages go by key, never by offset, so that what is new meanwhile moves nothing. Items of launches
and escalations are JSON text as stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, null, select, tuple_, union_all

from db.cursor import decode, encode
from db.projection import NEVER, address_of_person, address_of_post
from db.row import table_of
from db.tables import EscalationRow, InboxRow, LaunchRow, NoticeRow
from db.transaction import Session
from domain.canonical import rfc3339

LIMIT = 100
"""The longest page, and the length where none is asked for."""

_launch, _inbox = table_of(LaunchRow), table_of(InboxRow)
_escalation, _notice = table_of(EscalationRow), table_of(NoticeRow)


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


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """One thing waiting for a person; `subject` is the id of an escalation or finding."""

    kind: str
    launch: str
    code: str
    step: str | None
    subject: str | None
    due: datetime | None
    overdue: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class InboxPage:
    items: tuple[InboxEntry, ...]
    next_cursor: str | None


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
    found = found.order_by(*(column.desc() for column in place)).limit(_length(limit) + 1)
    # The index alone finds the ids; only the rows of the page are read.
    ids = found.subquery()
    whole = (
        select(*place, _launch.c.document)
        .join(ids, ids.c.id == _launch.c.id)
        .order_by(*(column.desc() for column in place))
    )
    rows = (await session.execute(whole)).all()
    return _page(rows, limit, bound, ("started_at", "id"))


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
    found = select(*place, _escalation.c.document).order_by(*place).limit(_length(limit) + 1)
    if states:
        found = found.where(_escalation.c.state.in_(states))
    if launch is not None:
        found = found.where(_escalation.c.launch == launch)
    if cursor is not None:
        at, last = decode(bound, cursor)
        found = found.where(tuple_(*place) > (datetime.fromisoformat(at), last))
    rows = (await session.execute(found)).all()
    return _page(rows, limit, bound, ("raised_at", "id"))


async def inbox(
    session: Session,
    person: str,
    posts: Sequence[str],
    *,
    limit: int = LIMIT,
    cursor: str | None = None,
) -> InboxPage:
    """What waits for a person who holds these posts: overdue first, then by due, then by age."""
    bound = {"list": "inbox", "person": person, "posts": sorted(posts)}
    waiting = union_all(_items(person, posts), _unread(person)).subquery()
    order = tuple(waiting.c[name] for name in _PLACE)
    found = select(waiting, _launch.c.code).join(_launch, _launch.c.id == waiting.c.launch)
    if cursor is not None:
        urgency, due_rank, since, *last = decode(bound, cursor)
        place = (urgency, due_rank, datetime.fromisoformat(since), *last)
        found = found.where(tuple_(*order) > place)
    found = found.order_by(*order).limit(_length(limit) + 1)
    rows = (await session.execute(found)).all()
    items = tuple(_entry(row) for row in rows[: _length(limit)])
    return InboxPage(items, _next(rows, limit, bound, _PLACE))


_PLACE = ("urgency", "due_rank", "since", "launch", "item")
_SHOWN = ("launch", "item", "kind", "step", "subject", "due", "overdue", "since")


def _items(person: str, posts: Sequence[str]) -> Select[Any]:
    """Once each, although a person may be addressed in several ways."""
    addresses = [address_of_person(person), *map(address_of_post, posts)]
    columns = [_inbox.c[name] for name in (*_SHOWN, "urgency", "due_rank")]
    return (
        select(*columns)
        .distinct()
        .where(_inbox.c.address.in_(addresses), ~_names(_inbox.c.without, person))
    )


def _unread(person: str) -> Select[Any]:
    shown = {
        "launch": _notice.c.launch,
        "item": literal("notice:") + _notice.c.kind + literal(":") + _notice.c.step,
        "kind": literal("notice"),
        "step": _notice.c.step,
        "subject": null(),
        "due": null(),
        "overdue": literal(value=False),
        "since": _notice.c.at,
        "urgency": literal(1),
        "due_rank": literal(NEVER),
    }
    return select(*(column.label(name) for name, column in shown.items())).where(
        _notice.c.person == person, _notice.c.read_at.is_(None)
    )


def _conditions(chosen: LaunchFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_launch.c.kind == chosen.kind]
    if chosen.phases:
        conditions.append(_launch.c.phase.in_(chosen.phases))
    if chosen.department is not None:
        conditions.append(_launch.c.department == chosen.department)
    if chosen.module is not None:
        conditions.append(_names(_launch.c.modules, chosen.module))
    if chosen.q:
        conditions.append(_launch.c.search.contains(chosen.q.casefold(), autoescape=True))
    return conditions


def _names(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Whether a fenced list (`|a|b|`) names it."""
    return and_(column.contains(f"|{name}|", autoescape=True))


def _bound(name: str, chosen: LaunchFilter) -> dict[str, object]:
    return {
        "list": name,
        "phases": sorted(chosen.phases),
        "department": chosen.department,
        "module": chosen.module,
        "q": chosen.q,
        "kind": chosen.kind,
    }


def _length(limit: int) -> int:
    return max(1, min(limit, LIMIT))


def _page(
    rows: Sequence[Any], limit: int, bound: Mapping[str, object], place: tuple[str, ...]
) -> Page:
    items = tuple(row.document for row in rows[: _length(limit)])
    return Page(items, _next(rows, limit, bound, place))


def _next(
    rows: Sequence[Any], limit: int, bound: Mapping[str, object], place: tuple[str, ...]
) -> str | None:
    """One row more than asked for was read: it says that there is another page."""
    if len(rows) <= _length(limit):
        return None
    last = rows[_length(limit) - 1]
    values = (getattr(last, name) for name in place)
    return encode(bound, [rfc3339(v) if isinstance(v, datetime) else v for v in values])


def _entry(row: Any) -> InboxEntry:  # noqa: ANN401 - a row of the union
    return InboxEntry(
        kind=row.kind,
        launch=row.launch,
        code=row.code,
        step=row.step,
        subject=row.subject,
        due=row.due,
        overdue=row.overdue,
        since=row.since,
    )
