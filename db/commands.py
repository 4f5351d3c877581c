"""Commands: every accepted request, by whom and under which key, until its outcome is known.

A command is opened in the transaction that authorises it, sent under its own id, and finished once:
by the sender, or together with the entries it brings about. It is sent again until its launch has
been heard to have it, so that no launch stays behind its ledger.

What a key was answered the first time it is answered for ever, unless the request could not be
understood: then the key is free for what was meant. Most replies are a launch as it was at one seq,
which its ledger tells: of these the seq is kept, not the text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Row as ResultRow
from sqlalchemy import bindparam, insert, or_, select, update

from db.row import table_of
from db.tables import CommandRow
from db.transaction import Session

State = Literal["pending", "done", "refused"]

_REFUSED_FROM = 400
_UNREADABLE = frozenset({400, 401, 422})
"""Refusals that are judged before keys are: they use up none."""
_command = table_of(CommandRow)
_OPEN = insert(_command)
_BY_ID = select(_command).where(_command.c.id == bindparam("command"))
_BY_KEY = select(_command).where(
    _command.c.person == bindparam("who"), _command.c.key == bindparam("name")
)
_FINISH = update(_command).where(
    _command.c.id == bindparam("command"), _command.c.state == "pending"
)
_HEARD = update(_command).where(
    _command.c.id == bindparam("command"), _command.c.heard_at.is_(None)
)
_SILENT = (
    select(_command.c.id)
    .where(
        _command.c.heard_at.is_(None),
        or_(_command.c.sent_at < bindparam("before"), _command.c.sent_at > bindparam("after")),
    )
    .order_by(_command.c.sent_at, _command.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(_command)
    .where(_command.c.id.in_(_SILENT.scalar_subquery()))
    .values(sent_at=bindparam("now"))
    .returning(_command)
)


@dataclass(frozen=True, slots=True)
class NewCommand:
    """A request about to be accepted. `request` is the digest a key is bound to; `payload` is
    whatever the sender needs to send it again, as JSON.
    """

    id: str
    person: str
    key: str
    request: str
    launch: str | None
    act: str
    payload: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredCommand:
    """A command as it stands. `status` is set once it is final, with the text of its `reply` or the
    `seq` at which the launch is the reply.
    """

    id: str
    person: str
    key: str
    request: str
    launch: str | None
    act: str
    payload: str
    state: State
    status: int | None
    reply: str | None
    seq: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """`new`: go on with it. `same`: the key was used for this very request before. `mismatch`: it
    was used for another one.
    """

    outcome: Literal["new", "same", "mismatch"]
    command: StoredCommand


async def open_command(session: Session, new: NewCommand) -> Opened:
    """Write the command down as pending, unless its key has been used by this person."""
    await session.lock(f"key {new.person} {new.key}")
    standing = await find_by_key(session, new.person, new.key)
    if standing is not None:
        return Opened("same" if standing.request == new.request else "mismatch", standing)
    await session.execute(_OPEN, _row(new))
    return Opened("new", _opened(new))


async def find_by_key(session: Session, person: str, key: str) -> StoredCommand | None:
    return _stored((await session.execute(_BY_KEY, {"who": person, "name": key})).first())


async def get(session: Session, command: str) -> StoredCommand | None:
    return _stored((await session.execute(_BY_ID, {"command": command})).first())


async def finish(session: Session, command: str, *, status: int, reply: str, at: datetime) -> bool:
    """Make the outcome final. False where it already was: the first outcome stands."""
    values = _outcome(status, at) | {"reply": reply, "heard_at": at}
    if status in _UNREADABLE:
        values["key"] = f"—{command}"  # no key of a client's: those are ASCII
    changed = await session.execute(_FINISH, {"command": command, **values})
    return changed.rowcount == 1


async def answer(session: Session, command: str, *, status: int, seq: int, at: datetime) -> None:
    """Make the outcome final with the entries that it is, the last of them at `seq`. The launch has
    yet to take them in.
    """
    values = _outcome(status, at) | {"seq": seq}
    await session.execute(_FINISH, {"command": command, **values})


async def hear(session: Session, ids: Sequence[str], at: datetime) -> None:
    """Note that the launches of these commands have them."""
    if not ids:
        return
    await session.execute(_HEARD, [{"command": command, "heard_at": at} for command in ids])


async def silent(
    session: Session, *, older_than: timedelta, limit: int, now: datetime
) -> tuple[StoredCommand, ...]:
    """Commands not heard of yet that were last sent longer ago than this, oldest first; those too
    whose sender's clock was as much ahead, or they would wait until it is right.

    They count as sent again now, so that another sweeper leaves them alone; needs a writing
    transaction.
    """
    claim = {
        "before": now - older_than,
        "after": now + older_than,
        "most": limit,
        "now": now,
    }
    rows = await session.execute(_CLAIM, claim)
    claimed = (_stored(row) for row in rows)
    return tuple(sorted(filter(None, claimed), key=lambda c: (c.created_at, c.id)))


def _row(new: NewCommand) -> dict[str, Any]:
    return {
        "id": new.id,
        "person": new.person,
        "key": new.key,
        "request": new.request,
        "launch": new.launch,
        "act": new.act,
        "payload": new.payload,
        "state": "pending",
        "status": None,
        "reply": None,
        "seq": None,
        "created_at": new.at,
        "sent_at": new.at,
        "finished_at": None,
        "heard_at": None,
    }


def _outcome(status: int, at: datetime) -> dict[str, Any]:
    state = "refused" if status >= _REFUSED_FROM else "done"
    return {"state": state, "status": status, "finished_at": at}


def _opened(new: NewCommand) -> StoredCommand:
    return StoredCommand(
        id=new.id,
        person=new.person,
        key=new.key,
        request=new.request,
        launch=new.launch,
        act=new.act,
        payload=new.payload,
        state="pending",
        status=None,
        reply=None,
        seq=None,
        created_at=new.at,
    )


def _stored(row: ResultRow[Any] | None) -> StoredCommand | None:
    if row is None:
        return None
    return StoredCommand(
        id=row.id,
        person=row.person,
        key=row.key,
        request=row.request,
        launch=row.launch,
        act=row.act,
        payload=row.payload,
        state=row.state,
        status=row.status,
        reply=row.reply,
        seq=row.seq,
        created_at=row.created_at,
    )
