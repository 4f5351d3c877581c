"""What waits for the caller."""

from fastapi import APIRouter, Response

from api.deps import SIGNED_IN, Caller, OfficeDep
from api.documents import InboxList
from api.listing import LIMIT_DEFAULT, NO_OTHER_FILTER, Cursor, Limit, listed
from api.openapi import problems
from db import pages
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
