"""The inbox: a reader's first page, with everything that waits for them, to be done right there."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.deps import OfficeDep
from api.intake.plain import wrong_text
from api.office import Office
from api.pages.acting import said_of
from api.pages.forms import as_post, read_form
from api.pages.offers import step_offers
from api.pages.reader import Reader, ReaderDep, reader_of
from api.pages.render import page, see_other
from api.pages.sheets import SHEETS, local_text
from api.pages.view import plan_with
from api.routes.inbox import read_notices
from db import drafts, pages, read_model
from db.access import Holder
from db.inbox import InboxEntry
from domain.canonical import plain

router = APIRouter(include_in_schema=False)

LENGTH: Final = 20
LOOK_SECONDS: Final = 1.0
LIFETIME_LOOKS: Final = 900

FOR: Final[Mapping[str, tuple[str, ...]]] = {
    "sign": ("sign", "sign-if", "counter", "decline", "ask", "acknowledge"),
    "accept_counter": ("accept-counter", "amend", "withdraw"),
    "reply": ("reply",),
    "report": ("report", "request-release"),
    "accept": ("accept", "reject"),
    "release": ("allow-release", "refuse-release"),
    "condition": ("confirm",),
    "repair": ("request", "waive"),
    "waiver": ("waive",),
}
"""The acts an item asks for, of those that are possible; what it does not name is on the page of
its launch.
"""


@dataclass(frozen=True, slots=True)
class Card:
    """One thing that waits, with the step it is about and what the reader may do there."""

    item: InboxEntry
    launch: Mapping[str, Any]
    step: Mapping[str, Any] | None
    offers: tuple[str, ...]
    due: str | None
    since: str


@router.get("/")
async def first_page(reader: ReaderDep) -> Response:  # noqa: ARG001 - who is not signed in goes there
    return see_other("/inbox")


@router.get("/inbox")
async def show_inbox(
    reader: ReaderDep, cursor: Annotated[str | None, Query(max_length=2000)] = None
) -> Response:
    cards, next_cursor = await _cards(reader, cursor)
    said = await said_of(reader)
    if said.launch:
        await _forget_draft(reader)
    context = {
        "cards": cards,
        "said": said,
        "next_cursor": next_cursor,
        "is_first": cursor is None,
        "sheets": SHEETS,
        "local": local_text,
        "plan_with": plan_with,
        "mark": await _mark(reader.office, reader.holder),
    }
    return page(reader, "inbox.html.j2", context=context)


@router.get("/inbox/stream", dependencies=[Depends(reader_of)], response_class=EventSourceResponse)
async def stream_inbox(
    office: OfficeDep, holder: Annotated[Reader, Depends(reader_of)], seen: str = ""
) -> AsyncIterator[ServerSentEvent]:
    """`moved` whenever something else waits for the reader than the page shows."""
    for _ in range(LIFETIME_LOOKS):
        if office.feed.is_closed:
            return
        mark = await _mark(office, holder.holder)
        if mark != seen:
            seen = mark
            yield ServerSentEvent(event="moved", raw_data=mark)
        await asyncio.sleep(LOOK_SECONDS)


@router.post("/inbox/read")
async def take_note(reader: ReaderDep) -> Response:
    """The notices of a launch leave the inbox."""
    form = await read_form(reader.request)
    await read_notices(as_post(reader, form, "/inbox/read", form.said))
    return see_other("/inbox?done=read")


async def _cards(reader: Reader, cursor: str | None) -> tuple[list[Card], str | None]:
    async with reader.office.database.read() as session:
        found = await pages.inbox(
            session, reader.person, reader.holder.roles, limit=LENGTH, cursor=cursor
        )
        wanted = tuple(dict.fromkeys(item.launch for item in found.items))
        known = {one["id"]: one for one in await read_model.documents(session, wanted)}
        parties = {
            launch: standing.parties
            for launch in wanted
            if (standing := await read_model.standing(session, launch))
        }
    cards = []
    for item in found.items:
        launch = known[item.launch]
        step = next((one for one in launch["steps"] if one["key"] == item.step), None)
        possible = step_offers(reader.holder, launch, step, parties[item.launch]) if step else ()
        offers = tuple(name for name in FOR.get(item.kind, ()) if name in possible)
        moments = plain({"due": item.due, "since": item.since})
        cards.append(Card(item, launch, step, offers, moments["due"], moments["since"]))
    return cards, found.next_cursor


async def _forget_draft(reader: Reader) -> None:
    """Somebody is told of the launch: what it was started from is no draft any more."""
    draft = reader.request.query_params.get("draft", "")
    if not wrong_text(draft):
        async with reader.office.database.write() as session:
            await drafts.forget(session, reader.person, draft)


async def _mark(office: Office, holder: Holder) -> str:
    """What tells one state of an inbox from another: its first page, as it is."""
    async with office.database.read() as session:
        found = await pages.inbox(session, holder.person, holder.roles, limit=LENGTH)
    return hashlib.sha256(repr(found.items).encode()).hexdigest()[:16]
