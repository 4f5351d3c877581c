"""The session of a browser: its cookie, and the guard against requests other sites make with it."""

from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request, Response

from api.office import Office
from api.problems import Problem
from db import access
from db.access import Holder

COOKIE: Final = "countersign_session"
LASTS: Final = timedelta(hours=12)
"""A working day; who comes the next morning signs in again."""

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


async def session_holder(office: Office, request: Request) -> Holder | None:
    """Whose browser it is, if anybody is signed in with it."""
    secret = request.cookies.get(COOKIE)
    if not secret:
        return None
    async with office.database.read() as session:
        return await access.person_of_session(session, secret, now=datetime.now(UTC))


def demand_same_origin(request: Request) -> None:
    """Raise 403 for a request that changes something and comes from a page of another site."""
    if is_foreign(request):
        raise foreign_origin()


def is_foreign(request: Request) -> bool:
    """Whether a request would change something and comes from a page of another site.

    Browsers say where a request comes from in `Sec-Fetch-Site`, older ones in `Origin`; what says
    neither is no browser, and nobody's cookie is in it against their will.
    """
    if request.method in _SAFE:
        return False
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site not in {"same-origin", "none"}
    return origin is not None and urlsplit(origin).netloc != request.url.netloc


def foreign_origin() -> Problem:
    message = "This request came from a page of another site and was not carried out."
    return Problem(403, "foreign_origin", message)


def remember(response: Response, request: Request, secret: str) -> None:
    """Let the browser keep its session: out of reach of scripts, and not sent by other sites."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def forget(response: Response) -> None:
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
