"""Who is asking."""

from fastapi import APIRouter

from api.deps import Caller, OfficeDep
from api.documents import PersonPublic
from api.openapi import problems
from db import directory
from domain.canonical import plain

router = APIRouter(tags=["organisation"])


@router.get(
    "/me", responses={200: {"model": PersonPublic}, **problems((401,))}, response_model=None
)
async def get_me(office: OfficeDep, caller: Caller) -> dict[str, object]:
    """The person of the token, with the posts held now."""
    async with office.database.read() as session:
        organisation = await directory.load(session)
    person = organisation.person(caller.person) if organisation else None
    return {
        "person": caller.person,
        "name": plain(person.name) if person else None,
        "department": person.department if person else None,
        "roles": list(caller.roles),
    }
