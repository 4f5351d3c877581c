"""Refusals on the wire: RFC 9457 problem documents with a stable `code`.

Everything the API refuses leaves through here, so that a person always gets the same shape:
`type title status detail instance code`, `errors` for 422, and where numbers help each of them as a
member of its own, all of them once more under `figures`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from api.intake.errors import FieldError, InvalidDocument
from api.wording import summary
from domain.canonical import plain
from domain.errors import Invalid, Refusal

MEDIA_TYPE: Final = "application/problem+json"

TITLES: Final[Mapping[str, str]] = {
    "unauthenticated": "Sign in first",
    "no_organisation": "This installation is empty",
    "malformed": "The request cannot be read",
    "too_large": "The request is too large",
    "invalid": "Some values cannot be used",
    "idempotency_mismatch": "This key was used for something else",
    "foreign_origin": "This came from another site",
    "another_person": "Somebody else is signed in now",
    "not_yours": "This is somebody else's to do",
    "four_eyes": "This takes a second person",
    "launch_closed": "The launch has ended",
    "launch_stopped": "The launch is stopped",
    "already_answered": "This was already answered",
    "wrong_state": "Not possible in this state",
    "terms_changed": "The terms have changed",
    "blocked_by_finding": "A finding stands before this",
    "pool_exhausted": "Not enough is left",
    "impossible_condition": "A signature cannot wait for this",
    "reminded_recently": "They were reminded a moment ago",
    "too_many_attempts": "Too many attempts",
    "code_taken": "This code is taken",
    "too_many_drafts": "Too many drafts",
    "plan_changed": "The plan changed while you wrote",
    "organisation_changed": "The organisation was changed meanwhile",
    "organisation_exists": "There is an organisation already",
    "wrong_password": "The password is not right",
    "method_not_allowed": "Not possible here",
    "unavailable": "Not possible at the moment",
    "internal": "Something went wrong on our side",
}
"""Every code but the `no_such_…` ones, with its short title."""


@dataclass
class Problem(Exception):
    """A refusal ready to be answered. `code` is stable, `detail` is for people."""

    status: int
    code: str
    detail: str
    errors: Sequence[FieldError] = ()
    figures: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def text(self, instance: str) -> str:
        """The problem document as JSON; `instance` is the path of the request it answers."""
        document: dict[str, object] = {
            "type": f"urn:countersign:problem:{self.code}",
            "title": title_of(self.code),
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "code": self.code,
        }
        if self.errors:
            document["errors"] = [
                {"field": e.path, "code": e.code, "message": e.message} for e in self.errors
            ]
        if self.figures:
            figures = plain(self.figures)
            beside = {name: value for name, value in figures.items() if name != "errors"}
            document = {**beside, **document, "figures": figures}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def unauthenticated(detail: str) -> Problem:
    """401, with the scheme a client should use."""
    return Problem(401, "unauthenticated", detail, headers={"WWW-Authenticate": "Bearer"})


def malformed(detail: str) -> Problem:
    return Problem(400, "malformed", detail)


def invalid(errors: Sequence[FieldError]) -> Problem:
    """422 with every error at once; `errors` is not empty."""
    return Problem(422, "invalid", summary(errors), errors=errors)


def unusable(code: str, field: str, detail: str) -> Problem:
    """422 for the one value that the launch finds unusable, under the code of the rule."""
    errors = (FieldError(field, code, detail),)
    return invalid(errors) if code == "invalid" else Problem(422, code, detail, errors=errors)


def missing(noun: str, name: str) -> Problem:
    """404 for something the request names; `noun` is one word, `name` what was asked for."""
    return Problem(404, f"no_such_{noun}", f"There is no {noun} “{name}”.", figures={noun: name})


def key_used() -> Problem:
    """409 for a key that was sent with another request."""
    message = "This Idempotency-Key was sent before with another request; take a new one."
    return Problem(409, "idempotency_mismatch", message)


def internal() -> Problem:
    """500 without a word of what happened inside."""
    return Problem(500, "internal", "This should not have happened. Nothing was changed by it.")


def of_refusal(refusal: Refusal | InvalidDocument) -> Problem:
    """The problem a domain refusal stands for."""
    if isinstance(refusal, InvalidDocument):
        return invalid(refusal.errors)
    if isinstance(refusal, Invalid):
        return unusable(refusal.code, refusal.field, refusal.detail)
    return Problem(refusal.status, refusal.code, refusal.detail, figures=refusal.figures)


def title_of(code: str) -> str:
    """The short title of a code."""
    if code in TITLES:
        return TITLES[code]
    thing = code.removeprefix("no_such_").replace("_", " ")
    return "Not possible" if thing == code.replace("_", " ") else f"There is no such {thing}"
