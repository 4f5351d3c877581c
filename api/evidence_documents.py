"""The shapes of evidence, for the OpenAPI document and its readers."""

from datetime import datetime

from pydantic import BaseModel

from api.step_documents import State


class SignablePublic(BaseModel):
    """`digest` is `sha256:` and the hex SHA-256 of `text` in UTF-8 (RFC 8785)."""

    launch: str
    step: str
    attempt: int
    version: int
    state: State
    digest: str
    text: str


class RefusalPublic(BaseModel):
    """Who tried what, and the code of the rule that stood against it."""

    at: datetime
    method: str
    path: str
    status: int
    code: str
    detail: str
    person: str | None
    act: str | None
    launch: str | None
    step: str | None
    command: str | None


class RefusalList(BaseModel):
    """Newest first; `next_cursor` is null at the end."""

    items: list[RefusalPublic]
    next_cursor: str | None
