"""What somebody needs to prove or to look into what was done: the text of a signature, and who was
refused what.
"""

import json
from typing import Any

from fastapi import APIRouter, Request, Response

from api.deps import SIGNED_IN, Caller, KnownLaunch, OfficeDep
from api.evidence_documents import RefusalList, SignablePublic
from api.listing import LIMIT_DEFAULT, NO_OTHER_FILTER, Cursor, Limit, listed
from api.office import Office
from api.openapi import READING, problems
from api.refusals import Attempt, audited
from api.replies import path_of
from db import audit, read_model
from db.projection import text_of
from domain.canonical import canonical_text, plain
from domain.errors import NoSuchStep, NotYours

router = APIRouter(tags=["evidence"])

AUDITORS = frozenset({"facilitator", "admin"})


@router.get(
    "/launches/{launch}/steps/{step}/signable",
    dependencies=SIGNED_IN,
    responses={200: {"model": SignablePublic}, **problems(READING)},
    response_model=None,
)
async def get_signable(office: OfficeDep, launch: KnownLaunch, step: str) -> dict[str, Any]:
    """The exact text a signature of the step's current terms names by its digest."""
    found = next((s for s in (await _document(office, launch))["steps"] if s["key"] == step), None)
    if found is None:
        raise NoSuchStep(step)
    terms = dict(found["terms"])
    version, digest = terms.pop("version"), terms.pop("digest")
    signed = {"launch": launch, "step": step, "attempt": found["attempt"], "version": version}
    text = canonical_text({**signed, "terms": terms})
    return {**signed, "state": found["state"], "digest": digest, "text": text}


@router.get(
    "/launches/{launch}/refusals",
    dependencies=(*SIGNED_IN, NO_OTHER_FILTER),
    responses={200: {"model": RefusalList}, **problems((*READING, 403))},
    response_class=Response,
)
async def list_refusals(
    *,
    request: Request,
    office: OfficeDep,
    caller: Caller,
    launch: KnownLaunch,
    limit: Limit = LIMIT_DEFAULT,
    cursor: Cursor = None,
) -> Response:
    """Refused attempts on a launch, newest first: for its sponsor, facilitators, administrators."""
    attempt = Attempt(
        person=caller.person,
        path=path_of(request),
        act="refusals",
        launch=launch,
        method="GET",
    )
    async with audited(office, attempt):
        sponsor = (await _document(office, launch))["sponsor"]
        is_sponsor = caller.person == sponsor and "sponsor" in caller.roles
        if not is_sponsor and not AUDITORS & set(caller.roles):
            message = "Refused attempts are shown to the sponsor, facilitators and administrators."
            raise NotYours(message)
    async with office.database.read() as session:
        page = await audit.page(session, launch, limit=limit, cursor=cursor)
    return listed([text_of(plain(one)) for one in page.items], page.next_cursor)


async def _document(office: Office, launch: str) -> dict[str, Any]:
    async with office.database.read() as session:
        document: dict[str, Any] = json.loads(await read_model.launch_text(session, launch) or "{}")
    return document
