"""The way of one act: authorise and write the command row, update the launch, tell the reply.

Every act of every route passes `perform`, so that authority, idempotency, audit and the handling
of unknown outcomes stand in one place. A reply is final before it is sent.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import uuid4

from api.dispatches import Dispatch
from api.office import Office
from api.outcomes import pending, settle, standing_reply
from api.problems import Problem, key_used, of_refusal
from api.refusals import Attempt, write_refusal
from api.replies import Reply, refused
from db import codes, commands, directory
from db.transaction import Session
from domain.acts import Act, Actor, Command
from domain.canonical import plain
from domain.errors import Refusal
from domain.signature import envelope_of
from runtime.signing import sign

POLL: Final = 0.05

Authority = Callable[[tuple[str, ...]], "Part"]
"""The part in which a holder of these posts does the act; raises a Refusal."""


class Part(NamedTuple):
    """The role somebody acts in, and for whom where that is as a delegate."""

    role: str
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An act as submitted: readable and about known things, not yet authorised.

    `key` is empty where the client sent none; `code` is the one a new launch takes. `act` is None
    only where `authority` refuses whoever asks.
    """

    attempt: Attempt
    key: str
    fingerprint: str
    launch: str
    act: Act | None
    authority: Authority
    code: str = ""


async def perform(office: Office, submission: Submission) -> Reply:
    """The reply to an act; 202 where its outcome is not known in time."""
    async with office.database.write() as session:
        opened = await _open(office, session, submission)
    match opened:
        case Reply():
            return opened
        case Dispatch():
            return await settle(office, opened) or pending(opened.id)
        case str():
            return await _outcome_of(office, opened)


async def earlier_reply(office: Office, person: str, key: str, fingerprint: str) -> Reply | None:
    """What this very request was answered before under its key, if it was."""
    if not key:
        return None
    async with office.database.read() as session:
        found = await commands.find_by_key(session, person, key)
    if found is None or found.request != fingerprint:
        return None
    return await _outcome_of(office, found.id)


async def _open(office: Office, session: Session, submission: Submission) -> Reply | Dispatch | str:
    """The row is written, and what is left to do: send it, ask for the outcome of the request that
    sent the same before (its command's id), or nothing.
    """
    command = uuid4().hex
    made = await _authorised(office, session, submission, command)
    opened = await commands.open_command(session, _row(submission, command, made))
    match opened.outcome:
        case "mismatch":
            return await _mismatch(session, submission)
        case "same":
            return opened.command.id
        case "new":
            if isinstance(made, Dispatch) and not await _has_code(session, submission):
                made = _code_taken(submission.code)
            if isinstance(made, Problem):
                return await _refuse(session, submission, command, made)
            return made


async def _authorised(
    office: Office, session: Session, submission: Submission, command: str
) -> Dispatch | Problem:
    """The signed command, or the rule of the role table that stands against it."""
    person = submission.attempt.person
    roles = await directory.roles_of(session, person)
    try:
        part = submission.authority(roles)
        actor = Actor(person, part.role, roles, part.on_behalf_of)
    except Refusal as refusal:
        return of_refusal(refusal)
    if submission.act is None:
        raise TypeError("an act that somebody may do is needed")
    bare = Command(submission.act, command, actor)
    envelope = envelope_of(bare, submission.launch, datetime.now(UTC))
    jws = sign(plain(envelope), office.signing_key)
    signed = Command(submission.act, command, actor, jws)
    return Dispatch(submission.launch, submission.attempt.path, signed)


def _row(submission: Submission, command: str, made: Dispatch | Problem) -> commands.NewCommand:
    """A refused command is never sent, so there is nothing to keep of it."""
    return commands.NewCommand(
        id=command,
        person=submission.attempt.person,
        key=submission.key or command,
        request=submission.fingerprint,
        launch=submission.launch,
        act=submission.attempt.act,
        payload=made.text() if isinstance(made, Dispatch) else "{}",
        at=datetime.now(UTC),
    )


async def _has_code(session: Session, submission: Submission) -> bool:
    if not submission.code:
        return True
    return await codes.reserve(
        session,
        submission.code,
        submission.launch,
        person=submission.attempt.person,
        at=datetime.now(UTC),
    )


async def _refuse(
    session: Session, submission: Submission, command: str, problem: Problem
) -> Reply:
    """Final without asking the launch."""
    reply = refused(problem, submission.attempt.path)
    now = datetime.now(UTC)
    await commands.finish(session, command, status=reply.status, reply=reply.text, at=now)
    await write_refusal(session, submission.attempt, problem, command)
    return reply


async def _mismatch(session: Session, submission: Submission) -> Reply:
    problem = key_used()
    await write_refusal(session, submission.attempt, problem)
    return refused(problem, submission.attempt.path)


def _code_taken(code: str) -> Problem:
    message = f"There is a launch with the code “{code}” already; choose another code."
    return Problem(409, "code_taken", message, figures={"code": code})


async def _outcome_of(office: Office, command: str) -> Reply:
    """The reply that another request with the same key got or is about to get; 202 in the end."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + office.patience.total_seconds()
    while loop.time() < deadline:
        async with office.database.read() as session:
            reply = await standing_reply(session, await commands.get(session, command))
        if reply is not None:
            return reply
        await asyncio.sleep(POLL)
    return pending(command)
