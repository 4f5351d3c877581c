"""A run told again from its record."""

from fastapi import APIRouter, Response

from api.deps import SIGNED_IN, KnownLaunch, OfficeDep
from api.openapi import READING, problems
from api.replay_documents import ReplayPublic
from api.replays import replay_of
from api.replies import json_text
from db.projection import text_of

router = APIRouter(tags=["replay"])


@router.get(
    "/launches/{launch}/replay",
    dependencies=SIGNED_IN,
    responses={200: {"model": ReplayPublic}, **problems(READING)},
    response_class=Response,
)
async def get_replay(office: OfficeDep, launch: KnownLaunch) -> Response:
    """The run moment by moment, verified against Temporal's history, with pseudonyms for people."""
    return json_text(text_of(await replay_of(office, launch)))
