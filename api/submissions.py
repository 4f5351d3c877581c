"""From a request to a submission: what it says and what it is about, refused in order.

Key and body first (400, 413), then the things named (404), then the fields (422). Each refusal
here leaves a row in the audit; what happens to a submission then is `acts`' business.
"""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from api.acts import Part, Submission, earlier_reply, perform
from api.bodies import Body, read_body, validated
from api.deps import authenticate
from api.intake.errors import InvalidDocument
from api.intake.plain import wrong_text
from api.office import Office
from api.planned import with_plan
from api.possible import faults_of
from api.problems import malformed, missing
from api.refusals import Attempt, audited
from api.replies import path_of
from api.schemas import EscalationBody, LaunchBody
from api.step_bodies import StepBody
from db import directory, read_model
from db.access import Holder
from db.read_model import EscalationView
from domain.acts import (
    Delegate,
    DelegatePlanning,
    Escalate,
    PersonAct,
    ResolveEscalation,
    Sign,
    WaiveFinding,
)
from domain.authority import acting_role, stands_in_for
from domain.errors import Invalid, NoSuchFinding
from domain.escalation import Addressee
from domain.parties import Parties
from domain.precedence import check_order
from domain.terms import Condition

KEY: Final = re.compile(r"[\x20-\x7e]{1,200}")
"""An idempotency key."""


@dataclass(frozen=True, slots=True)
class Post:
    """Something a known person wants done, through the API or by a form of a page.

    `path` is percent-encoded; `read` gives the idempotency key (empty: none) and the body, or
    raises 400 or 413.
    """

    office: Office
    caller: Holder
    method: str
    path: str
    read: Callable[[], Awaitable[tuple[str, Body]]]

    def attempt(self, act: str, launch: str | None = None, step: str | None = None) -> Attempt:
        """What is being tried, as the audit names it."""
        return Attempt(
            person=self.caller.person,
            path=self.path,
            act=act,
            launch=None if launch is None or wrong_text(launch) else launch,
            step=None if step is None or wrong_text(step) else step,
            method=self.method,
        )

    def fingerprint(self, body: Body) -> str:
        """What a key is bound to."""
        return body.fingerprint(self.method, self.path)


async def post_of(request: Request) -> Post:
    """One dependency instead of four nested ones: this is the way of every act."""
    office: Office = request.app.state.office
    caller = await authenticate(request)

    async def read() -> tuple[str, Body]:
        return key_of(request), await read_body(request)

    return Post(office, caller, request.method, path_of(request), read)


PostDep = Annotated[Post, Depends(post_of)]


async def act_on_step(
    post: Post, launch: str, step: str, *, name: str, shape: type[StepBody] | None
) -> Response:
    """An act on a step; `shape` None where there is no act of that name."""
    attempt = post.attempt(name, launch, step)
    async with audited(post.office, attempt):
        key, body = await post.read()
        parties = await _parties(post.office, launch)
        parties.step(step)
        if shape is None:
            raise missing("act", name)
        act = validated(body, shape).act(step)
        if isinstance(act, Delegate):
            await _check_person(post.office, act.to)
        if isinstance(act, Sign) and act.condition is not None:
            await _check_condition(post.office, launch, step, act.condition)
    return await _perform(post, attempt, Understood(key, body, launch, act, parties))


async def act_on_launch(
    post: Post, launch: str, *, name: str, shape: type[LaunchBody] | None
) -> Response:
    """An act on a whole launch; `shape` None where there is no act of that name."""
    attempt = post.attempt(name, launch)
    async with audited(post.office, attempt):
        key, body = await post.read()
        parties = await _parties(post.office, launch)
        if shape is None:
            raise missing("act", name)
        act = validated(body, shape).act()
        if isinstance(act, Escalate) and act.step is not None:
            parties.step(act.step)
        if isinstance(act, DelegatePlanning):
            await _check_person(post.office, act.to)
        if isinstance(act, WaiveFinding):
            await _check_finding(post.office, launch, act.finding)
    return await _perform(post, attempt, Understood(key, body, launch, act, parties))


