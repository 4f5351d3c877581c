"""What routes ask for by annotation: the office, and the person a request comes from.

Every dependency is asynchronous: FastAPI sends synchronous ones to a thread.
"""

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.intake.plain import wrong_text
from api.office import Office
from api.problems import missing, unauthenticated
from api.sessions import demand_same_origin, session_holder
from db import access, read_model
from db.access import Holder

_bearer = HTTPBearer(auto_error=False, description="A token of `countersign token create`.")


async def office_of(request: Request) -> Office:
    office: Office = request.app.state.office
    return office


async def signed_in(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Holder:
    """The person of the token, else of the browser's session, or 401; asked each time, so that
    what is revoked ends at once.
    """
    office = await office_of(request)
    if credentials is None:
        return await _of_session(office, request)
    token, now = credentials.credentials, datetime.now(UTC)
    async with office.database.read() as session:
        holder = await access.person_of_token(session, token, now=now)
    if holder is None:
        raise unauthenticated("This token is not valid, or not any more.")
    return holder


async def _of_session(office: Office, request: Request) -> Holder:
    """A browser brings its cookie along wherever a request comes from, so that one which changes
    something must come from our own pages.
    """
    holder = await session_holder(office, request)
    if holder is None:
        raise unauthenticated("This needs a token: `Authorization: Bearer …`.")
    demand_same_origin(request)
    return holder


async def authenticate(request: Request) -> Holder:
    """The same for a request that belongs to no route."""
    return await signed_in(request, await _bearer(request))


SIGNED_IN: Final = (Depends(signed_in),)
"""For routes that need somebody to be signed in and do not ask who."""

OfficeDep = Annotated[Office, Depends(office_of)]
Caller = Annotated[Holder, Depends(signed_in)]


async def known_launch(launch: str, office: OfficeDep) -> str:
    """The id of a launch that exists, or 404: judged before anything else about the request."""
    async with office.database.read() as session:
        if wrong_text(launch) or await read_model.standing(session, launch) is None:
            raise missing("launch", launch)
    return launch


KnownLaunch = Annotated[str, Depends(known_launch)]
