"""Post-mortems: their ledger, append-only and chained as the launches' is, and the rows lists show.

A row's hash is the digest of `{launch, seq, at, type, actor, command, data, prev_hash}`, `data`
being the event without its kind; the first row follows `GENESIS`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import Field, TypeAdapter, ValidationError
from sqlalchemy import bindparam, delete, insert, select, tuple_

from db.cursor import LIMIT, decode, next_cursor, page_length
from db.ledger import GENESIS
from db.row import table_of
from db.tables import LedgerRow, PostMortemEntryRow, PostMortemRow
from db.transaction import Session
from domain.canonical import canonical_text, digest, plain
from domain.escalation import SYSTEM
from domain.events import Entry as Started
from domain.launch import Launch
from domain.postmortem.decide import cause_of
from domain.postmortem.events import Entry, Event, FollowUpRequested, PostMortemOpened
from domain.postmortem.evolve import evolve, fold
from domain.postmortem.record import PostMortem

_EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
_entry, _postmortem = table_of(PostMortemEntryRow), table_of(PostMortemRow)
_ledger = table_of(LedgerRow)
_ROWS = select(_entry).where(_entry.c.launch == bindparam("of")).order_by(_entry.c.seq)
_INSERT = insert(_entry)
_ERASE = delete(_postmortem).where(_postmortem.c.launch == bindparam("of"))
_STORE = insert(_postmortem)


class EntryUnreadable(ValueError):
    """A row holds no event of a post-mortem that this build knows, or none that can follow."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A post-mortem as lists show it, `title` as it was written; `published_at` and `factors` are
    those of the last published version.
    """

    launch: str
    seq: int
    code: str
    title: str
    department: str
    outcome: str | None
    cause: str
    state: str
    version: int
    opened_at: datetime
    changed_at: datetime
    published_at: datetime | None
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostMortemPage:
    """Newest first; `next_cursor` is None at the end."""

    items: tuple[Listed, ...]
    next_cursor: str | None


async def open_if_due(session: Session, launch: Launch, at: datetime) -> None:
    """Open the post-mortem of a launch that closed as those do which want one; once."""
    cause = cause_of(launch)
    if cause is not None and await find(session, launch.id) is None:
        opened = Entry(1, at, SYSTEM, None, PostMortemOpened(cause))
        await append(session, launch, [opened])


async def rebuild(session: Session, launch: Launch) -> None:
    """Make what lists show from the post-mortem's ledger again. A run that closed before there were
    post-mortems gets the one it would have opened.
    """
    await lock(session, launch.id)
    record = await find(session, launch.id)
    if record is not None:
        await _store(session, launch, record)
    elif launch.closed_at is not None:
        await open_if_due(session, launch, launch.closed_at)


async def find(session: Session, launch: str) -> PostMortem | None:
    """The record as its ledger tells it. Raises EntryUnreadable."""
    found = await entries(session, launch)
    try:
        return fold(launch, found)
    except ValueError as error:
        raise EntryUnreadable(str(error)) from error


async def entries(session: Session, launch: str) -> tuple[Entry, ...]:
    """The entries of a post-mortem, in order."""
    return tuple(_entry_of(row) for row in await rows(session, launch))


async def rows(session: Session, launch: str) -> Sequence[Mapping[str, Any]]:
    """The same as rows, undecoded."""
    found = await session.execute(_ROWS, {"of": launch})
    return [dict(row) for row in found.mappings()]


async def listed(session: Session, launch: str) -> Listed | None:
    """What lists show of a launch's post-mortem."""
    found = select(_postmortem).where(_postmortem.c.launch == launch)
    row = (await session.execute(found)).first()
    return None if row is None else _listed(row._asdict())


async def note_follow_up(
    session: Session, reviewed: Launch | None, started: Started, follow_up: str
) -> None:
    """Write down in the post-mortem of a run what was asked for in it, as that starts."""
    if reviewed is None:
        message = f"{follow_up} follows from no run"
        raise ValueError(message)
    await lock(session, reviewed.id)
    record = await find(session, reviewed.id)
    seq = 1 + (record.seq if record else 0)
    event = FollowUpRequested(follow_up)
    entry = Entry(seq, started.at, started.actor, started.command, event)
    await append(session, reviewed, [entry])


async def lock(session: Session, launch: str) -> None:
    """Nobody else changes this record until the transaction ends."""
    await session.lock(f"postmortem {launch}")


async def append(session: Session, launch: Launch, proposed: Sequence[Entry]) -> PostMortem:
    """Write entries after those that stand, and what lists show of the record they make. To be
    called under `lock`, but for the first entry.
    """
    standing = await rows(session, launch.id)
    before = standing[-1]["hash"] if standing else GENESIS
    await session.execute(_INSERT, list(chained(launch.id, proposed, before)))
    record = fold(launch.id, [*map(_entry_of, standing), *proposed])
    if record is None:
        message = "there is nothing to append"
        raise ValueError(message)
    await _store(session, launch, record)
    return record