async def act_on_escalation(
    post: Post, escalation: str, *, name: str, shape: type[EscalationBody] | None
) -> Response:
    """An act on an escalation; `shape` None where there is no act of that name."""
    attempt = post.attempt(name, escalation.partition(".")[0])
    async with audited(post.office, attempt):
        key, body = await post.read()
        found = await _escalation(post.office, escalation)
        if shape is None:
            raise missing("act", name)
        act = validated(body, shape).act(escalation)
        if isinstance(act, ResolveEscalation) and act.to is not None:
            await _check_person(post.office, act.to)
        parties = await _parties(post.office, found.launch)
    to = (found.to, found.step)
    return await _perform(post, attempt, Understood(key, body, found.launch, act, parties, to))


@dataclass(frozen=True, slots=True)
class Understood:
    """An act and what the role table needs to judge it."""

    key: str
    body: Body
    launch: str
    act: PersonAct
    parties: Parties
    escalation: tuple[Addressee, str | None] | None = None

    def part(self, person: str, roles: tuple[str, ...]) -> Part:
        role = acting_role(self.act, person, roles, self.parties, escalation=self.escalation)
        return Part(role, stands_in_for(self.act, person, role, self.parties))


async def _perform(post: Post, attempt: Attempt, understood: Understood) -> Response:
    fingerprint = post.fingerprint(understood.body)
    try:
        act = await _possible(post.office, understood)
    except InvalidDocument:
        # What was possible once may be past by now; what its key was answered stays.
        earlier = await earlier_reply(post.office, attempt.person, understood.key, fingerprint)
        if earlier is not None:
            return earlier.response()
        async with audited(post.office, attempt):
            raise
    submission = Submission(
        attempt=attempt,
        key=understood.key,
        fingerprint=fingerprint,
        launch=understood.launch,
        act=act,
        authority=lambda roles: understood.part(attempt.person, roles),
    )
    return (await perform(post.office, submission)).response()


async def _possible(office: Office, understood: Understood) -> PersonAct:
    """The whole act. InvalidDocument where no launch could make good what it says."""
    act = await with_plan(office, understood.launch, understood.act, understood.body.document)
    if faults := await faults_of(office.database, act, datetime.now(UTC)):
        raise InvalidDocument(faults)
    return act


def key_of(request: Request) -> str:
    """The request's Idempotency-Key, empty where there is none, or 400."""
    keys = request.headers.getlist("idempotency-key")
    if not keys:
        return ""
    if len(keys) > 1 or not KEY.fullmatch(keys[0]):
        raise malformed("An Idempotency-Key is one text of 1 to 200 printable ASCII characters.")
    return keys[0]


async def _parties(office: Office, launch: str) -> Parties:
    if wrong_text(launch):
        raise missing("launch", launch)
    async with office.database.read() as session:
        standing = await read_model.standing(session, launch)
    if standing is None:
        raise missing("launch", launch)
    return standing.parties


async def _escalation(office: Office, escalation: str) -> EscalationView:
    if wrong_text(escalation):
        raise missing("escalation", escalation)
    async with office.database.read() as session:
        found = await read_model.escalation(session, escalation)
    if found is None:
        raise missing("escalation", escalation)
    return found


async def _check_finding(office: Office, launch: str, finding: str) -> None:
    async with office.database.read() as session:
        text = await read_model.launch_text(session, launch)
    if text is None or all(known["id"] != finding for known in json.loads(text)["findings"]):
        raise NoSuchFinding(finding)


async def _check_person(office: Office, person: str) -> None:
    """Nobody can be given anything to do whom the directory does not know."""
    async with office.database.read() as session:
        if not await directory.is_person(session, person):
            raise Invalid("to", f"unknown person “{person}”")


async def _check_condition(office: Office, launch: str, step: str, condition: Condition) -> None:
    """A signature waits for a step of the launch, and for none that waits for it."""
    if condition.step is None:
        return
    async with office.database.read() as session:
        text = await read_model.launch_text(session, launch)
    after = {known["key"]: known["after"] for known in json.loads(text or "{}")["steps"]}
    check_order(after, step, condition.step)
