"""The ledger as the launch's workflow reaches it: one activity, one transaction."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.memory import Folded, Memory
from db import (
    archives,
    codes,
    commands,
    insights,
    keys,
    ledger,
    notices,
    postmortems,
    read_model,
    templates,
)
from db.projection import NOTHING, project, without_document
from db.session import Database
from db.transaction import Session
from domain.acts import Actor, Command, StartLaunch
from domain.errors import Forged
from domain.events import Entry, LaunchClosed, LaunchStarted
from domain.evolve import evolve
from domain.launch import Launch
from domain.notices import Notice, notices_of
from domain.ports import RECORD, Append, Recorded
from domain.signature import check_envelope
from runtime.signing import SignatureInvalid, verify

REMEMBERED: Final = 1024
"""Launches kept in memory, about 35 KB each; any other is folded from its rows again."""


class Ledger:
    """Appends to the ledger and keeps the read model beside it, in the same transaction."""

    def __init__(self, database: Database, *, remembered: int = REMEMBERED) -> None:
        self._database = database
        self._memory = Memory(remembered)

    @activity.defn(name=RECORD)
    async def record(self, append: Append) -> Recorded:
        """Write entries to a launch's ledger, or answer with those that already stand there.

        Idempotency key: launch and seq. Rows standing at the first seq win, whoever wrote them, and
        are returned with all that follow. The command the entries answer is final with them.
        An act that was refused, or that the rules stumbled over, has no entries and writes nothing;
        its fault is answered as it is.
        Timeout: seconds, it is one short transaction. Final errors: `forged` where a launch is
        started without a trusted signature or a reserved code, `out_of_sequence` where the entries
        are not gapless, or start a launch twice.
        """
        if not append.entries:
            return Recorded(fault=append.fault, refused=append.fault is None)
        _check_sequence(append.entries)
        async with self._database.write() as session:
            if append.entries[0].seq == 1:
                await _check_start(session, append.launch, append.entries[0])
            appended = await ledger.append(session, append.launch, append.entries)
            if appended.adopted is not None:
                return Recorded(appended.adopted)
            folded = await self._advance(session, append, appended)
        self._memory.keep(folded)
        return Recorded()

    async def _advance(self, session: Session, append: Append, appended: ledger.Appended) -> Folded:
        """The read model follows: changed where it is remembered, else written anew."""
        known = self._memory.recall(append.launch, appended.before)
        before = known.launch if known else await _folded(session, append)
        launch = await _follow(session, append, before)
        since = known.projection if known else None
        now = project(launch, since)
        if append.entries[0].seq == 1:
            since = NOTHING
        await read_model.store(session, now, since=since)
        await _answer(session, append)
        await _note_review(session, append, launch)
        await _close(session, append, appended, launch)
        return Folded(launch, without_document(now), appended.after)


async def _answer(session: Session, append: Append) -> None:
    """The reply to the command that brought the entries about is the launch as they leave it."""
    if append.answers is None:
        return
    first, last = append.entries[0], append.entries[-1]
    status = HTTPStatus.CREATED if first.seq == 1 else HTTPStatus.OK
    await commands.answer(session, append.answers, status=status, seq=last.seq, at=first.at)


async def _note_review(session: Session, append: Append, launch: Launch) -> None:
    """What a review asked for is written down in it as it starts."""
    first, review = append.entries[0], launch.plan.review
    if first.seq == 1 and review is not None:
        reviewed = await ledger.fold_launch(session, review.launch)
        await postmortems.note_follow_up(session, reviewed, first, launch.id)


async def _close(
    session: Session, append: Append, appended: ledger.Appended, launch: Launch
) -> None:
    """The last entry of a launch owes the archive its history, and some open a post-mortem."""
    last = append.entries[-1]
    if isinstance(last.event, LaunchClosed):
        await archives.owe(
            session, append.launch, closed_at=last.at, entries=last.seq, head=appended.after
        )
        await templates.store(session, launch)
        if launch.plan.kind == "campaign":
            await postmortems.open_if_due(session, launch, last.at)
            await insights.note(session, append.launch)


async def _folded(session: Session, append: Append) -> Launch | None:
    """The launch before the entries just appended, from its rows; None where it begins by them."""
    first = append.entries[0].seq
    if first == 1:
        return None
    launch = await ledger.fold_launch(session, append.launch, until=first - 1)
    if launch is None:
        raise ledger.LedgerGap(f"launch {append.launch} has no ledger")
    return launch


async def _follow(session: Session, append: Append, before: Launch | None) -> Launch:
    """The launch after the entries; whoever these tell something is told."""
    told: list[tuple[Entry, Notice]] = []
    launch = before
    for entry in append.entries:
        after = evolve(launch, entry)
        if launch is not None:
            told += ((entry, notice) for notice in notices_of(launch, entry, after))
        launch = after
    await notices.tell_of(session, append.launch, told)
    if launch is None:
        message = "no entry was appended"
        raise ValueError(message)
    return launch


def _check_sequence(entries: Sequence[Entry]) -> None:
    """A launch starts with its first entry and no other, and none is left out."""
    first = entries[0].seq if entries else 0
    for seq, entry in enumerate(entries, first):
        if entry.seq != seq or isinstance(entry.event, LaunchStarted) != (seq == 1):
            first = 0
    if first < 1:
        raise _final("out_of_sequence", "the entries are not a sequence of a launch's ledger")


async def _check_start(session: Session, launch: str, entry: Entry) -> None:
    """Whoever reaches Temporal directly still starts nothing: the start must be signed by a trusted
    key for this very plan, and its code reserved for this launch.
    """
    started = entry.event
    if not isinstance(started, LaunchStarted) or started.launch != launch:
        raise _final("forged", "the entries start another launch")
    if await codes.launch_of(session, started.plan.code) != launch:
        raise _final("forged", "the launch's code is not reserved for it")
    review = started.plan.review
    if review is not None and await postmortems.find(session, review.launch) is None:
        raise _final("forged", "there is no review that asks for this")
    act = StartLaunch(launch, started.plan, started.calendar, started.staff)
    try:
        payload = verify(entry.jws or "", await keys.trusted(session))
        check_envelope(payload, _command(act, entry, payload), launch)
    except (SignatureInvalid, Forged) as error:
        raise _final("forged", str(error)) from error


def _command(act: StartLaunch, entry: Entry, payload: Mapping[str, Any]) -> Command:
    """The command the entry says it comes from; the roles are the envelope's own."""
    actor = Actor(
        person=entry.actor,
        role=str(payload.get("role")),
        roles=tuple(payload.get("roles") or ()),
        on_behalf_of=payload.get("on_behalf_of"),
    )
    return Command(act, entry.command, actor, entry.jws)


def _final(code: str, text: str) -> ApplicationError:
    return ApplicationError(text, type=code, non_retryable=True)