async def page(
    session: Session, *, state: str | None = None, limit: int = LIMIT, cursor: str | None = None
) -> PostMortemPage:
    """Post-mortems newest first. Raises Invalid for a cursor that is not of this list."""
    bound = {"list": "postmortems", "state": state}
    place = (_postmortem.c.opened_at, _postmortem.c.launch)
    length = page_length(limit)
    found = select(_postmortem).order_by(*(column.desc() for column in place)).limit(length + 1)
    if state is not None:
        found = found.where(_postmortem.c.state == state)
    if cursor is not None:
        at, last = decode(bound, cursor)
        found = found.where(tuple_(*place) < (datetime.fromisoformat(at), last))
    got = (await session.execute(found)).all()
    items = tuple(_listed(row._asdict()) for row in got[:length])
    return PostMortemPage(items, next_cursor(got, length, bound, ("opened_at", "launch")))


async def salts(session: Session, chosen: Sequence[str]) -> Mapping[str, str]:
    """What the pseudonyms of these launches' reports are made with; see `Pseudonyms.of_run`."""
    first = select(_ledger.c.launch, _ledger.c.jws, _ledger.c.command)
    found = await session.execute(first.where(_ledger.c.launch.in_(chosen), _ledger.c.seq == 1))
    return {row.launch: row.jws or row.command or "" for row in found}


def damage(launch: str, found: Sequence[Mapping[str, Any]]) -> Sequence[tuple[int, str]]:
    """The entries that are not what they were, or from which no record follows, and why."""
    return [*_chain_breaks(launch, found)] or [*_untold(launch, found)]


def _untold(launch: str, found: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, str]]:
    record: PostMortem | None = None
    for row in found:
        try:
            record = evolve(record, launch, _entry_of(row))
        except ValueError as error:
            yield row["seq"], str(error)
            return


def _chain_breaks(launch: str, found: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, str]]:
    expected, before = 1, GENESIS
    for row in found:
        if row["seq"] != expected or row["prev_hash"] != before:
            yield row["seq"], "it does not follow the entry before it"
        elif row["hash"] != _hash_of(launch, row):
            yield row["seq"], "its hash is not the hash of its content"
        expected, before = row["seq"] + 1, row["hash"]


async def _store(session: Session, launch: Launch, record: PostMortem) -> None:
    last = record.versions[-1] if record.versions else None
    listed = Listed(
        launch=launch.id,
        seq=record.seq,
        code=launch.plan.code,
        title=launch.plan.title,
        department=launch.plan.department,
        outcome=launch.outcome,
        cause=record.cause,
        state=record.state,
        version=record.version,
        opened_at=record.opened_at,
        changed_at=record.changed_at,
        published_at=None if last is None else last.at,
        factors=() if last is None else last.content.factors,
    )
    await session.execute(_ERASE, {"of": launch.id})
    values = {name: getattr(listed, name) for name in Listed.__slots__}
    await session.execute(_STORE, {**values, "factors": json.dumps(listed.factors)})


def _listed(row: Mapping[str, Any]) -> Listed:
    return Listed(**{**row, "factors": tuple(json.loads(row["factors"]))})


def chained(launch: str, proposed: Sequence[Entry], before: str) -> Iterator[dict[str, Any]]:
    """The rows of these entries after the row whose hash is `before`."""
    for entry in proposed:
        fields = plain(entry.event)
        kind = fields.pop("kind")
        row: dict[str, Any] = {
            "launch": launch,
            "seq": entry.seq,
            "at": entry.at,
            "type": kind,
            "actor": entry.actor,
            "command": entry.command,
            "data": canonical_text(fields),
            "prev_hash": before,
        }
        row["hash"] = before = _hash_of(launch, row)
        yield row


def _hash_of(launch: str, row: Mapping[str, Any]) -> str:
    names = ("seq", "at", "type", "actor", "command", "data", "prev_hash")
    return digest({"launch": launch, **{name: row[name] for name in names}})


def _entry_of(row: Mapping[str, Any]) -> Entry:
    text = f'{row["data"][:-1]}{"," if row["data"] != "{}" else ""}"kind":"{row["type"]}"}}'
    try:
        event = _EVENT.validate_json(text, strict=True)
    except ValidationError as error:
        message = f"{row['type']}: {error.errors()[0]['msg']}"
        raise EntryUnreadable(message) from error
    return Entry(row["seq"], row["at"], row["actor"], row["command"], event)
