"""What waits for the caller, and what the caller has been told."""

from datetime import UTC, datetime

from fastapi import APIRouter, Response

from api.bodies import validated
from api.deps import SIGNED_IN, Caller, OfficeDep
from api.documents import InboxList
from api.listing import LIMIT_DEFAULT, NO_OTHER_FILTER, Cursor, Limit, listed
from api.openapi import body_of, problems
from api.refusals import audited
from api.schemas import InboxRead
from api.submissions import PostDep
from db import notices, pages
from db.projection import text_of
from domain.canonical import plain

router = APIRouter(tags=["inbox"])


@router.get(
    "/inbox",
    dependencies=(*SIGNED_IN, NO_OTHER_FILTER),
    responses={200: {"model": InboxList}, **problems((401, 422))},
    response_class=Response,
)
async def get_inbox(
    office: OfficeDep, caller: Caller, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
) -> Response:
    """Overdue items first, then by the instant they are due."""
    async with office.database.read() as session:
        page = await pages.inbox(session, caller.person, caller.roles, limit=limit, cursor=cursor)
    return listed(tuple(text_of(plain(item)) for item in page.items), page.next_cursor)


@router.post(
    "/inbox/read",
    status_code=204,
    responses=problems((400, 401, 413, 422)),
    openapi_extra=body_of(InboxRead),
)
async def read_notices(post: PostDep) -> None:
    """Take the caller's notices out of the inbox. A repeat finds none and is answered the same."""
    async with audited(post.office, post.attempt("read")):
        _, sent = await post.read()
        body = validated(sent, InboxRead)
    async with post.office.database.write() as session:
        await notices.mark_read(
            session,
            post.caller.person,
            at=datetime.now(UTC),
            launch=body.launch,
            until=body.until,
        )
