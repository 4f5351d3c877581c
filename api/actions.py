"""Actions of post-mortems: asked of a module by a facilitator, and listed until they are done."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final

from fastapi import Response
from pydantic import Field

from api.acts import Part, Submission, earlier_reply, perform
from api.bodies import validated
from api.deps import known_launch
from api.intake.instants import read_end
from api.intake.plan_content import REACH
from api.intake.reading import Reading
from api.office import Office
from api.postmortems import Found, find, names_found
from api.refusals import audited
from api.replies import Reply
from api.setting import Setting, setting_of
from api.shapes import Name, Shape, Text
from api.submissions import Post
from db import actions, directory, postmortems
from db.projection import text_of
from domain.acts import StartLaunch
from domain.blameless.pseudonyms import Pseudonyms
from domain.blameless.scrub import Scrubber
from domain.eligibility import eligible_signers
from domain.errors import NotYours
from domain.postmortem.actions import Document, Wish, action_document, action_plan

FACILITATOR: Final = "facilitator"
DIGITS: Final = 3
"""Octets of a launch's id that tell its code from those of other actions of a run."""


class ActionCreate(Shape):
    """What is asked for, of which module, until when: a date of the organisation, or an instant."""

    module: Name
    deliverable: Text
    deliver_by: Name
    conditions: Annotated[tuple[Text, ...], Field(max_length=50)] = ()


async def request_action(post: Post, launch: str) -> Response:
    """Everything wrong with it at once, or the action on its way."""
    action = secrets.token_hex(8)
    attempt = post.attempt("request-action", launch)
    async with audited(post.office, attempt):
        key, body = await post.read()
        await known_launch(launch, post.office)
        found = await _review(post.office, launch)
        asked = validated(body, ActionCreate)
        fingerprint = post.fingerprint(body)
        # What is asked for may be too late by now; what its key was answered stays.
        earlier = await earlier_reply(post.office, post.caller.person, key, fingerprint)
        if earlier is not None:
            return _answer(earlier, asked, found.reading.scrubber)
        setting = await setting_of(post.office)
        act = _start(asked, found, setting, by=post.caller.person, action=action)

    def authority(posts: tuple[str, ...]) -> Part:
        if act is None or FACILITATOR not in posts:
            raise NotYours("A facilitator asks for actions; you may comment on the record.")
        return Part("planner")

    submission = Submission(
        attempt=attempt,
        key=key,
        fingerprint=fingerprint,
        launch=action,
        act=act,
        authority=authority,
        code=act.plan.code if act else "",
    )
    reply = await perform(post.office, submission)
    return _answer(reply, asked, found.reading.scrubber)


async def listed(office: Office, page: actions.ActionPage, now: datetime) -> Sequence[Document]:
    """A page of actions, without names, each with the pseudonyms of its own review."""
    reviews = [item["review_of"] for item in page.items]
    async with office.database.read() as session:
        people = await directory.everybody(session)
        salts = await postmortems.salts(session, reviews)
    scrubbers = {review: Scrubber(people, Pseudonyms(salt).of) for review, salt in salts.items()}
    return [action_document(item, scrubbers[item["review_of"]], now) for item in page.items]


async def _review(office: Office, launch: str) -> Found:
    async with office.database.read() as session:
        found = await find(session, launch)
    found.known()
    return found


def _start(
    asked: ActionCreate, found: Found, setting: Setting, *, by: str, action: str
) -> StartLaunch | None:
    """The start of the action's own launch; None for who is no facilitator. InvalidDocument."""
    reading = Reading(setting.organisation, setting.calendar, by, setting.now)
    run = found.reading.launch
    deliver_by = _deliver_by(asked.deliver_by, reading)
    _check_module(asked.module, reading)
    reading.faults.raise_if_any()
    if by not in setting.organisation.holders(FACILITATOR):
        return None
    _check_signer(asked.module, reading)
    sponsor = _sponsor(run.plan.sponsor, reading)
    reading.faults.raise_if_any()
    say = found.reading.scrubber.text
    wish = Wish(asked.module, say(asked.deliverable), deliver_by, tuple(map(say, asked.conditions)))
    code = f"{run.plan.code}-{action[: 2 * DIGITS]}"
    plan = action_plan(run.plan, run.id, wish, code=code, by=by, sponsor=sponsor)
    return StartLaunch(action, plan, setting.calendar, setting.staff(plan))


def _deliver_by(text: str, reading: Reading) -> datetime:
    due = reading.instant(text, "deliver_by", read_end)
    if due is None:
        return reading.now  # The reason is noted.
    if due <= reading.now:
        reading.faults.add("deliver_by", "past", "is already past")
    if due - reading.now > REACH:
        reading.faults.add("deliver_by", "out_of_range", "is more than ten years away")
    return due


def _check_module(module: str, reading: Reading) -> None:
    known = [known.key for known in reading.organisation.modules]
    if module not in known:
        reading.faults.unknown("module", "module", module, known)


def _check_signer(module: str, reading: Reading) -> None:
    if not eligible_signers(reading.organisation, module, reading.planner):
        message = f"nobody could sign it: {module} has no lead, deputy or head but you"
        reading.faults.add("module", "no_signer", message)


def _sponsor(of_run: str, reading: Reading) -> str:
    """The run's own sponsor where that is possible: another one than who asks."""
    sponsors = [s for s in reading.organisation.holders("sponsor") if s != reading.planner]
    if not sponsors:
        message = "nobody could stand above it: there is no sponsor but you"
        reading.faults.add("", "no_sponsor", message)
        return ""
    return of_run if of_run in sponsors else sponsors[0]


def _answer(reply: Reply, asked: ActionCreate, scrubber: Scrubber) -> Response:
    """The action instead of its launch, and which names were taken out of it."""
    if reply.status != 201:  # noqa: PLR2004 - HTTP
        return reply.response()
    launch = json.loads(reply.text)
    texts = {"deliverable": asked.deliverable} | {
        f"conditions[{place}]": text for place, text in enumerate(asked.conditions)
    }
    scrubbed = [
        name for path, text in texts.items() for name in names_found(path, scrubber.scrub(text))
    ]
    document = {
        **action_document(launch, scrubber, datetime.fromisoformat(launch["started_at"])),
        "seq": launch["seq"],
        "scrubbed": scrubbed,
    }
    return Reply(reply.status, text_of(document), reply.location).response()
