"""The ledger of a launch: page by page, or as it grows."""

from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.deps import SIGNED_IN, KnownLaunch, OfficeDep, known_launch
from api.listing import LIMIT_DEFAULT, NO_OTHER_FILTER, Limit, listed
from api.office import Office
from api.openapi import READING, REFERENCE, problems
from db import ledger
from db.projection import text_of

router = APIRouter(tags=["events"])

PAGE: Final = 200
LIFETIME_SECONDS: Final = 900.0
"""A quiet stream ends after this and the client comes again, with its token."""

Seq = Annotated[int, Query(ge=0, le=2**53, description="Only events after this one.")]


@router.get(
    "/launches/{launch}/events",
    dependencies=(*SIGNED_IN, Depends(known_launch), NO_OTHER_FILTER),
    responses={
        200: {
            "description": "In the order in which they happened.",
            "content": {
                "application/json": {"schema": {"$ref": REFERENCE.format(model="EventList")}}
            },
        },
        **problems(READING),
    },
    response_class=Response,
)
async def list_events(
    *,
    office: OfficeDep,
    launch: KnownLaunch,
    after: Seq = 0,
    limit: Limit = LIMIT_DEFAULT,
    cursor: Annotated[int | None, Query(ge=0, le=2**53)] = None,
) -> Response:
    """Events by seq; `next_cursor` is the seq to go on after."""
    start = after if cursor is None else cursor
    found = await _events(office, launch, after=start, limit=limit + 1)
    page = found[:limit]
    more = len(found) > limit
    return listed([text for _, text in page], str(page[-1][0]) if more else None)


async def resumed_after(
    after: Seq = 0, last_event_id: Annotated[int | None, Header(ge=0, le=2**53)] = None
) -> int:
    """The seq a stream goes on after; the browser's own `Last-Event-ID` wins."""
    return after if last_event_id is None else last_event_id


@router.get(
    "/launches/{launch}/events/stream",
    dependencies=SIGNED_IN,
    response_class=EventSourceResponse,
    responses={
        200: {
            "description": "Server-sent events: `id` is the seq, `data` an Event.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **problems(READING),
    },
)
async def stream_events(
    office: OfficeDep, launch: KnownLaunch, after: Annotated[int, Depends(resumed_after)]
) -> AsyncIterator[ServerSentEvent]:
    """Events as they happen, resuming by `Last-Event-ID`; comments keep the line open."""
    with office.feed.follow(launch) as watch:
        while True:
            found = await _events(office, launch, after=after, limit=PAGE)
            for seq, text in found:
                yield ServerSentEvent(id=str(seq), raw_data=text)
                after = seq
            if not found and not await office.feed.reached(watch, after, LIFETIME_SECONDS):
                return


async def _events(office: Office, launch: str, *, after: int, limit: int) -> list[tuple[int, str]]:
    async with office.database.read() as session:
        stored = await ledger.entries(session, launch, after=after, limit=limit)
    return [(one.entry.seq, text_of(ledger.event_document(one))) for one in stored]
