"""Starting a launch, or only checking its plan: the plan resolved against the organisation."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import Response

from api.acts import Part, Submission, earlier_reply, perform
from api.calendars import build_calendar
from api.intake.plan import resolve_plan
from api.office import Office
from api.problems import Problem
from api.refusals import audited
from api.submissions import Post
from db import directory
from domain.acts import StartLaunch
from domain.calendar import Calendar
from domain.canonical import plain
from domain.chain import timeline
from domain.checks.registry import findings_of
from domain.errors import NotYours
from domain.launch import Post as Staffed
from domain.organisation import MODULE_POSTS, Organisation
from domain.plan import Plan

WIDE_POSTS: Final = ("sponsor", "executive")
"""Posts of no module that a launch's ladders may address."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a plan is read against."""

    organisation: Organisation
    calendar: Calendar
    now: datetime

    def resolve(self, document: object, planner: str) -> Plan:
        """The plan; raises InvalidDocument with every error, NotYours for others than planners."""
        return resolve_plan(
            document,
            organisation=self.organisation,
            calendar=self.calendar,
            planner=planner,
            now=self.now,
        )

    def staff(self, plan: Plan) -> tuple[Staffed, ...]:
        """Who holds the posts that this plan's chain may turn to."""
        modules = dict.fromkeys(m for step in plan.steps for m in (step.module, step.customer))
        posts = [f"{post}:{module}" for module in modules for post in MODULE_POSTS]
        held = ((post, self.organisation.holders(post)) for post in (*posts, *WIDE_POSTS))
        return tuple(Staffed(post, people) for post, people in held if people)


async def start_launch(post: Post) -> Response:
    """Everything wrong with the plan at once, or the launch on its way."""
    launch = secrets.token_hex(8)
    attempt = post.attempt("start", launch)
    async with audited(post.office, post.attempt("start")):
        key, body = await post.read()
        fingerprint = post.fingerprint(body)
        # A plan may be fine today and too late tomorrow; what its key was answered stays.
        reply = await earlier_reply(post.office, post.caller.person, key, fingerprint)
        if reply is not None:
            return reply.response()
        act, refusal = await _start(post, body.document, launch)

    def authority(_: tuple[str, ...]) -> Part:
        if refusal is not None:
            raise refusal
        return Part("planner")

    submission = Submission(
        attempt=attempt,
        key=key,
        fingerprint=fingerprint,
        launch=launch,
        act=act,
        authority=authority,
        code=act.plan.code if act else "",
    )
    return (await perform(post.office, submission)).response()


async def check_launch(office: Office, document: object, planner: str) -> dict[str, Any]:
    """What the plan would meet if it were started now; nothing is written."""
    setting = await setting_of(office)
    plan = setting.resolve(document, planner)
    return {
        "findings": plain(findings_of(plan, setting.calendar, setting.now)),
        "timeline": plain(timeline(plan, setting.calendar, setting.now)),
    }


async def setting_of(office: Office) -> Setting:
    """The organisation and its calendar as of now, or 409 where none was imported."""
    async with office.database.read() as session:
        organisation = await directory.load(session)
    if organisation is None:
        raise Problem(409, "no_organisation", "No organisation was imported yet.")
    now = datetime.now(UTC)
    return Setting(organisation, build_calendar(organisation.identity, now.year), now)


async def _start(
    post: Post, document: object, launch: str
) -> tuple[StartLaunch | None, NotYours | None]:
    """The act; or none, and why this person may not do it."""
    setting = await setting_of(post.office)
    try:
        plan = setting.resolve(document, post.caller.person)
    except NotYours as refusal:
        return None, refusal
    return StartLaunch(launch, plan, setting.calendar, setting.staff(plan)), None
