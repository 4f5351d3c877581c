"""Whether the ledger and the read model are what they were: checked launch by launch, and the read
model made again from the ledger.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from db import archives, insights, keys, ledger, postmortems, read_model, templates
from db.content import content_problems
from db.heads import missing_below, read_heads
from db.projection import Columns, Projection, project
from db.proof import (
    Problem,
    Trusted,
    archive_problems,
    chain_problems,
    event_problems,
    names_its_terms,
)
from db.readable import UNREADABLE, readable_rows
from db.session import Database
from db.signed import signature_problems
from db.transaction import Session
from domain.errors import CountersignError
from domain.events import Entry
from domain.evolve import evolve, fold
from domain.launch import Launch

UNTELLABLE: Final = (AttributeError, CountersignError, LookupError, TypeError, ValueError)
"""What reading and folding raise where an entry is none, or cannot follow."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at and what is wrong with it; whole where there is no problem."""

    launches: int
    entries: int
    signatures: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The rows of a launch's ledger, and those among them that cannot even be read."""

    launch: str
    rows: tuple[Columns, ...]
    unreadable: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """The entries of a launch up to the first damage, and all damage to its rows."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Telling:
    """The entries up to the first from which no launch follows, the launch after them, and that
    first one as a problem.
    """

    entries: tuple[Entry, ...]
    launch: Launch | None
    untold: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many launches were made again; those with a problem were left as they are."""

    launches: int
    problems: tuple[Problem, ...]


async def verify(database: Database, launch: str | None = None) -> Verified:
    """Check hash chains, events, signatures, read model and archive of all launches, or of this
    one.
    """
    async with database.read() as session:
        trusted = await keys.trusted(session)
        chosen = (launch,) if launch is not None else await known(session)
    entries = signatures = 0
    problems: list[Problem] = []
    for one in chosen:
        async with database.read() as session:
            rows, unreadable = await readable_rows(session, one)
            stored = await read_model.stored(session, one)
            made = await templates.stored(session, one)
            archived = await archives.find(session, one)
        entries += len(rows)
        signatures += sum(row["jws"] is not None for row in rows)
        if unreadable:
            problems += [*unreadable, *signature_problems(one, rows, trusted)]
        else:
            problems += _problems(one, rows, stored, trusted, made=made)
        problems += archive_problems(one, archived, rows)
        problems += await _postmortem_problems(database, one)
    return Verified(len(chosen), entries, signatures, tuple(problems))


async def _postmortem_problems(database: Database, launch: str) -> Sequence[Problem]:
    """What is wrong with the ledger of a launch's post-mortem, and with what lists show of it."""
    async with database.read() as session:
        rows, broken = await _postmortem_rows(session, launch)
        listed = await postmortems.listed(session, launch)
    last = rows[-1]["seq"] if rows else 0
    if not broken and (listed.seq if listed else 0) != last:
        message = f"lists show entry {listed.seq if listed else 0}, its ledger ends with {last}"
        broken.append(Problem(launch, None, "postmortem", message))
    return broken


async def _postmortem_rows(
    session: Session, launch: str
) -> tuple[Sequence[Columns], list[Problem]]:
    try:
        rows = await postmortems.rows(session, launch)
    except UNREADABLE as error:
        message = f"its ledger cannot be read: {error}"
        return (), [Problem(launch, None, "postmortem", message)]
    return rows, [
        Problem(launch, None, "postmortem", f"entry {seq}: {wrong}")
        for seq, wrong in postmortems.damage(launch, rows)
    ]


async def since(
    database: Database, earlier: object, launch: str | None = None
) -> Sequence[Problem]:
    """What the ledger, or this launch of it, lacks of what heads stated earlier know. Raises
    HeadsInvalid.
    """
    async with database.read() as session:
        stated = read_heads(earlier, await keys.trusted(session))
    problems: list[Problem] = []
    for head in stated:
        if launch in (None, head.launch):
            async with database.read() as session:
                rows, unreadable = await readable_rows(session, head.launch)
            problems += unreadable or missing_below(head, rows, "the heads file")
    return problems


async def record(session: Session, launch: str) -> Record:
    """The rows of a launch as they stand."""
    rows, unreadable = await readable_rows(session, launch)
    return Record(launch, tuple(rows), tuple(unreadable))


def told(record: Record, trusted: Trusted) -> Told:
    """What the ledger tells of a launch, and whether chain, events and signatures are whole. Takes
    half a millisecond an entry.
    """
    launch, rows = record.launch, record.rows
    damage = [*record.unreadable, *_damage(launch, rows)]
    end = min((problem.seq for problem in damage if problem.seq is not None), default=None)
    telling = _tell(launch, [row for row in rows if end is None or row["seq"] < end])
    signatures = signature_problems(launch, rows, trusted)
    contents = content_problems(launch, telling.entries, trusted)
    return Told(telling.entries, (*telling.untold, *damage, *signatures, *contents))


