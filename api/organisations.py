"""The organisation as one document that an administrator changes: read, judged, compared, saved.

Whoever changes it says by its digest which document they saw; what somebody else changed meanwhile
is never overwritten unseen. `org import` reads the same document by the same rules.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import structlog

from api.here import Done, Turn, perform_here
from api.intake.errors import InvalidDocument
from api.intake.organisation import read_organisation
from api.intake.organisation_dump import organisation_text
from api.intake.text import load_yaml
from api.office import Office
from api.problems import Problem, missing
from api.refusals import Attempt, audited
from api.replies import Reply
from db import directory
from domain.errors import Missing, NotYours, Refusal
from domain.organisation import Organisation
from domain.organisation_changes import ADMIN, Caution, Change, cautions, changes

_log = structlog.get_logger()
_ONLY_ADMINS: Final = "Only an administrator changes the organisation."


class OrganisationChanged(Refusal):
    """Somebody else saved another organisation since this one was opened."""

    code = "organisation_changed"


class NoSuchOrganisation(Missing):
    code = "no_such_organisation"
    noun = "organisation"


@dataclass(frozen=True, slots=True)
class Review:
    """What would be saved in place of the organisation there is."""

    organisation: Organisation
    changes: tuple[Change, ...]
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """How the organisation should become another one: `make` says what, from the one that stands.

    `seen` is the digest of the one that was looked at, `key` makes it happen once, `fingerprint` is
    what the key is bound to; `is_sure` where cautions were read.
    """

    attempt: Attempt
    make: Callable[[Organisation], Organisation]
    seen: str
    key: str
    fingerprint: str
    is_sure: bool = False


@dataclass
class Doubtful(Exception):
    """What would be saved should be looked at once more; nothing is changed."""

    review: Review


def digest_of(organisation: Organisation) -> str:
    """What tells one state of an organisation from another."""
    return hashlib.sha256(organisation_text(organisation).encode()).hexdigest()


def read_text(text: str) -> Organisation:
    """The organisation a YAML text says. InvalidDocument carries every error of it."""
    return read_organisation(load_yaml(text))


def review(before: Organisation, after: Organisation, person: str) -> Review:
    return Review(after, changes(before, after), cautions(before, after, person))


async def current(office: Office) -> Organisation:
    """The organisation as it stands, or 404 before the first import."""
    async with office.database.read() as session:
        found = await directory.load(session)
    if found is None:
        raise missing("organisation", "")
    return found


async def demand_admin(office: Office, attempt: Attempt, roles: tuple[str, ...]) -> None:
    """403 for everybody else, with a row in the audit."""
    async with audited(office, attempt):
        if ADMIN not in roles:
            raise NotYours(_ONLY_ADMINS)


async def save(office: Office, edit: Edit) -> None:
    """Make it the organisation. Raises 403, 422, or 409 where another one was saved meanwhile, and
    Doubtful; saving what stands there already is done.
    """

    async def work(turn: Turn) -> Done:
        if ADMIN not in turn.writer.posts:
            raise NotYours(_ONLY_ADMINS)
        await turn.session.lock("organisation")
        before = await directory.load(turn.session)
        if before is None:
            raise NoSuchOrganisation("")
        after = edit.make(before)
        if digest_of(before) not in (edit.seen, digest_of(after)):
            raise OrganisationChanged("Somebody else changed the organisation since you opened it.")
        found = review(before, after, turn.writer.person)
        if found.cautions and not edit.is_sure:
            raise Doubtful(found)
        await directory.save(turn.session, after)
        return Done(200, "{}")

    attempt = edit.attempt
    async with audited_422(office, attempt):
        reply = await perform_here(
            office, attempt, key=edit.key, fingerprint=edit.fingerprint, work=work
        )
    demand_done(reply)
    _log.info("organisation.saved", person=attempt.person)


@asynccontextmanager
async def audited_422(office: Office, attempt: Attempt) -> AsyncIterator[None]:
    """A document that cannot be used leaves a row too; its key is used up by nothing."""
    try:
        yield
    except InvalidDocument:
        async with audited(office, attempt):
            raise


def demand_done(reply: Reply) -> dict[str, Any]:
    """What was answered; a refusal is raised as the Problem it is."""
    document: dict[str, Any] = json.loads(reply.text or "{}")
    if reply.status < 400:  # noqa: PLR2004 - HTTP
        return document
    raise Problem(
        reply.status, document["code"], document["detail"], figures=document.get("figures", {})
    )
