"""From a command on its way to its final reply: the same for the request and for the sweeper.

Where the reply is the launch, it stands with the entries in the ledger. Else whoever settles a
command first stores it. Everybody after that gets the same one.
"""

import json
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

import structlog

from api.dispatches import Dispatch
from api.office import Office
from api.problems import Problem, internal, of_refusal
from api.refusals import Attempt, write_refusal
from api.replies import BASE, Reply, refused
from api.updates import Broken, Gone, Outcome, Unknown, send
from db import codes, commands, ledger, read_model
from db.commands import StoredCommand
from db.replies import reply_text
from db.transaction import Session
from domain.acts import (
    AcknowledgeEscalation,
    AnsweredByLaunch,
    CommentOnEscalation,
    Escalate,
    ResolveEscalation,
    StartLaunch,
)
from domain.decide import decide
from domain.errors import Refusal
from domain.events import EscalationRaised
from domain.launch import Launch
from workflows.messages import Done

EVENTS: Final = 50
"""More than a manual escalation ever brings about in one decision."""

_log = structlog.get_logger()


async def settle(office: Office, dispatch: Dispatch) -> Reply | None:
    """The final reply, settled; None where the outcome is not known yet."""
    outcome = await send(office, dispatch)
    if isinstance(outcome, Gone | Broken):
        outcome = await _from_ledger(office, dispatch, outcome)
    elif isinstance(outcome, Problem):
        outcome = await _upheld(office, dispatch, outcome)
    if isinstance(outcome, Unknown | Gone | Broken):
        return None
    reply = await _answered(office, dispatch) if isinstance(outcome, Done) else None
    if reply is None:
        async with office.database.write() as session:
            reply = await _finish(session, dispatch, outcome)
    if isinstance(outcome, Done):
        office.feed.announce(dispatch.launch, outcome.seq)
    return reply


async def _answered(office: Office, dispatch: Dispatch) -> Reply | None:
    """The reply that stands with the ledger's entries, if it does. That the launch has them is
    known now, and written down by the next round of the sweeper.
    """
    if not isinstance(dispatch.command.act, AnsweredByLaunch):
        return None
    async with office.database.read() as session:
        reply = await standing_reply(session, await commands.get(session, dispatch.id))
    if reply is not None:
        office.heard.append(dispatch.id)
    return reply


async def give_up(office: Office, command: StoredCommand) -> None:
    """A command nobody can read any more ends as our fault, unless it was answered before."""
    reply = refused(internal(), f"{BASE}/commands/{command.id}")
    now = datetime.now(UTC)
    async with office.database.write() as session:
        await commands.finish(session, command.id, status=reply.status, reply=reply.text, at=now)
        await commands.hear(session, [command.id], now)


def pending(command: str) -> Reply:
    """202: the outcome is not known yet; the command is sent again until it is."""
    text = command_text(command, "pending", None, None)
    return Reply(202, text, f"{BASE}/commands/{command}")


def command_text(command: str, state: str, status: int | None, reply: str | None) -> str:
    """A command as `GET /commands/{id}` shows it; `reply` is JSON already."""
    head = json.dumps({"id": command, "state": state, "status": status})
    return f'{head[:-1]}, "reply": {reply or "null"}}}'


async def standing_reply(session: Session, command: StoredCommand | None) -> Reply | None:
    """The final reply of a command, the same each time; None while it is pending."""
    text = None if command is None else await reply_text(session, command)
    if command is None or command.status is None or text is None:
        return None
    location = None
    if command.status == HTTPStatus.CREATED:
        noun = "escalations" if command.act == "escalate" else "launches"
        location = f"{BASE}/{noun}/{json.loads(text)['id']}"
    return Reply(command.status, text, location)


