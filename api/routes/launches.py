"""Launches: started, checked, listed, shown, and the acts on a whole launch."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Response

from api.deps import SIGNED_IN, OfficeDep
from api.documents import CheckPublic, LaunchList, LaunchPublic, Phase
from api.intake.plain import wrong_text
from api.intake.plan_document import PlanDocument
from api.listing import LIMIT_DEFAULT, NO_OTHER_FILTER, Cursor, Filter, Limit, listed
from api.openapi import READING, answers, body_of, problems
from api.problems import missing
from api.refusals import audited
from api.replies import json_text
from api.schemas import LAUNCH_BODIES, LaunchBody
from api.starts import check_launch, start_launch
from api.submissions import PostDep, act_on_launch
from db import pages, read_model
from domain.plan import PlanKind

router = APIRouter(tags=["launches"])

Endpoint = Callable[..., Awaitable[Response]]


@router.post(
    "/launches",
    status_code=201,
    responses=answers(201, LaunchPublic),
    response_class=Response,
    openapi_extra=body_of(PlanDocument),
)
async def start(post: PostDep) -> Response:
    """Start a launch; the caller is its planner."""
    return await start_launch(post)


@router.post(
    "/launches/check",
    responses={200: {"model": CheckPublic}, **problems((400, 401, 403, 413, 422))},
    response_model=None,
    openapi_extra=body_of(PlanDocument),
)
async def check(post: PostDep) -> dict[str, Any]:
    """What a plan would meet if it were started now. Starts nothing."""
    async with audited(post.office, post.attempt("check")):
        _, body = await post.read()
        return await check_launch(post.office, body.document, post.caller.person)


@router.get(
    "/launches",
    dependencies=(*SIGNED_IN, NO_OTHER_FILTER),
    responses={200: {"model": LaunchList}, **problems((401, 422))},
    response_class=Response,
)
async def list_launches(
    *,
    office: OfficeDep,
    kind: PlanKind = "campaign",
    phase: Phase | None = None,
    department: Filter = None,
    module: Filter = None,
    q: Filter = None,
    limit: Limit = LIMIT_DEFAULT,
    cursor: Cursor = None,
) -> Response:
    """Newest first; `q` is looked for in code and title. What reviews ask for is of kind action."""
    chosen = pages.LaunchFilter(
        kind=kind, phases=(phase,) if phase else (), department=department, module=module, q=q
    )
    async with office.database.read() as session:
        page = await pages.launch_page(session, chosen, limit=limit, cursor=cursor)
    return listed(page.items, page.next_cursor)


@router.get(
    "/launches/{launch}",
    dependencies=SIGNED_IN,
    responses={200: {"model": LaunchPublic}, **problems(READING)},
    response_class=Response,
)
async def get_launch(office: OfficeDep, launch: str) -> Response:
    """The launch as it now is."""
    async with office.database.read() as session:
        text = None if wrong_text(launch) else await read_model.launch_text(session, launch)
    if text is None:
        raise missing("launch", launch)
    return json_text(text)


def _endpoint(name: str, shape: type[LaunchBody]) -> Endpoint:
    async def act(post: PostDep, launch: str) -> Response:
        return await act_on_launch(post, launch, name=name, shape=shape)

    return act


for _name, _shape in LAUNCH_BODIES.items():
    router.add_api_route(
        f"/launches/{{launch}}/{_name}",
        _endpoint(_name, _shape),
        methods=["POST"],
        name=f"{_name}_launch",
        summary=f"{_name.capitalize()} a launch",
        operation_id=f"launch_{_name.replace('-', '_')}",
        responses=answers(200, LaunchPublic),
        response_class=Response,
        openapi_extra=body_of(_shape),
    )
