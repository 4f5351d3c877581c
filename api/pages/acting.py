"""Acts sent by forms: each becomes the same request as the API takes, and goes the same way.

Whatever is refused comes back as the page it was sent from, with what was written still in it.
"""

import json
from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import Response

from api.intake.errors import FieldError, InvalidDocument
from api.intake.plain import wrong_text
from api.pages.forms import Form
from api.pages.reader import Reader
from api.problems import Problem, of_refusal
from db import commands
from db.replies import reply_text
from domain.errors import Refusal

_WRITTEN: Final = (
    *("reason", "text", "note", "evidence", "link"),
    *("terms.deliverable", "terms.conditions[]"),
)


@dataclass(frozen=True, slots=True)
class Attempted:
    """An act that was tried on a page and refused: what was filled in, and what stands against."""

    act: str
    form: Form
    problem: Problem
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of an act: its reply, or the id of the command that is still under way."""

    reply: dict[str, Any] = field(default_factory=dict)
    pending: str | None = None


async def heard(asked: Awaitable[Response]) -> Heard:
    """What the API answers. Whatever it refuses is raised as a Problem."""
    try:
        response = await asked
    except (Refusal, InvalidDocument) as refusal:
        raise of_refusal(refusal) from refusal
    document = json.loads(bytes(response.body) or b"{}")
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        raise _problem(document)
    if response.status_code == HTTPStatus.ACCEPTED:
        return Heard(pending=str(document["id"]))
    return Heard(reply=document)


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says of what was done before it: the act, of which module; or the state of a
    command that took longer, its refusal with what was written, or the launch it has started.
    `address` is where to look again.
    """

    done: str = ""
    of: str = ""
    state: str = ""
    problem: Problem | None = None
    written: Form | None = None
    launch: str | None = None
    address: str = ""


async def said_of(reader: Reader) -> Said:
    """What the address of a page asks to be said. A link of another site says nothing."""
    asked = reader.request.query_params
    done, of, command = (asked.get(name, "") for name in ("done", "of", "pending"))
    if not command or wrong_text(command):
        is_ours = reader.request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
        return Said(done, of if of in reader.names.modules else "") if is_ours else Said()
    async with reader.office.database.read() as session:
        found = await commands.get(session, command)
        reply = await reply_text(session, found) if found else None
    if found is None or found.person != reader.person:
        return Said()
    document = json.loads(reply or "{}")
    if found.state == "refused":
        written = Form(dict(_texts(json.loads(found.payload)["command"]["act"])))
        return Said(state=found.state, problem=_problem(document), written=written)
    started = document.get("id") if found.act == "start" else None
    address = f"{reader.request.url.path}?{reader.request.url.query}"
    return Said(state=found.state, launch=started, address=address)


def done_address(address: str, act: str, outcome: Heard, subject: str | None = None) -> str:
    """The page to go on to, which says what was done."""
    said = {"pending": outcome.pending} if outcome.pending else {"done": act}
    if subject:
        said["of"] = subject
    place, _, fragment = address.partition("#")
    path, _, query = place.partition("?")
    kept = [
        part
        for part in query.split("&")
        if part and not part.startswith(("done=", "of=", "pending="))
    ]
    joined = "&".join([*kept, urlencode(said)])
    return f"{path}?{joined}" + (f"#{quote(fragment)}" if fragment else "")


def _texts(act: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, str]]:
    """What a person wrote in an act, by the names of its fields in forms."""
    for name, value in act.items():
        if isinstance(value, dict):
            yield from _texts(value, f"{place}{name}.")
        elif isinstance(value, str) and f"{place}{name}" in _WRITTEN:
            yield f"{place}{name}", value
        elif isinstance(value, list) and f"{place}{name}[]" in _WRITTEN:
            yield f"{place}{name}[]", "\n".join(value)


def _problem(document: dict[str, Any]) -> Problem:
    """A refusal as it was answered, made again from its document."""
    return Problem(
        status=document["status"],
        code=document["code"],
        detail=document["detail"],
        errors=tuple(
            FieldError(one["field"], one["code"], one["message"])
            for one in document.get("errors", ())
        ),
        figures=document.get("figures", {}),
    )
