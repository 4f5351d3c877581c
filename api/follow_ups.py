"""What follows from a post-mortem, action or lesson: asked for by a facilitator, and a launch."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from fastapi import Response

from api.acts import Part, Submission, earlier_reply, perform
from api.bodies import Body
from api.deps import known_launch
from api.intake.reading import Reading
from api.office import Office
from api.postmortems import Found, find
from api.refusals import audited
from api.replies import Reply
from api.setting import Setting, setting_of
from api.submissions import Post
from domain.acts import StartLaunch
from domain.eligibility import eligible_signers
from domain.errors import NotYours, Refusal, WrongState
from domain.plan import Plan
from domain.postmortem.follow_ups import Asking

FACILITATOR: Final = "facilitator"
NOT_YOURS: Final = "A facilitator asks for it; you may comment on the record."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted by whom, in which review and setting; `id` is that of its launch to be."""

    id: str
    office: Office
    body: Body
    found: Found
    setting: Setting
    reading: Reading

    @property
    def is_for_facilitator(self) -> bool:
        return self.reading.planner in self.setting.organisation.holders(FACILITATOR)

    def start(self, plan: Plan) -> StartLaunch:
        return StartLaunch(self.id, plan, self.setting.calendar, self.setting.staff(plan))


Plans = Callable[[Wanted], Awaitable["Plan | None"]]
"""The plan of it; None for who may not want it. Raises InvalidDocument with every error."""
Tells = Callable[[Reply, Body, Found], str]
"""The document it is answered with, from its launch."""


async def ask_for(post: Post, launch: str, *, name: str, plans: Plans, tells: Tells) -> Response:
    """Everything wrong with it at once, or its launch on the way."""
    follow_up = secrets.token_hex(8)
    attempt = post.attempt(name, launch)
    async with audited(post.office, attempt):
        key, body = await post.read()
        await known_launch(launch, post.office)
        found = await _review(post.office, launch)
        fingerprint = post.fingerprint(body)
        # What is asked for may be too late by now; what its key was answered stays.
        earlier = await earlier_reply(post.office, post.caller.person, key, fingerprint)
        if earlier is not None:
            return _answer(earlier, body, found, tells)
        setting = await setting_of(post.office)
        reading = setting.reading(post.caller.person)
        wanted = Wanted(follow_up, post.office, body, found, setting, reading)
        plan, refusal = await _planned(plans, wanted)

    def authority(posts: tuple[str, ...]) -> Part:
        if FACILITATOR not in posts:
            raise NotYours(NOT_YOURS)
        if refusal is not None:
            raise refusal
        return Part("planner")

    submission = Submission(
        attempt=attempt,
        key=key,
        fingerprint=fingerprint,
        launch=follow_up,
        act=wanted.start(plan) if plan else None,
        authority=authority,
        code=plan.code if plan else "",
    )
    return _answer(await perform(post.office, submission), body, found, tells)


async def _planned(plans: Plans, wanted: Wanted) -> tuple[Plan | None, Refusal | None]:
    """The plan; or none, and why it is not possible now: that is final for its key."""
    try:
        plan = await plans(wanted)
    except WrongState as refusal:
        return None, refusal
    return plan, None if plan else NotYours(NOT_YOURS)


def asking_of(wanted: Wanted) -> Asking:
    """Who asks after which run; a missing sponsor is noted."""
    run = wanted.found.reading.launch
    return Asking(run.plan, run.id, wanted.reading.planner, _sponsor_of(wanted))


def _sponsor_of(wanted: Wanted) -> str:
    """The run's own sponsor where that is possible: another one than who asks."""
    reading, of_run = wanted.reading, wanted.found.reading.launch.plan.sponsor
    sponsors = [s for s in reading.organisation.holders("sponsor") if s != reading.planner]
    if not sponsors:
        message = "nobody could stand above it: there is no sponsor but you"
        reading.faults.add("", "no_sponsor", message)
        return ""
    return of_run if of_run in sponsors else sponsors[0]


def check_signer(module: str, path: str, reading: Reading) -> None:
    """Note a module in which nobody could sign."""
    if not eligible_signers(reading.organisation, module, reading.planner):
        message = f"nobody could sign it: {module} has no lead, deputy or head but you"
        reading.faults.add(path, "no_signer", message)


async def _review(office: Office, launch: str) -> Found:
    async with office.database.read() as session:
        found = await find(session, launch)
    found.known()
    return found


def _answer(reply: Reply, body: Body, found: Found, tells: Tells) -> Response:
    if reply.status != HTTPStatus.CREATED:
        return reply.response()
    return Reply(reply.status, tells(reply, body, found), reply.location).response()
