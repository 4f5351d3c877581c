"""Acts on a step: one route per act of the table, all of them the same way."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Response

from api.documents import LaunchPublic
from api.openapi import answers, body_of
from api.step_bodies import STEP_BODIES, StepBody
from api.submissions import PostDep, act_on_step

router = APIRouter(tags=["commitments"])

Endpoint = Callable[..., Awaitable[Response]]


def _endpoint(name: str, shape: type[StepBody]) -> Endpoint:
    async def act(post: PostDep, launch: str, step: str) -> Response:
        return await act_on_step(post, launch, step, name=name, shape=shape)

    return act


for _name, _shape in STEP_BODIES.items():
    router.add_api_route(
        f"/launches/{{launch}}/steps/{{step}}/{_name}",
        _endpoint(_name, _shape),
        methods=["POST"],
        name=_name,
        summary=f"{_name.capitalize()} a commitment",
        operation_id=f"step_{_name}",
        responses=answers(200, LaunchPublic),
        response_class=Response,
        openapi_extra=body_of(_shape),
    )
