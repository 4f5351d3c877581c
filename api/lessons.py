"""Lessons of post-mortems: a change to a template, put to the modules that it touches."""

import json
from dataclasses import replace

from fastapi import Response

from api.bodies import Body
from api.follow_ups import Wanted, ask_for, asking_of, check_signer
from api.intake.lesson import read_lesson
from api.office import Office
from api.postmortems import Found, names_found
from api.replies import Reply
from api.submissions import Post
from db import templates
from db.projection import text_of
from domain.errors import WrongState
from domain.plan import Plan, Template
from domain.postmortem.lessons import Proposal, lesson_document, lesson_plan, touched


async def propose_lesson(post: Post, launch: str) -> Response:
    """Everything wrong with it at once, or the lesson on its way."""
    return await ask_for(post, launch, name="propose-lesson", plans=_plan, tells=_told)


async def _plan(wanted: Wanted) -> Plan | None:
    reading = wanted.reading
    reason, before, lesson = read_lesson(wanted.body.document, reading)
    if not wanted.is_for_facilitator:
        return None
    lesson = replace(lesson, becomes=await numbered(wanted.office, lesson.becomes))
    modules = touched(before, lesson.becomes, lesson.changes)
    for module in modules:
        check_signer(module, "", reading)
    asking = asking_of(wanted)
    reading.faults.raise_if_any()
    reason = wanted.found.reading.scrubber.text(reason)
    answer_by = reading.calendar.add(reading.now, asking.run.policy.answer_within)
    return lesson_plan(asking, Proposal(lesson, reason, modules), answer_by)


async def numbered(office: Office, template: Template) -> Template:
    """With the next number that no lesson had yet; WrongState while one is under way, and where
    another version was agreed upon meanwhile.
    """
    async with office.database.read() as session:
        proposed = await templates.proposed(session, template.key)
        agreed = await templates.load(session)
    for one in proposed:
        if one.is_open:
            message = f"{template.key}@{one.version} is being agreed upon; let that end first."
            raise WrongState(message, state=one.phase, launch=one.launch, possible=[])
    if any(one.key == template.key and one.version >= template.version for one in agreed):
        message = f"{template.key} has another version since; read it and propose again."
        raise WrongState(message, possible=["read it again"])
    return replace(template, version=max((template.version, *(p.version + 1 for p in proposed))))


def _told(reply: Reply, body: Body, found: Found) -> str:
    """The lesson instead of its launch, and which names were taken out of its reason."""
    scrubber, launch = found.reading.scrubber, json.loads(reply.text)
    scrubbed = names_found("reason", scrubber.scrub(body.document["reason"]))
    document = lesson_document(launch, scrubber)
    return text_of({**document, "seq": launch["seq"], "scrubbed": scrubbed})
