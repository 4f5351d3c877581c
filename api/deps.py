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
from db import directory, read_model
from db.directory import Holder
from db.transaction import Session
from domain.authority import Parties

_bearer = HTTPBearer(auto_error=False, description="A token of `countersign token create`.")


async def office_of(request: Request) -> Office:
    office: Office = request.app.state.office
    return office


async def signed_in(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Holder:
    """The person of the token, or 401; asked each time, so that a revoked token ends at once."""
    office = await office_of(request)
    token = _token_of(credentials)
    async with office.database.read() as session:
        return await _holder(session, token)


async def authenticate(request: Request) -> Holder:
    """The same for a request that belongs to no route."""
    return await signed_in(request, await _bearer(request))


async def authenticate_party(request: Request) -> tuple[Holder, Parties | None]:
    """The same in one read with the parties of the launch in the address, if there is one."""
    office = await office_of(request)
    token = _token_of(await _bearer(request))
    launch: str = request.path_params.get("launch", "")
    async with office.database.read() as session:
        holder = await _holder(session, token)
        is_id = launch and not wrong_text(launch)
        standing = await read_model.standing(session, launch) if is_id else None
    return holder, None if standing is None else standing.parties


def _token_of(credentials: HTTPAuthorizationCredentials | None) -> str:
    if credentials is None:
        raise unauthenticated("This needs a token: `Authorization: Bearer …`.")
    return credentials.credentials


async def _holder(session: Session, token: str) -> Holder:
    holder = await directory.person_of_token(session, token, now=datetime.now(UTC))
    if holder is None:
        raise unauthenticated("This token is not valid, or not any more.")
    return holder


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