async def _from_ledger(office: Office, dispatch: Dispatch, heard: Gone | Broken) -> Outcome:
    """What the ledger says where no launch would: done, or the rule that stands against it."""
    async with office.database.read() as session:
        launch = await ledger.fold_launch(session, dispatch.launch)
    if launch is not None and dispatch.id in launch.commands:
        return Done(launch.commands[dispatch.id])
    if isinstance(heard, Gone) and launch is not None:
        return _decided(launch, dispatch)
    is_start = isinstance(dispatch.command.act, StartLaunch)
    if isinstance(heard, Gone) and not (is_start and heard.is_over):
        return Unknown()
    reason = heard.reason if isinstance(heard, Broken) else "ended without a start"
    _log.error("command.broken", command=dispatch.id, launch=dispatch.launch, reason=reason)
    return internal()


async def _upheld(office: Office, dispatch: Dispatch, refusal: Problem) -> Outcome:
    """A refusal stands where the ledger's launch refuses too. One that recovers from a crash may be
    behind its ledger until the command it was carrying out is sent again.
    """
    async with office.database.read() as session:
        launch = await ledger.fold_launch(session, dispatch.launch)
    if launch is None:
        return refusal
    if dispatch.id in launch.commands:
        return Done(launch.commands[dispatch.id])
    return _decided(launch, dispatch)


def _decided(launch: Launch, dispatch: Dispatch) -> Outcome:
    try:
        decide(launch, dispatch.command, datetime.now(UTC))
    except Refusal as refusal:
        return of_refusal(refusal)
    return Unknown()


async def _finish(session: Session, dispatch: Dispatch, outcome: Done | Problem) -> Reply:
    if isinstance(outcome, Problem):
        reply = refused(outcome, dispatch.path)
    else:
        reply = await _granted(session, dispatch, outcome.seq)
    now = datetime.now(UTC)
    is_first = await commands.finish(
        session, dispatch.id, status=reply.status, reply=reply.text, at=now
    )
    if not is_first:
        return await standing_reply(session, await commands.get(session, dispatch.id)) or reply
    if isinstance(outcome, Problem):
        await write_refusal(session, _attempt(dispatch), outcome, dispatch.id)
        if isinstance(dispatch.command.act, StartLaunch):
            await codes.release(session, dispatch.launch)
    return reply


def _attempt(dispatch: Dispatch) -> Attempt:
    actor, act = dispatch.command.actor, dispatch.command.act
    return Attempt(
        person=actor.person if actor else "",
        path=dispatch.path,
        act=act.kind,
        launch=dispatch.launch,
        step=getattr(act, "step", None),
    )


async def _granted(session: Session, dispatch: Dispatch, seq: int) -> Reply:
    """What a person sees of an act that took effect: the launch, or the escalation it was about."""
    match dispatch.command.act:
        case StartLaunch():
            text = await read_model.launch_text(session, dispatch.launch)
            return Reply(201, text or "", f"{BASE}/launches/{dispatch.launch}")
        case Escalate():
            escalation = await _raised(session, dispatch, seq)
            text = await _escalation_text(session, escalation, seq)
            return Reply(201, text, f"{BASE}/escalations/{escalation}")
        case (
            AcknowledgeEscalation(escalation=escalation)
            | CommentOnEscalation(escalation=escalation)
            | ResolveEscalation(escalation=escalation)
        ):
            return Reply(200, await _escalation_text(session, escalation, seq))
        case _:
            return Reply(200, await read_model.launch_text(session, dispatch.launch) or "")


async def _raised(session: Session, dispatch: Dispatch, seq: int) -> str:
    """The id of the escalation this command raised."""
    entries = await ledger.entries(session, dispatch.launch, after=max(0, seq - EVENTS))
    return next(
        stored.entry.event.escalation
        for stored in entries
        if stored.entry.command == dispatch.id
        and isinstance(stored.entry.event, EscalationRaised)
        and stored.entry.event.cause == "manual"
    )


async def _escalation_text(session: Session, escalation: str, seq: int) -> str:
    found = await read_model.escalation(session, escalation)
    if found is None:
        raise LookupError(escalation)
    return f'{found.document[:-1]},"seq":{seq}}}'
