"""Post-mortems: listed, shown, opened, written, talked about and, for a reason, told with names."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from fastapi import APIRouter, Response

import api.actions
import api.lessons
from api import postmortems as records
from api.bodies import validated
from api.deps import SIGNED_IN, KnownLaunch, OfficeDep, known_launch
from api.here import Work, perform_here
from api.intake.lesson import LessonDocument
from api.listing import LIMIT_DEFAULT, NO_OTHER_FILTER, Cursor, Limit, listed
from api.office import Office
from api.openapi import READING, answers, body_of, problems
from api.postmortem_bodies import (
    ActionCreate,
    CommentCreate,
    PostMortemChange,
    PostMortemOpen,
    PostMortemReveal,
)
from api.postmortem_documents import (
    ActionList,
    ActionRequestedPublic,
    CommentPublic,
    LessonProposedPublic,
    NamesPublic,
    PostMortemChanged,
    PostMortemList,
    PostMortemPublic,
)
from api.problems import missing
from api.refusals import audited
from api.replies import json_text
from api.shapes import Shape
from api.submissions import Post, PostDep
from db import actions, postmortems
from db.projection import text_of
from domain.postmortem.record import State

ShapeT = TypeVar("ShapeT", bound=Shape)

router = APIRouter(tags=["post-mortem"])
PLACE = "/launches/{launch}/postmortem"
WRITING = problems((400, 401, 403, 404, 409, 413, 422))


@router.get(
    "/postmortems",
    dependencies=(*SIGNED_IN, NO_OTHER_FILTER),
    responses={200: {"model": PostMortemList}, **problems((401, 422))},
    response_class=Response,
)
async def list_postmortems(
    *,
    office: OfficeDep,
    state: State | None = None,
    limit: Limit = LIMIT_DEFAULT,
    cursor: Cursor = None,
) -> Response:
    """Newest first."""
    async with office.database.read() as session:
        page = await postmortems.page(session, state=state, limit=limit, cursor=cursor)
    items = await records.listed(office, page)
    return listed([text_of(item) for item in items], page.next_cursor)


@router.get(
    PLACE,
    dependencies=SIGNED_IN,
    responses={200: {"model": PostMortemPublic}, **problems(READING)},
    response_class=Response,
)
async def get_postmortem(office: OfficeDep, launch: KnownLaunch) -> Response:
    """The record, with the facts of its run. Nobody is named in it."""
    return json_text(text_of(await records.shown(office, launch)))


@router.post(
    PLACE,
    status_code=201,
    responses={201: {"model": PostMortemPublic}, 200: {"model": PostMortemPublic}, **WRITING},
    response_class=Response,
    openapi_extra=body_of(PostMortemOpen),
)
async def open_postmortem(post: PostDep, launch: str) -> Response:
    """Open one of a closed run that opened none by itself."""
    return await _write(post, launch, "open-postmortem", shape=PostMortemOpen, doing=_opening)


@router.patch(
    PLACE,
    responses={200: {"model": PostMortemChanged}, **WRITING},
    response_class=Response,
    openapi_extra=body_of(PostMortemChange),
)
async def change_postmortem(post: PostDep, launch: str) -> Response:
    """Facilitators write; a second person publishes. `scrubbed` says which names were taken out."""
    return await _write(post, launch, "change-postmortem", shape=PostMortemChange, doing=_changing)


@router.post(
    f"{PLACE}/comments",
    status_code=201,
    responses={201: {"model": CommentPublic}, **WRITING},
    response_class=Response,
    openapi_extra=body_of(CommentCreate),
)
async def comment(post: PostDep, launch: str) -> Response:
    """Say something beside the record."""
    return await _write(post, launch, "comment-postmortem", shape=CommentCreate, doing=_commenting)


@router.post(
    f"{PLACE}/actions",
    status_code=201,
    responses=answers(201, ActionRequestedPublic),
    response_class=Response,
    openapi_extra=body_of(ActionCreate),
)
async def request_action(post: PostDep, launch: str) -> Response:
    """Ask a module for something, as a launch of one step; the caller is its planner."""
    return await api.actions.request_action(post, launch)


@router.post(
    f"{PLACE}/lessons",
    status_code=201,
    responses=answers(201, LessonProposedPublic),
    response_class=Response,
    openapi_extra=body_of(LessonDocument),
)
async def propose_lesson(post: PostDep, launch: str) -> Response:
    """Put a change to a template to the modules that it touches; the caller is its planner."""
    return await api.lessons.propose_lesson(post, launch)


@router.get(
    "/actions",
    dependencies=(*SIGNED_IN, NO_OTHER_FILTER),
    responses={200: {"model": ActionList}, **problems((401, 422))},
    response_class=Response,
)
async def list_actions(
    *,
    office: OfficeDep,
    state: actions.Standing = "open",
    limit: Limit = LIMIT_DEFAULT,
    cursor: Cursor = None,
) -> Response:
    """Actions of all published post-mortems, the most urgent first."""
    now = datetime.now(UTC)
    async with office.database.read() as session:
        page = await actions.page(session, state, now=now, limit=limit, cursor=cursor)
    items = await api.actions.listed(office, page, now)
    return listed([text_of(item) for item in items], page.next_cursor)


@router.post(
    f"{PLACE}/reveal",
    responses={200: {"model": NamesPublic}, **WRITING},
    response_class=Response,
    openapi_extra=body_of(PostMortemReveal),
)
async def reveal(post: PostDep, launch: str) -> Response:
    """Who stands behind the pseudonyms, for a reason that stays in the record's ledger."""
    return await _write(post, launch, "reveal", shape=PostMortemReveal, doing=_revealing)


async def _write(
    post: Post, launch: str, name: str, *, shape: type[ShapeT], doing: Callable[[ShapeT, str], Work]
) -> Response:
    """401, 400, 404 and 422 come before the key; who may and what is possible comes after it."""
    attempt = post.attempt(name, launch)
    async with audited(post.office, attempt):
        key, body = await post.read()
        await known_launch(launch, post.office)
        if shape is not PostMortemOpen:
            await _known(post.office, launch)
        asked = validated(body, shape)
    reply = await perform_here(
        post.office,
        attempt,
        key=key,
        fingerprint=post.fingerprint(body),
        work=doing(asked, launch),
    )
    return reply.response()


async def _known(office: Office, launch: str) -> None:
    async with office.database.read() as session:
        if await postmortems.find(session, launch) is None:
            raise missing("postmortem", launch)


def _opening(_: PostMortemOpen, launch: str) -> Work:
    return partial(records.opened, launch=launch)


def _changing(asked: PostMortemChange, launch: str) -> Work:
    return partial(records.changed, launch=launch, body=asked)


def _commenting(asked: CommentCreate, launch: str) -> Work:
    return partial(records.commented, launch=launch, text=asked.text)


def _revealing(asked: PostMortemReveal, launch: str) -> Work:
    return partial(records.revealed, launch=launch, reason=asked.reason)
