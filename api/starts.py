"""Starting a launch, or only checking its plan: the plan resolved against the organisation."""

import secrets
from typing import Any

from fastapi import Response

from api.acts import Part, Submission, earlier_reply, perform
from api.office import Office
from api.refusals import audited
from api.setting import setting_of
from api.submissions import Post
from domain.acts import StartLaunch
from domain.canonical import plain
from domain.chain import timeline
from domain.checks.registry import findings_of
from domain.errors import NotYours


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
