"""What a reader sees of a refusal that no page of its own can show: what happened, what to do."""

from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from fastapi import Request, Response
from sqlalchemy.exc import SQLAlchemyError

from api.pages.doors import is_signed_in, keep_form
from api.pages.forms import form_read
from api.pages.languages import language_of
from api.pages.reader import Reader, reader_of
from api.pages.render import bare_page, see_other
from api.problems import Problem
from api.replies import BASE
from api.sessions import foreign_origin, is_foreign
from domain.canonical import rfc3339

_OTHERS: Final = (BASE, "/healthz", "/readyz", "/static/")
_UNAUTHENTICATED: Final = 401


def is_for_people(request: Request) -> bool:
    """Whether the address is one of a page, whose refusals are pages too."""
    return not request.url.path.startswith(_OTHERS)


async def refusal_page(request: Request, problem: Problem) -> Response:
    """A page for the problem; who has to sign in first is brought there, with what they sent."""
    if request.url.path.endswith("/stream"):
        return Response(status_code=problem.status)
    if "hx-request" in request.headers:
        return _said_beside(problem)
    if problem.status == _UNAUTHENTICATED and is_foreign(request):
        # Another site's form, which came without the cookie: nothing of it is anybody's to keep.
        problem = foreign_origin()
    if problem.status == _UNAUTHENTICATED:
        if request.method != "GET":
            return await keep_form(request)
        query = f"?{request.url.query}" if request.url.query else ""
        return see_other(f"/sign-in?next={_quoted(request.url.path + query)}")
    me = await _reader(request, problem)
    form = None if is_foreign(request) else form_read(request)
    if form and form.without_secrets != form.fields:
        form = None  # a password is typed again, where it was typed
    context = {
        "problem": problem,
        "me": me,
        "is_reading": request.method == "GET",
        "kept": form,
        "now": rfc3339(datetime.now(UTC).replace(microsecond=0)),
    }
    response = bare_page(
        request, language_of(request), "problem.html.j2", status=problem.status, context=context
    )
    response.headers.update(problem.headers)
    return response


def _said_beside(problem: Problem) -> Response:
    """A part that is drawn anew is left as it is, with what is being typed in it, and the page says
    what is the matter.
    """
    event = "signed-out" if problem.status == _UNAUTHENTICATED else "not-drawn"
    return Response(status_code=204, headers={"HX-Trigger": event})


async def _reader(request: Request, problem: Problem) -> Reader | None:
    """Who reads it, where that can be told now; a refusal has to be answered without them too, also
    one of what another site sent to an address there is not.
    """
    if problem.status >= 500 or problem.code == "foreign_origin":  # noqa: PLR2004 - HTTP
        return None
    try:
        return await reader_of(request) if await is_signed_in(request) else None
    except (Problem, SQLAlchemyError):
        return None


def _quoted(address: str) -> str:
    return quote(address, safe="/")
