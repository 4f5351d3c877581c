"""The OpenAPI document: what routes read and answer, although they do both by hand.

Bodies are parsed by `bodies` so that refusals come in their order; here their shapes are written
into the document all the same, together with every type of event and its data.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from api.documents import CommandPublic, ProblemPublic
from api.intake.lesson import LessonDocument
from api.intake.plan_document import PlanDocument
from api.postmortem_bodies import (
    ActionCreate,
    CommentCreate,
    PostMortemChange,
    PostMortemOpen,
    PostMortemReveal,
)
from api.problems import MEDIA_TYPE
from api.schemas import ESCALATION_BODIES, LAUNCH_BODIES, EscalationCreate, InboxRead
from api.step_bodies import STEP_BODIES
from api.whatif import WhatIf
from domain.events import Event

REFERENCE: Final = "#/components/schemas/{model}"
BODIES: Final[tuple[type[BaseModel], ...]] = (
    *STEP_BODIES.values(),
    *LAUNCH_BODIES.values(),
    *ESCALATION_BODIES.values(),
    EscalationCreate,
    InboxRead,
    PlanDocument,
    WhatIf,
    PostMortemOpen,
    PostMortemChange,
    PostMortemReveal,
    CommentCreate,
    ActionCreate,
    LessonDocument,
)

Responses = dict[int | str, dict[str, Any]]

_REASONS: Final[Mapping[int, str]] = {
    400: "`malformed`",
    401: "`unauthenticated`",
    403: "`not_yours`, `four_eyes`",
    404: "`no_such_…`",
    409: "A rule stands against it; `code` says which",
    413: "`too_large`",
    422: "`invalid`, with every error in `errors`; `impossible_condition`",
    429: "`reminded_recently`, with `again_at`",
}
READING: Final = (401, 404, 422)
ACTING: Final = (400, 401, 403, 404, 409, 413, 422, 429)


_EVENTS: Final = {
    "type": "object",
    "required": ["items", "next_cursor"],
    "properties": {
        "items": {"type": "array", "items": {"$ref": REFERENCE.format(model="Event")}},
        "next_cursor": {"type": ["string", "null"]},
    },
}


def body_of(shape: type[BaseModel]) -> dict[str, Any]:
    """The `openapi_extra` of a route that reads this body under an idempotency key."""
    schema = {"$ref": REFERENCE.format(model=shape.__name__)}
    return {
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "Same key and request: same reply. Same key, other request: 409.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 200},
            }
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "security": [{"HTTPBearer": []}],
    }


def problems(statuses: Iterable[int]) -> Responses:
    """Problem documents as responses of a route."""
    schema = {"$ref": REFERENCE.format(model=ProblemPublic.__name__)}
    return {
        status: {"description": _REASONS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }


def answers(status: int, shape: type[BaseModel]) -> Responses:
    """The responses of an act: its own, 202, and every way of refusing it."""
    accepted = "The outcome is not known yet; `Location` says where it will stand."
    return {
        status: {"model": shape, "description": "Done."},
        202: {"model": CommandPublic, "description": accepted},
        **problems(ACTING),
    }


def publish(app: FastAPI) -> None:
    """Let the app serve the document with all that FastAPI cannot see."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(
                title=app.title, version=app.version, summary=app.summary, routes=app.routes
            )
            found["components"]["schemas"].update(_schemas())
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _schemas() -> dict[str, Any]:
    shapes: tuple[type[BaseModel], ...] = (*BODIES, ProblemPublic)
    _, found = models_json_schema(
        [(shape, "validation") for shape in shapes], ref_template=REFERENCE
    )
    schemas: dict[str, Any] = found["$defs"]
    data = {kind.__name__: _data(kind, schemas) for kind in get_args(Event)}
    schemas.update(data)
    return {**schemas, "Event": _event(data), "EventList": _EVENTS}


def _data(kind: type, schemas: dict[str, Any]) -> dict[str, Any]:
    """The schema of an event's `data`: its fields without the two that stand beside it."""
    schema = TypeAdapter(kind).json_schema(mode="serialization", ref_template=REFERENCE)
    for name, part in schema.pop("$defs", {}).items():
        schemas.setdefault(name, part)
    for beside in ("kind", "step"):
        schema["properties"].pop(beside, None)
    schema["required"] = [name for name in schema["properties"] if name in schema["required"]]
    return schema


def _event(types: Iterable[str]) -> dict[str, Any]:
    """One event of the ledger; which schema its `data` has, its `type` says."""
    text = {"type": "string"}
    nullable = {"type": ["string", "null"]}
    names = list(types)
    return {
        "type": "object",
        "required": ["seq", "at", "type", "step", "actor", "data", "prev_hash", "hash"],
        "properties": {
            "seq": {"type": "integer", "minimum": 1},
            "at": {"type": "string", "format": "date-time"},
            "type": {"type": "string", "enum": names},
            "step": nullable,
            "actor": text,
            "data": {"anyOf": [{"$ref": REFERENCE.format(model=name)} for name in names]},
            "prev_hash": text,
            "hash": text,
        },
    }
