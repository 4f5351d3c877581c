"""Escalations: raised by hand, listed, acknowledged, resolved."""

from collections.abc import Awaitable, Callable
from typing import Literal

from fastapi import APIRouter, Response

from api.deps import SIGNED_IN, OfficeDep
from api.documents import EscalationList, EscalationPublic, EscalationReply
from api.intake.plain import wrong_text
from api.listing import LIMIT_DEFAULT, NO_OTHER_FILTER, Cursor, Filter, Limit, listed
from api.openapi import READING, answers, body_of, problems
from api.problems import missing
from api.replies import json_text
from api.schemas import ESCALATION_BODIES, EscalationBody, EscalationCreate
from api.submissions import PostDep, act_on_escalation, act_on_launch
from db import pages, read_model

router = APIRouter(tags=["escalations"])

Endpoint = Callable[..., Awaitable[Response]]


@router.get(
    "/escalations",
    dependencies=(*SIGNED_IN, NO_OTHER_FILTER),
    responses={200: {"model": EscalationList}, **problems((401, 422))},
    response_class=Response,
)
async def list_escalations(
    *,
    office: OfficeDep,
    state: Literal["open", "acknowledged", "resolved"] | None = None,
    launch: Filter = None,
    limit: Limit = LIMIT_DEFAULT,
    cursor: Cursor = None,
) -> Response:
    """In the order in which they were raised; `open` ones are not acknowledged yet."""
    async with office.database.read() as session:
        page = await pages.escalation_page(
            session, states=(state,) if state else (), launch=launch, limit=limit, cursor=cursor
        )
    return listed(page.items, page.next_cursor)


@router.get(
    "/escalations/{escalation}",
    dependencies=SIGNED_IN,
    responses={200: {"model": EscalationPublic}, **problems(READING)},
    response_class=Response,
)
async def get_escalation(office: OfficeDep, escalation: str) -> Response:
    async with office.database.read() as session:
        known = not wrong_text(escalation)
        found = await read_model.escalation(session, escalation) if known else None
    if found is None:
        raise missing("escalation", escalation)
    return json_text(found.document)


@router.post(
    "/launches/{launch}/escalations",
    status_code=201,
    responses=answers(201, EscalationReply),
    response_class=Response,
    openapi_extra=body_of(EscalationCreate),
)
async def raise_escalation(post: PostDep, launch: str) -> Response:
    """Put a question to the sponsor."""
    return await act_on_launch(post, launch, name="escalate", shape=EscalationCreate)


def _endpoint(name: str, shape: type[EscalationBody]) -> Endpoint:
    async def act(post: PostDep, escalation: str) -> Response:
        return await act_on_escalation(post, escalation, name=name, shape=shape)

    return act


for _name, _shape in ESCALATION_BODIES.items():
    router.add_api_route(
        f"/escalations/{{escalation}}/{_name}",
        _endpoint(_name, _shape),
        methods=["POST"],
        name=f"{_name}_escalation",
        summary=f"{_name.capitalize()} an escalation",
        operation_id=f"escalation_{_name}",
        responses=answers(200, EscalationReply),
        response_class=Response,
        openapi_extra=body_of(_shape),
    )
