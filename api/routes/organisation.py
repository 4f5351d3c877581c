"""The organisation as everybody in it may see it."""

from typing import Any

from fastapi import APIRouter

from api.deps import SIGNED_IN, OfficeDep
from api.intake.organisation_dump import organisation_document
from api.openapi import problems
from api.problems import missing
from db import directory

router = APIRouter(tags=["organisation"])


@router.get("/organisation", dependencies=SIGNED_IN, responses=problems((401, 404)))
async def get_organisation(office: OfficeDep) -> dict[str, Any]:
    """People, modules, calendar and rules, in the form in which they are imported."""
    async with office.database.read() as session:
        organisation = await directory.load(session)
    if organisation is None:
        raise missing("organisation", "")
    return organisation_document(organisation)
