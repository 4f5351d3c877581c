"""Acts nobody knows: refused in the same order and with the same audit as those that exist.

Comes after all other routes, because it matches whatever they leave.
"""

from fastapi import APIRouter, Response

from api.submissions import PostDep, act_on_escalation, act_on_launch, act_on_step

router = APIRouter(include_in_schema=False)


@router.post("/launches/{launch}/steps/{step}/{act}")
async def unknown_step_act(post: PostDep, launch: str, step: str, act: str) -> Response:
    return await act_on_step(post, launch, step, name=act, shape=None)


@router.post("/launches/{launch}/{act}")
async def unknown_launch_act(post: PostDep, launch: str, act: str) -> Response:
    return await act_on_launch(post, launch, name=act, shape=None)


@router.post("/escalations/{escalation}/{act}")
async def unknown_escalation_act(post: PostDep, escalation: str, act: str) -> Response:
    return await act_on_escalation(post, escalation, name=act, shape=None)