async def rebuild(database: Database, launch: str | None = None) -> Rebuilt:
    """Make the read model of all launches, or of this one, from their ledgers again.

    One transaction for each launch. A damaged ledger is not built from.
    """
    async with database.read() as session:
        chosen = (launch,) if launch is not None else await known(session)
    problems: list[Problem] = []
    count = 0
    for one in chosen:
        async with database.write() as session:
            found = await _rebuild(session, one)
        problems += found
        count += not found
    return Rebuilt(count, tuple(problems))


async def _rebuild(session: Session, launch: str) -> Sequence[Problem]:
    await session.lock(f"ledger {launch}")
    rows, unreadable = await readable_rows(session, launch)
    lost = archive_problems(launch, await archives.find(session, launch), rows)
    damage = [*(unreadable or _damage(launch, rows)), *(p for p in lost if p.seq is not None)]
    if rows and not damage:
        damage = [*_cut_off(launch, rows, await read_model.stored(session, launch))]
    if not damage and not rows:
        await read_model.erase(session, launch)
        await templates.erase(session, launch)
    elif not damage:
        telling = _tell(launch, rows)
        if telling.untold:
            return telling.untold
        folded = telling.launch or fold(())
        await read_model.store(session, project(folded), since=None)
        await templates.store(session, folded)
        _, damage = await _postmortem_rows(session, launch)
        if not damage:
            await postmortems.rebuild(session, folded)
        if folded.closed_at is not None and folded.plan.kind == "campaign":
            await insights.note(session, launch)
    return damage


def _problems(
    launch: str,
    rows: Sequence[Columns],
    stored: Projection | None,
    trusted: Trusted,
    *,
    made: Columns | None,
) -> Iterator[Problem]:
    damage = [*_damage(launch, rows), *_cut_off(launch, rows, stored)]
    yield from damage
    yield from signature_problems(launch, rows, trusted)
    if not rows and made is not None:
        message = "the template version was agreed upon in no launch"
        yield Problem(launch, None, "read_model", message)
    if not damage and rows:
        telling = _tell(launch, rows)
        yield from telling.untold or _read_model_problems(launch, telling, stored)
        if telling.launch is not None and made != templates.row_of(telling.launch):
            message = "the template version is not the one that was agreed"
            yield Problem(launch, None, "read_model", message)
        yield from content_problems(launch, telling.entries, trusted)


def _damage(launch: str, rows: Sequence[Columns]) -> Sequence[Problem]:
    return [*chain_problems(launch, rows), *event_problems(launch, rows)]


def _cut_off(launch: str, rows: Sequence[Columns], stored: Projection | None) -> Iterator[Problem]:
    """A chain without its end is a chain all the same; only the read model knows better."""
    last = rows[-1]["seq"] if rows else 0
    known = 0 if stored is None else stored.launch["seq"]
    for seq in range(last + 1, known + 1):
        yield Problem(launch, seq, "missing", "the read model knows this entry")


def _read_model_problems(
    launch: str, telling: _Telling, stored: Projection | None
) -> Iterator[Problem]:
    if stored is None:
        yield Problem(launch, None, "read_model", "the launch is not in the read model")
        return
    wrong = ", ".join(_differences(project(telling.launch or fold(())), stored))
    if wrong:
        yield Problem(launch, None, "read_model", f"not what the ledger says: {wrong}")


def _differences(right: Projection, stored: Projection) -> Iterator[str]:
    yield from (name for name in right.launch if right.launch[name] != stored.launch[name])
    if right.inbox != stored.inbox:
        yield "inbox"
    if right.escalations != stored.escalations:
        yield "escalations"


def _tell(launch: str, rows: Sequence[Columns]) -> _Telling:
    """A row may be edited together with its hash: then only the launch does not follow."""
    entries: list[Entry] = []
    told: Launch | None = None
    for row in rows:
        try:
            entry = ledger.entry_of(row)
            told = _followed(told, entry)
        except UNTELLABLE as error:
            problem = Problem(launch, row["seq"], "edited", f"it tells no launch: {error}")
            return _Telling(tuple(entries), told, (problem,))
        entries.append(entry)
    return _Telling(tuple(entries), told, ())


def _followed(told: Launch | None, entry: Entry) -> Launch:
    """The launch after the entry. ValueError where a digest is not that of the terms it names."""
    after = evolve(told, entry)
    if not names_its_terms(after, entry.event):
        message = "its digest is not that of the terms it names"
        raise ValueError(message)
    return after


async def known(session: Session) -> tuple[str, ...]:
    """Launches that ledger, read model or archive know."""
    told, shown = await ledger.launches(session), await read_model.launches(session)
    made = await templates.launches(session)
    return tuple(sorted({*told, *shown, *made, *await archives.launches(session)}))
