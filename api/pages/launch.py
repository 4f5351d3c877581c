"""The page of a launch, the acts done on it, and the stream that tells it to look again."""

from collections.abc import AsyncIterator
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.deps import KnownLaunch, OfficeDep
from api.pages.acting import Attempted, done_address, heard, said_of
from api.pages.forms import Form, as_post, read_form
from api.pages.reader import Reader, ReaderDep, reader_of
from api.pages.render import page, see_other
from api.pages.sheets import SHEETS, VARIANTS, body_of, local_text
from api.pages.view import between, plan_with, terms_seen, view_of
from api.problems import Problem, missing
from api.routes.events import LIFETIME_SECONDS, resumed_after
from api.schemas import LAUNCH_BODIES, EscalationCreate, LaunchBody
from api.step_bodies import STEP_BODIES
from api.submissions import act_on_launch, act_on_step
from domain.words.desk import OF_A_LAUNCH

router = APIRouter(include_in_schema=False)

_WHOLE: Final[dict[str, type[LaunchBody]]] = {**LAUNCH_BODIES, "escalate": EscalationCreate}


@router.get("/launches/{launch}")
async def show_launch(reader: ReaderDep, launch: str, step: str | None = None) -> Response:
    return await launch_page(reader, launch, step)


@router.get(
    "/launches/{launch}/stream",
    dependencies=[Depends(reader_of)],
    response_class=EventSourceResponse,
)
async def stream_moves(
    office: OfficeDep, launch: KnownLaunch, after: Annotated[int, Depends(resumed_after)]
) -> AsyncIterator[ServerSentEvent]:
    """`moved` whenever the launch has: with what changed, the page asks again."""
    with office.feed.follow(launch) as watch:
        while await office.feed.reached(watch, after, LIFETIME_SECONDS):
            after = watch.seq
            yield ServerSentEvent(event="moved", id=str(after), raw_data=str(after))


@router.post("/launches/{launch}/steps/{step}/{act}")
async def act_on_the_step(reader: ReaderDep, launch: str, step: str, act: str) -> Response:
    """What the reader wants done on a step, as the API would do it."""
    form = await read_form(reader.request)
    return await do_on_step(reader, form, launch, step=step, act=act)


@router.post("/launches/{launch}/{act}")
async def act_on_the_launch(reader: ReaderDep, launch: str, act: str) -> Response:
    """What the reader wants done on the whole launch."""
    form = await read_form(reader.request)
    if act not in _WHOLE:
        raise missing("act", act)
    place = f"/launches/{launch}/{'escalations' if act == 'escalate' else act}"
    said = OF_A_LAUNCH.get(act, act)
    try:
        post = as_post(reader, form, place, body_of(form.said, reader.moments))
        outcome = await heard(act_on_launch(post, launch, name=act, shape=_WHOLE[act]))
    except Problem as problem:
        attempted = Attempted(said, form, problem, form.get("at") or None)
        return await _again(reader, launch, attempted)
    return see_other(done_address(_back(form, launch), said, outcome))


async def do_on_step(reader: Reader, form: Form, launch: str, *, step: str, act: str) -> Response:
    """The act, then on to the page it was sent from; or that page again, with what is wrong."""
    name = VARIANTS.get(act, act)
    if name not in STEP_BODIES:
        raise missing("act", act)
    view = await view_of(reader, launch, step)
    try:
        body = body_of(form.said, reader.moments, terms=terms_seen(view.step, form))
        post = as_post(reader, form, f"/launches/{launch}/steps/{step}/{name}", body)
        asked = act_on_step(post, launch, step, name=name, shape=STEP_BODIES[name])
        outcome = await heard(asked)
    except Problem as problem:
        return await _again(reader, launch, Attempted(act, form, problem, step))
    return see_other(done_address(_back(form, launch, step), act, outcome, step))


async def launch_page(
    reader: Reader,
    launch: str,
    step: str | None = None,
    attempted: Attempted | None = None,
) -> Response:
    """The page as it now is; after a refusal with what was tried."""
    view = await view_of(reader, launch, step, attempted)
    status = attempted.problem.status if attempted else 200
    context = {
        "view": view,
        "said": await said_of(reader),
        "launch": view.launch,
        "live": f"/launches/{launch}?step={quote(view.step['key'])}",
        "address": None if attempted else f"/launches/{launch}?step={quote(view.step['key'])}",
        "sheets": SHEETS,
        "local": local_text,
        "between": between,
        "plan_with": plan_with,
    }
    return page(reader, "launch.html.j2", status=status, context=context)


async def _again(reader: Reader, launch: str, attempted: Attempted) -> Response:
    """Refused: nothing of what was written is lost."""
    status = attempted.problem.status
    if status in (401, 404) or status >= 500:  # noqa: PLR2004 - HTTP
        raise attempted.problem
    return await launch_page(reader, launch, attempted.subject, attempted)


def _back(form: Form, launch: str, step: str | None = None) -> str:
    if form.get("next"):
        return form.next
    return f"/launches/{launch}" + (f"?step={step}" if step else "")
