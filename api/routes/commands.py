"""Commands: where an act stands whose outcome was not known in time."""

from fastapi import APIRouter, Response

from api.deps import Caller, OfficeDep
from api.documents import CommandPublic
from api.intake.plain import wrong_text
from api.openapi import READING, problems
from api.outcomes import command_text
from api.problems import missing
from api.replies import json_text
from db import commands
from db.replies import reply_text

router = APIRouter(tags=["commands"])


@router.get(
    "/commands/{command}",
    responses={200: {"model": CommandPublic}, **problems(READING)},
    response_class=Response,
)
async def get_command(office: OfficeDep, caller: Caller, command: str) -> Response:
    """A command of the caller's own; those of others do not exist for them."""
    async with office.database.read() as session:
        found = None if wrong_text(command) else await commands.get(session, command)
        if found is None or found.person != caller.person:
            raise missing("command", command)
        reply = await reply_text(session, found)
    return json_text(command_text(found.id, found.state, found.status, reply))
