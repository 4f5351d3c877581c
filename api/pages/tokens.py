"""One's own ways in: tokens for programs, the password, and the end of all sessions.

A token is shown in the answer to the form that made it and nowhere else: only its digest is kept,
and the form sent again makes no second one.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from fastapi import APIRouter, Response

from api.here import Done, Turn, perform_here
from api.intake.errors import FieldError
from api.intake.plain import wrong_text
from api.organisations import demand_done
from api.pages.acting import Attempted
from api.pages.forms import Form, demand_opener, key_of, read_form
from api.pages.here import address_of
from api.pages.reader import Reader, ReaderDep
from api.pages.render import page, see_other
from api.passwords import demand_right, hashed
from api.problems import Problem, invalid
from api.refusals import Attempt
from api.replies import path_of
from api.sessions import LASTS, forget, remember
from db import access
from domain.canonical import rfc3339

router = APIRouter(include_in_schema=False)

LONGEST_LABEL: Final = 100
LONGEST_DAYS: Final = 3650
USUAL_DAYS: Final = 90
_ID: Final = re.compile(r"[0-9a-f]{16}")
_log = structlog.get_logger()


@router.get("/tokens")
async def show_tokens(reader: ReaderDep) -> Response:
    return await _tokens(reader)


@router.post("/tokens")
async def create_token(reader: ReaderDep) -> Response:
    """A new token, in this answer only."""
    form = await read_form(reader.request)
    made: dict[str, str] = {}
    try:
        demand_opener(reader, form)
        label, days = _wanted(form)

        async def work(turn: Turn) -> Done:
            now = datetime.now(UTC)
            made["token"] = await access.create_token(
                turn.session, reader.person, days=days, now=now, label=label
            )
            return Done(201, "{}")

        attempt = Attempt(person=reader.person, path=path_of(reader.request), act="create-token")
        fingerprint = hashlib.sha256(json.dumps([label, days]).encode()).hexdigest()
        reply = await perform_here(
            reader.office, attempt, key=key_of(form), fingerprint=fingerprint, work=work
        )
        demand_done(reply)
    except Problem as problem:
        return await _tokens(reader, tried=Attempted("token", form, problem))
    return await _tokens(reader, shown={"token": made.get("token"), "label": label})


@router.post("/tokens/revoke")
async def revoke_token(reader: ReaderDep) -> Response:
    """From now on it opens nothing; one that is gone already stays gone."""
    form = await read_form(reader.request)
    demand_opener(reader, form)
    if _ID.fullmatch(form.get("token")):
        async with reader.office.database.write() as session:
            await access.revoke_token(session, reader.person, form.get("token"))
    return see_other("/tokens?done=revoked")


@router.post("/tokens/password")
async def change_password(reader: ReaderDep) -> Response:
    """Another password; who is signed in elsewhere is not any more."""
    form = await read_form(reader.request)
    request, office = reader.request, reader.office
    try:
        demand_opener(reader, form)
        where = address_of(reader.request)
        await demand_right(reader.office, reader.person, form.get("current"), where)
        hash_ = await _chosen(form)
    except Problem as problem:
        return await _tokens(reader, tried=Attempted("password", form, problem))
    now = datetime.now(UTC)
    async with office.database.write() as session:
        await access.set_password(session, reader.person, hash_, now=now)
        secret = await access.open_session(session, reader.person, lasts=LASTS, now=now)
    _log.info("password.changed")
    response = see_other("/tokens?done=password")
    remember(response, request, secret)
    return response


@router.post("/tokens/sign-out")
async def sign_out_everywhere(reader: ReaderDep) -> Response:
    """Every session of the reader ends, this one too; tokens stay."""
    demand_opener(reader, await read_form(reader.request))
    async with reader.office.database.write() as session:
        await access.close_sessions(session, reader.person)
    response = see_other("/sign-in")
    forget(response)
    return response


async def _tokens(
    reader: Reader,
    *,
    tried: Attempted | None = None,
    shown: Mapping[str, Any] | None = None,
) -> Response:
    now = datetime.now(UTC)
    async with reader.office.database.read() as session:
        known = await access.tokens_of(session, reader.person, now=now)
        has_password = await access.password_hash(session, reader.person) is not None
    context = {
        "tokens": [
            {
                "id": t.id,
                "label": t.label,
                "since": rfc3339(t.created_at),
                "until": rfc3339(t.expires_at),
            }
            for t in known
        ],
        "has_password": has_password,
        "tried": tried,
        "shown": shown,
        "usual_days": USUAL_DAYS,
        "longest_days": LONGEST_DAYS,
        "longest_label": LONGEST_LABEL,
        "path": "/tokens",
        "address": "/tokens",
    }
    status = tried.problem.status if tried else 200
    return page(reader, "tokens.html.j2", status=status, context=context)


def _wanted(form: Form) -> tuple[str, int]:
    """What the token is for and how long it is good. Raises 422 with everything that is wrong."""
    label, days, wrong = form.get("label").strip(), form.get("days").strip(), []
    if not label:
        wrong.append(FieldError("label", "missing", "must not be empty"))
    elif len(label) > LONGEST_LABEL:
        message = f"has more than {LONGEST_LABEL} characters"
        wrong.append(FieldError("label", "too_long", message))
    elif unstorable := wrong_text(label):
        wrong.append(FieldError("label", *unstorable))
    is_number = days.isascii() and days.isdecimal() and len(days) <= len(str(LONGEST_DAYS))
    if not is_number or not 1 <= int(days) <= LONGEST_DAYS:
        message = f"must be a whole number from 1 to {LONGEST_DAYS}"
        wrong.append(FieldError("days", "out_of_range", message))
    if wrong:
        raise invalid(wrong)
    return label, int(days)


async def _chosen(form: Form) -> str:
    """The hash of the new password, typed twice."""
    password = form.get("password")
    if password != form.get("again"):
        message = "The two passwords are not the same."
        raise invalid((FieldError("password", "not_same", message),))
    try:
        return await hashed(password)
    except Problem as problem:
        raise invalid((FieldError("password", "password", problem.detail),)) from problem
