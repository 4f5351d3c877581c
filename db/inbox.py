"""Inboxes: what waits for a person, most urgent first, a page at a time.

A person is addressed in several ways, by each of their posts and by name; each way is a list in
the index's order, and the page is read from the tops of these lists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    tuple_,
    union_all,
)

from db.cursor import LIMIT, decode, next_cursor, page_length
from db.projection import (
    ESCAPE,
    NEVER,
    address_of_person,
    addresses_of_holder,
    fenced_pattern,
)
from db.row import table_of
from db.tables import InboxRow, LaunchRow, NoticeRow
from db.transaction import Session

_PLACE: Final = ("urgency", "due_rank", "since", "launch", "item")
_inbox, _launch, _notice = table_of(InboxRow), table_of(LaunchRow), table_of(NoticeRow)


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """One thing waiting for a person; `subject` is the id of an escalation or finding, or what a
    notice is about; `text` is what somebody said with that.
    """

    kind: str
    launch: str
    code: str
    step: str | None
    subject: str | None
    due: datetime | None
    overdue: bool
    since: datetime
    text: str | None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """`next_cursor` is None at the end."""

    items: tuple[InboxEntry, ...]
    next_cursor: str | None


async def inbox(
    session: Session,
    person: str,
    posts: Sequence[str],
    *,
    limit: int = LIMIT,
    cursor: str | None = None,
) -> InboxPage:
    """What waits for a person who holds these posts: overdue first, then by due, then by age."""
    length = page_length(limit)
    bound = {"list": "inbox", "person": person, "posts": sorted(posts)}
    addresses = [address_of_person(person), *addresses_of_holder(posts)]
    values = {"me": person, "not_me": fenced_pattern(person), "length": length + 1}
    values |= {f"address_{number}": address for number, address in enumerate(addresses)}
    if cursor is not None:
        urgency, due_rank, since, *last = decode(bound, cursor)
        place = (urgency, due_rank, datetime.fromisoformat(since), *last)
        values |= {f"after_{name}": value for name, value in zip(_PLACE, place, strict=True)}
    statement = _waiting(len(addresses), after=cursor is not None)
    rows = (await session.execute(statement, values)).all()
    items = tuple(_entry(row) for row in rows[:length])
    return InboxPage(items, next_cursor(rows, length, bound, _PLACE))


Columns = dict[str, ColumnElement[Any]]


@lru_cache(maxsize=64)
def _waiting(addresses: int, *, after: bool) -> Select[Any]:
    """The statement for so many addresses; it takes longer to put together than to execute.

    An item that is among the first of all is among the first of one list, so that no list is read
    further than the page is long. Items that are in several lists are shown once.
    """
    lists = [*(_items(f"address_{number}") for number in range(addresses)), _unread()]
    firsts = [_first(columns, condition, after=after) for columns, condition in lists]
    found = union_all(*firsts).subquery()
    order = [found.c[name] for name in _PLACE]
    return (
        select(found, _launch.c.code)
        .distinct()
        .join(_launch, _launch.c.id == found.c.launch)
        .order_by(*order)
        .limit(bindparam("length"))
    )


def _first(columns: Columns, condition: ColumnElement[bool], *, after: bool) -> Select[Any]:
    place = [columns[name] for name in _PLACE]
    labelled = (column.label(name) for name, column in columns.items())
    found = select(*labelled).where(condition)
    if after:
        given = (bindparam(f"after_{name}", type_=columns[name].type) for name in _PLACE)
        found = found.where(tuple_(*place) > tuple_(*given))
    return select(found.order_by(*place).limit(bindparam("length")).subquery())


def _items(address: str) -> tuple[Columns, ColumnElement[bool]]:
    shown = ("kind", "step", "subject", "due", "overdue")
    columns: Columns = {name: _inbox.c[name] for name in (*_PLACE, *shown)}
    columns["text"] = cast(null(), _notice.c.text.type)
    not_for_me = _inbox.c.without.like(bindparam("not_me"), escape=ESCAPE)
    return columns, (_inbox.c.address == bindparam(address)) & ~not_for_me


def _unread() -> tuple[Columns, ColumnElement[bool]]:
    columns: Columns = {
        "urgency": literal(1),
        "due_rank": literal(NEVER),
        "since": _notice.c.at,
        "launch": _notice.c.launch,
        "item": literal("notice:")
        + cast(_notice.c.seq, String)
        + literal(":")
        + _notice.c.kind
        + literal(":")
        + _notice.c.step,
        "kind": literal("notice"),
        "step": func.nullif(_notice.c.step, ""),
        "subject": _notice.c.kind,
        "due": cast(null(), _inbox.c.due.type),
        "overdue": literal(value=False),
        "text": _notice.c.text,
    }
    return columns, (_notice.c.person == bindparam("me")) & _notice.c.read_at.is_(None)


def _entry(row: Any) -> InboxEntry:  # noqa: ANN401 - a row of the statement
    return InboxEntry(
        kind=row.kind,
        launch=row.launch,
        code=row.code,
        step=row.step,
        subject=row.subject,
        due=row.due,
        overdue=row.overdue,
        since=row.since,
        text=row.text,
    )
