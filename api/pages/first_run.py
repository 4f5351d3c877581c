"""An empty installation: whoever sits at it may load the sample, and is its administrator then."""

from datetime import UTC, datetime
from typing import Final

import structlog
from fastapi import APIRouter, Request, Response

from api.office import Office
from api.pages.doors import come_in, sign_in_page
from api.pages.forms import Form, read_form
from api.pages.here import is_on_this_machine
from api.passwords import hashed
from api.problems import Problem
from api.sample import load_organisation
from api.sessions import demand_same_origin
from db import access, directory

router = APIRouter(include_in_schema=False)

ADMIN: Final = "admin"
"""Who administers the sample organisation."""
_log = structlog.get_logger()


@router.post("/sample")
async def load_sample(request: Request) -> Response:
    """The sample organisation, with the password its administrator was given; only on this
    machine, and only while there is no organisation.
    """
    demand_same_origin(request)
    if not is_on_this_machine(request):
        raise Problem(403, "not_yours", "The sample is loaded on the machine of the installation.")
    office: Office = request.app.state.office
    form = await read_form(request)
    async with office.database.read() as session:
        if await directory.load(session) is not None:
            raise _exists()
    password = form.get("password")
    if password != form.get("again"):
        return await _again(request, "The two passwords are not the same.")
    try:
        hash_ = await hashed(password)
    except Problem as problem:
        return await _again(request, problem.detail)
    now = datetime.now(UTC)
    async with office.database.write() as session:
        if not await load_organisation(session):
            raise _exists()
        await access.set_password(session, ADMIN, hash_, now=now)
    _log.info("sample.loaded")
    return await come_in(request, office, ADMIN, Form({"next": "/organisation?done=sample"}))


async def _again(request: Request, wrong: str) -> Response:
    return await sign_in_page(request, Form(), status=422, sample_wrong=wrong)


def _exists() -> Problem:
    return Problem(409, "organisation_exists", "There is an organisation already.")
