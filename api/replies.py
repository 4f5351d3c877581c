"""Answers as stored and as sent: a status and the JSON text, never parsed on the way."""

from dataclasses import dataclass
from typing import Final

from fastapi import Request, Response

from api.problems import MEDIA_TYPE, Problem

BASE: Final = "/api/v1"


@dataclass(frozen=True, slots=True)
class Reply:
    """A final or preliminary answer; `location` where something was created or is under way."""

    status: int
    text: str
    location: str | None = None

    def response(self) -> Response:
        media_type = "application/json" if self.status < 400 else MEDIA_TYPE  # noqa: PLR2004 - HTTP
        headers = {} if self.location is None else {"Location": self.location}
        return Response(self.text, self.status, headers, media_type)


def refused(problem: Problem, instance: str) -> Reply:
    return Reply(problem.status, problem.text(instance))


def json_text(text: str) -> Response:
    """200 with a document as it stands in the database."""
    return Response(text, media_type="application/json")


def path_of(request: Request) -> str:
    """The path as it was sent, percent-encoded."""
    raw: bytes = request.scope["raw_path"]
    return raw.decode("ascii", "replace")
