"""Acts that need no launch's word: done in one transaction, with their reply, once for each key."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from api.office import Office
from api.problems import Problem, key_used, of_refusal
from api.refusals import Attempt, write_refusal
from api.replies import Reply, refused
from db import commands, directory
from db.transaction import Session
from domain.errors import Refusal
from domain.postmortem.decide import Writer


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an act, as it is answered."""

    status: int
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody's turn: the transaction it happens in, as which command, with the posts held now."""

    session: Session
    command: str
    writer: Writer


Work = Callable[[Turn], Awaitable[Done]]
"""What is done; it raises a Refusal before it writes anything."""


async def perform_here(
    office: Office, attempt: Attempt, *, key: str, fingerprint: str, work: Work
) -> Reply:
    """The reply to an act; what its key was answered before, it is answered again."""
    command = uuid4().hex
    async with office.database.write() as session:
        opened = await commands.open_command(
            session,
            commands.NewCommand(
                id=command,
                person=attempt.person,
                key=key or command,
                request=fingerprint,
                launch=attempt.launch,
                act=attempt.act,
                payload="{}",
                at=datetime.now(UTC),
            ),
        )
        if opened.outcome == "same":
            return _earlier(opened.command)
        if opened.outcome == "mismatch":
            return await _refuse(session, attempt, key_used())
        posts = frozenset(await directory.roles_of(session, attempt.person))
        try:
            done = await work(Turn(session, command, Writer(attempt.person, posts)))
        except Refusal as refusal:
            return await _refuse(session, attempt, of_refusal(refusal), command)
        await commands.finish(
            session, command, status=done.status, reply=done.text, at=datetime.now(UTC)
        )
    return Reply(done.status, done.text)


def _earlier(command: commands.StoredCommand) -> Reply:
    if command.status is None or command.reply is None:
        message = f"command {command.id} was opened and never finished"
        raise RuntimeError(message)
    return Reply(command.status, command.reply)


async def _refuse(
    session: Session, attempt: Attempt, problem: Problem, command: str | None = None
) -> Reply:
    reply = refused(problem, attempt.path)
    if command is not None:
        now = datetime.now(UTC)
        await commands.finish(session, command, status=reply.status, reply=reply.text, at=now)
    await write_refusal(session, attempt, problem, command)
    return reply
