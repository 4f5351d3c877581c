"""A run told again from its record, as it was and as it might have been."""

from fastapi import APIRouter, Response

from api.bodies import validated
from api.deps import SIGNED_IN, KnownLaunch, OfficeDep, known_launch
from api.openapi import READING, body_of, problems
from api.refusals import audited
from api.replay_documents import ReplayPublic, WhatIfPublic
from api.replays import replay_of
from api.replies import json_text
from api.submissions import PostDep
from api.whatif import WhatIf, what_if_of
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


@router.post(
    "/launches/{launch}/what-if",
    responses={200: {"model": WhatIfPublic}, **problems((400, 401, 404, 409, 413, 422))},
    response_class=Response,
    openapi_extra=body_of(WhatIf),
)
async def ask_what_if(post: PostDep, launch: str) -> Response:
    """The same run with other answers; everybody else takes as long as they took."""
    async with audited(post.office, post.attempt("what-if", launch)):
        _, body = await post.read()
        await known_launch(launch, post.office)
        asked = validated(body, WhatIf)
        return json_text(text_of(await what_if_of(post.office, launch, asked)))
