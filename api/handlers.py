"""What becomes of exceptions: each leaves as a problem document, and none tells what is inside."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.deps import authenticate
from api.intake.errors import InvalidDocument
from api.pages.errors import is_for_people, refusal_page
from api.problems import Problem, internal, invalid, of_refusal
from api.replies import BASE, path_of, refused
from api.wording import field_errors
from domain.errors import Refusal

_log = structlog.get_logger()

_NOWHERE: Final[Mapping[int, tuple[str, str]]] = {
    HTTPStatus.NOT_FOUND: ("no_such_address", "There is nothing at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method_not_allowed", "This address takes no such request."),
}

_UNAVAILABLE: Final = (OperationalError, PoolTimeout)
"""The database does not answer, or all connections to it are waiting for that."""


def install(app: FastAPI) -> None:
    """Let the app answer with problems only."""
    known = (Problem, Refusal, InvalidDocument, RequestValidationError, *_UNAVAILABLE)
    for kind in known:
        app.add_exception_handler(kind, _refused)
    for status in _NOWHERE:
        app.add_exception_handler(status, _nowhere)
    app.add_exception_handler(Exception, _refused)


async def _refused(request: Request, error: Exception) -> Response:
    problem = _problem_of(error)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        is_known = isinstance(error, _UNAVAILABLE)
        _log.error(
            "request.failed",
            route=getattr(request.scope.get("route"), "path", "none"),
            reason=str(error.orig) if isinstance(error, OperationalError) else None,
            exc_info=None if is_known else error,
        )
    return await _answer(request, problem)


async def _nowhere(request: Request, error: Exception) -> Response:
    """An address that does not exist: who is not signed in hears of that first, as everywhere."""
    status: int = getattr(error, "status_code", HTTPStatus.NOT_FOUND)
    headers = getattr(error, "headers", None) or {}
    problem = Problem(status, *_NOWHERE[status], headers=headers)
    if request.scope["path"].startswith(BASE):
        try:
            await authenticate(request)
        except Problem as unauthenticated:
            problem = unauthenticated
    return await _answer(request, problem)


def _problem_of(error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case Refusal() | InvalidDocument():
            return of_refusal(error)
        case RequestValidationError():
            return invalid(field_errors(error.errors(), skip=1))
        case OperationalError() | PoolTimeout():
            detail = "The database does not answer at the moment; try again."
            return Problem(503, "unavailable", detail, headers={"Retry-After": "2"})
        case _:
            return internal()


async def _answer(request: Request, problem: Problem) -> Response:
    if is_for_people(request):
        return await refusal_page(request, problem)
    response = refused(problem, path_of(request)).response()
    response.headers.update(problem.headers)
    return response
