"""The read model: launches, inbox items and escalations as they are served, one row each.

It is written in the transaction that appends to the ledger and holds nothing the ledger does not.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.sql import Executable

from db.projection import Columns, Projection
from db.row import table_of
from db.tables import EscalationRow, InboxRow, LaunchRow
from db.transaction import Session
from domain.escalation import Addressee
from domain.parties import Parties

_launch, _inbox = table_of(LaunchRow), table_of(InboxRow)
_escalation = table_of(EscalationRow)
_PARTIES = TypeAdapter(Parties)
_ADDRESSEE = TypeAdapter(Addressee)

_NEW_LAUNCH, _NEW_ITEM = insert(_launch), insert(_inbox)
_NEW_ESCALATION = insert(_escalation)
_CHANGE_LAUNCH = update(_launch).where(_launch.c.id == bindparam("which"))
_CHANGE_ITEM = update(_inbox).where(
    _inbox.c.launch == bindparam("of"),
    _inbox.c.item == bindparam("what"),
    _inbox.c.address == bindparam("where"),
)
_DROP_ITEM = delete(_inbox).where(
    _inbox.c.launch == bindparam("of"),
    _inbox.c.item == bindparam("what"),
    _inbox.c.address == bindparam("where"),
)
_CHANGE_ESCALATION = update(_escalation).where(_escalation.c.id == bindparam("which"))
_TEXT = select(_launch.c.document, _launch.c.seq).where(_launch.c.id == bindparam("which"))
_STANDING = select(_launch.c.parties, _launch.c.seq, _launch.c.phase).where(
    _launch.c.id == bindparam("which")
)
_ONE_ESCALATION = select(_escalation.c.launch, _escalation.c.document).where(
    _escalation.c.id == bindparam("which")
)


@dataclass(frozen=True, slots=True)
class Standing:
    """As much of a launch as authorising an act takes."""

    parties: Parties
    seq: int
    phase: str


@dataclass(frozen=True, slots=True)
class EscalationView:
    """An escalation as served (`document`, JSON text) and whom it is put to."""

    launch: str
    step: str | None
    to: Addressee
    document: str


async def store(session: Session, now: Projection, *, since: Projection | None) -> None:
    """Make the rows of a launch what `now` says.

    `since` is what they are, with or without the document, so that only what changed is written:
    NOTHING for a new launch, None where it is not known.
    """
    if since is None:
        await _store_anew(session, now)
        return
    await _change_launch(session, since.launch, now.launch)
    await _change_inbox(session, since, now)
    await _change_escalations(session, since, now)


async def documents(session: Session, chosen: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """The documents of these launches, in this order; those that there are."""
    found = select(_launch.c.id, _launch.c.document).where(_launch.c.id.in_(chosen))
    texts = {row.id: row.document for row in await session.execute(found)}
    return tuple(json.loads(texts[launch]) for launch in chosen if launch in texts)


async def launch_text(session: Session, launch: str, *, at: int | None = None) -> str | None:
    """The launch as served: JSON text; with `at` only where it stands at that very seq."""
    row = (await session.execute(_TEXT, {"which": launch})).first()
    if row is None or (at is not None and row.seq != at):
        return None
    text: str = row.document
    return text


async def standing(session: Session, launch: str) -> Standing | None:
    """Who is party to a launch and how far it is."""
    row = (await session.execute(_STANDING, {"which": launch})).first()
    if row is None:
        return None
    return Standing(_PARTIES.validate_json(row.parties), row.seq, row.phase)


async def escalation(session: Session, escalation_id: str) -> EscalationView | None:
    row = (await session.execute(_ONE_ESCALATION, {"which": escalation_id})).first()
    if row is None:
        return None
    document = json.loads(row.document)
    to = _ADDRESSEE.validate_python(document["to"])
    return EscalationView(row.launch, document["step"], to, row.document)


async def stored(session: Session, launch: str) -> Projection | None:
    """The rows of a launch as they are; None where it has none."""
    own = select(_launch).where(_launch.c.id == launch)
    row = (await session.execute(own)).mappings().first()
    if row is None:
        return None
    items = await session.execute(select(_inbox).where(_inbox.c.launch == launch))
    raised = await session.execute(select(_escalation).where(_escalation.c.launch == launch))
    return Projection(
        launch=dict(row),
        inbox={(item["item"], item["address"]): dict(item) for item in items.mappings()},
        escalations={item["id"]: dict(item) for item in raised.mappings()},
    )


async def launches(session: Session) -> tuple[str, ...]:
    """The ids of all launches the read model knows."""
    return tuple((await session.execute(select(_launch.c.id).order_by(_launch.c.id))).scalars())


async def erase(session: Session, launch: str) -> None:
    """Forget a launch that the ledger does not know."""
    await _erase_parts(session, launch)
    await session.execute(delete(_launch).where(_launch.c.id == launch))


async def _store_anew(session: Session, now: Projection) -> None:
    launch = now.launch["id"]
    await _erase_parts(session, launch)
    known = await session.execute(_CHANGE_LAUNCH, {"which": launch, **now.launch})
    if known.rowcount == 0:
        await session.execute(_NEW_LAUNCH, now.launch)
    await _each(session, _NEW_ITEM, list(now.inbox.values()))
    await _each(session, _NEW_ESCALATION, list(now.escalations.values()))


async def _erase_parts(session: Session, launch: str) -> None:
    await session.execute(delete(_inbox).where(_inbox.c.launch == launch))
    await session.execute(delete(_escalation).where(_escalation.c.launch == launch))


async def _change_launch(session: Session, since: Columns, now: Columns) -> None:
    """Columns that stay as they are stay out of the statement: their indexes are left alone."""
    if not since:
        await session.execute(_NEW_LAUNCH, now)
        return
    changed = {name: value for name, value in now.items() if since.get(name) != value}
    if changed:
        await session.execute(_CHANGE_LAUNCH, {"which": now["id"], **changed})


async def _change_inbox(session: Session, since: Projection, now: Projection) -> None:
    gone = [_place(row) for key, row in since.inbox.items() if key not in now.inbox]
    new = [row for key, row in now.inbox.items() if key not in since.inbox]
    moved = [
        {**_place(row), **row}
        for key, row in now.inbox.items()
        if key in since.inbox and since.inbox[key] != row
    ]
    await _each(session, _DROP_ITEM, gone)
    await _each(session, _NEW_ITEM, new)
    await _each(session, _CHANGE_ITEM, moved)


async def _change_escalations(session: Session, since: Projection, now: Projection) -> None:
    known = since.escalations
    new = [row for key, row in now.escalations.items() if key not in known]
    moved = [
        {"which": key, **row}
        for key, row in now.escalations.items()
        if key in known and known[key] != row
    ]
    await _each(session, _NEW_ESCALATION, new)
    await _each(session, _CHANGE_ESCALATION, moved)


def _place(row: Columns) -> dict[str, Any]:
    return {"of": row["launch"], "what": row["item"], "where": row["address"]}


async def _each(session: Session, statement: Executable, rows: Sequence[Columns]) -> None:
    if rows:
        await session.execute(statement, rows)
