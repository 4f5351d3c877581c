"""Actions of post-mortems: asked of a module by a facilitator, and listed until they are done."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from fastapi import Response

from api.bodies import Body, validated
from api.follow_ups import Wanted, ask_for, asking_of, check_signer
from api.intake.instants import read_end
from api.intake.plan_content import REACH
from api.intake.reading import Reading
from api.office import Office
from api.postmortem_bodies import ActionCreate
from api.postmortems import Found, names_found
from api.replies import Reply
from api.submissions import Post
from db import actions, directory, postmortems
from db.projection import text_of
from domain.blameless.pseudonyms import Pseudonyms
from domain.blameless.scrub import Scrubber
from domain.plan import Plan
from domain.postmortem.actions import Document, Wish, action_document, action_plan

DIGITS: Final = 6
"""Of a launch's id, which tell its code from those of other actions of a run."""


async def request_action(post: Post, launch: str) -> Response:
    """Everything wrong with it at once, or the action on its way."""
    return await ask_for(post, launch, name="request-action", plans=_plan, tells=_told)


async def listed(office: Office, page: actions.ActionPage, now: datetime) -> Sequence[Document]:
    """A page of actions, without names, each with the pseudonyms of its own review."""
    reviews = [item["review_of"] for item in page.items]
    async with office.database.read() as session:
        people = await directory.everybody(session)
        salts = await postmortems.salts(session, reviews)
    scrubbers = {review: Scrubber(people, Pseudonyms(salt).of) for review, salt in salts.items()}
    return [action_document(item, scrubbers[item["review_of"]], now) for item in page.items]


async def _plan(wanted: Wanted) -> Plan | None:
    asked, reading = validated(wanted.body, ActionCreate), wanted.reading
    deliver_by = _deliver_by(asked.deliver_by, reading)
    modules = [known.key for known in reading.organisation.modules]
    if asked.module not in modules:
        reading.faults.unknown("module", "module", asked.module, modules)
    reading.faults.raise_if_any()
    if not wanted.is_for_facilitator:
        return None
    check_signer(asked.module, "module", reading)
    asking = asking_of(wanted)
    reading.faults.raise_if_any()
    run, say = wanted.found.reading.launch, wanted.found.reading.scrubber.text
    wish = Wish(asked.module, say(asked.deliverable), deliver_by, tuple(map(say, asked.conditions)))
    code = f"{run.plan.code}-{wanted.id[:DIGITS]}"
    return action_plan(asking, wish, code)


def _deliver_by(text: str, reading: Reading) -> datetime:
    due = reading.instant(text, "deliver_by", read_end)
    if due is None:
        return reading.now  # The reason is noted.
    if due <= reading.now:
        reading.faults.add("deliver_by", "past", "is already past")
    if due - reading.now > REACH:
        reading.faults.add("deliver_by", "out_of_range", "is more than ten years away")
    return due


def _told(reply: Reply, body: Body, found: Found) -> str:
    """The action instead of its launch, and which names were taken out of it."""
    asked, scrubber = validated(body, ActionCreate), found.reading.scrubber
    launch = json.loads(reply.text)
    texts = {"deliverable": asked.deliverable} | {
        f"conditions[{place}]": text for place, text in enumerate(asked.conditions)
    }
    scrubbed = (names_found(path, scrubber.scrub(text)) for path, text in texts.items())
    return text_of(
        {
            **action_document(launch, scrubber, datetime.fromisoformat(launch["started_at"])),
            "seq": launch["seq"],
            "scrubbed": [name for names in scrubbed for name in names],
        }
    )
