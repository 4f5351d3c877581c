"""The organisation: seen by everybody in it, changed by its administrators.

A change is the same document as `org import` takes, judged by the same rules; short forms make one
from the document there is. Nothing that somebody else saved meanwhile is overwritten unseen.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from api.here import Done, Turn, perform_here
from api.intake.errors import InvalidDocument
from api.intake.organisation_dump import organisation_text
from api.intake.plain import wrong_text
from api.organisations import (
    Doubtful,
    Edit,
    Review,
    current,
    demand_admin,
    demand_done,
    digest_of,
    read_text,
    review,
    save,
)
from api.pages.acting import Attempted
from api.pages.forms import LARGEST_FORM, Form, demand_opener, key_of, read_form
from api.pages.organisation_forms import (
    Make,
    with_blackout,
    with_override,
    with_person,
    without_blackout,
    without_override,
    without_person,
)
from api.pages.organisation_views import calendar_page, overview_page, people_page, rules_page
from api.pages.reader import Reader, ReaderDep
from api.pages.render import page, see_other
from api.problems import Problem, invalid, missing, of_refusal
from api.refusals import Attempt
from api.replies import path_of
from db import access, directory
from domain.organisation_changes import ADMIN

router = APIRouter(include_in_schema=False)

INVITED_DAYS: Final = 7
EDIT: Final = "/organisation/edit"
PEOPLE: Final = "/organisation/people"


@router.get("/organisation")
async def show_organisation(reader: ReaderDep) -> Response:
    return await overview_page(reader)


@router.get(PEOPLE)
async def show_people(
    reader: ReaderDep, edit: Annotated[str | None, Query(max_length=200)] = None
) -> Response:
    return await people_page(reader, edited=edit if reader.holds(ADMIN) else None)


@router.get("/organisation/rules")
async def show_rules(reader: ReaderDep) -> Response:
    return await rules_page(reader)


@router.get("/organisation/calendar")
async def show_calendar(reader: ReaderDep) -> Response:
    return await calendar_page(reader)


# -- the whole document ----------------------------------------------------------------------------


@router.get(EDIT)
async def show_document(reader: ReaderDep) -> Response:
    await _demand_admin(reader, "change-organisation")
    organisation = await current(reader.office)
    return _document(reader, organisation_text(organisation), digest_of(organisation))


@router.post(EDIT)
async def change_document(reader: ReaderDep) -> Response:
    """Look at what a text would change, or save what was looked at."""
    await _demand_admin(reader, "change-organisation")
    form = await read_form(reader.request, LARGEST_FORM)
    text, seen = form.get("text"), form.get("seen")
    try:
        demand_opener(reader, form)
        after = read_text(text)
        if form.get("do") != "save" or form.get("checked") != digest_of(after):
            found = review(await current(reader.office), after, reader.person)
            return _document(reader, text, seen, found=found)
        await save(reader.office, _edit(reader, form, lambda _: after, is_sure=True))
    except (InvalidDocument, Problem) as refused:
        return await _document_again(reader, text, seen, _problem(refused))
    return see_other("/organisation?done=saved")


async def _document_again(reader: Reader, text: str, seen: str, problem: Problem) -> Response:
    """What was refused; where somebody else was quicker, with what saving would undo of theirs."""
    found = None
    if problem.code == "organisation_changed":
        now = await current(reader.office)
        seen, found = digest_of(now), review(now, read_text(text), reader.person)
    return _document(reader, text, seen, found=found, problem=problem)


def _document(
    reader: Reader,
    text: str,
    seen: str,
    *,
    found: Review | None = None,
    problem: Problem | None = None,
) -> Response:
    context = {
        "text": text,
        "seen": seen,
        "found": found,
        "checked": digest_of(found.organisation) if found else "",
        "problem": problem,
        "path": EDIT,
        "address": EDIT,
    }
    status = problem.status if problem else 200
    return page(reader, "organisation_edit.html.j2", status=status, context=context)


# -- short forms -----------------------------------------------------------------------------------


@router.post(PEOPLE)
async def change_person(reader: ReaderDep) -> Response:
    """Somebody new, or somebody known in another way."""
    form = await _admins_form(reader, "change-person")
    editing = form.get("editing")
    refused = await _quickly(reader, form, with_person(form, editing))
    if isinstance(refused, Response):
        return refused
    if refused is not None:
        tried = Attempted("person", form, refused, editing or None)
        return await people_page(reader, edited=editing or None, tried=tried)
    return see_other(f"{PEOPLE}?done=saved")


@router.post(f"{PEOPLE}/remove")
async def remove_person(reader: ReaderDep) -> Response:
    """Never at once: what it changes is shown first."""
    form = await _admins_form(reader, "remove-person")
    demand_opener(reader, form)
    before = await current(reader.office)
    person = form.get("person.id")
    if before.person(person) is None:
        raise missing("person", person)
    try:
        after = without_person(person)(before)
    except InvalidDocument as wrong:
        tried = Attempted("remove", form, of_refusal(wrong), person)
        return await people_page(reader, edited=person, tried=tried)
    found = review(before, after, reader.person)
    return _document(reader, organisation_text(after), digest_of(before), found=found)


@router.post("/organisation/rules")
async def change_blackouts(reader: ReaderDep) -> Response:
    form = await _admins_form(reader, "change-blackouts")
    make = without_blackout(form) if form.get("do") == "remove" else with_blackout(form)
    refused = await _quickly(reader, form, make)
    if isinstance(refused, Response):
        return refused
    if refused is not None:
        return await rules_page(reader, tried=Attempted("blackout", form, refused))
    return see_other("/organisation/rules?done=saved")


@router.post("/organisation/calendar")
async def change_overrides(reader: ReaderDep) -> Response:
    form = await _admins_form(reader, "change-calendar")
    make = without_override(form) if form.get("do") == "remove" else with_override(form)
    refused = await _quickly(reader, form, make)
    if isinstance(refused, Response):
        return refused
    if refused is not None:
        return await calendar_page(reader, tried=Attempted("override", form, refused))
    return see_other("/organisation/calendar?done=saved")


@router.post(f"{PEOPLE}/invite")
async def invite_person(reader: ReaderDep) -> Response:
    """A link to choose a password on, shown this once; sent again, the form makes no other."""
    form = await _admins_form(reader, "invite")
    demand_opener(reader, form)
    person, made = form.get("person.id"), dict[str, str]()
    now = datetime.now(UTC)

    async def work(turn: Turn) -> Done:
        if wrong_text(person) or not await directory.is_person(turn.session, person):
            raise Problem(404, "no_such_person", f"There is no person “{person[:200]}”.")
        secret = await access.invite(turn.session, person, days=INVITED_DAYS, now=now)
        made["address"] = f"{reader.request.base_url}welcome/{secret}"
        return Done(201, "{}")

    attempt = _attempt(reader, "invite")
    said = _fingerprint(reader, form)
    reply = await perform_here(
        reader.office, attempt, key=key_of(form), fingerprint=said, work=work
    )
    demand_done(reply)
    until = (now + timedelta(days=INVITED_DAYS)).isoformat()
    link = {"person": person, "address": made.get("address"), "until": until}
    return await people_page(reader, link=link)


async def _quickly(reader: Reader, form: Form, make: Make) -> Problem | Response | None:
    """Save what a short form says: None. What is wrong with it; or, where somebody should look
    twice, the page that shows why.
    """
    try:
        demand_opener(reader, form)
        await save(reader.office, _edit(reader, form, make))
    except (InvalidDocument, Problem) as refused:
        problem = _problem(refused)
        if problem.status in (403, 404):
            raise problem from refused
        return problem
    except Doubtful as doubtful:
        after = doubtful.review.organisation
        text = organisation_text(after)
        return _document(reader, text, form.get("seen"), found=doubtful.review)
    return None


def _edit(reader: Reader, form: Form, make: Make, *, is_sure: bool = False) -> Edit:
    return Edit(
        attempt=_attempt(reader, "change-organisation"),
        make=make,
        seen=form.get("seen"),
        key=key_of(form),
        fingerprint=_fingerprint(reader, form),
        is_sure=is_sure,
    )


def _fingerprint(reader: Reader, form: Form) -> str:
    said = json.dumps([path_of(reader.request), sorted(form.said.items())])
    return hashlib.sha256(said.encode()).hexdigest()


async def _admins_form(reader: Reader, act: str) -> Form:
    await _demand_admin(reader, act)
    return await read_form(reader.request)


async def _demand_admin(reader: Reader, act: str) -> None:
    await demand_admin(reader.office, _attempt(reader, act), reader.holder.roles)


def _attempt(reader: Reader, act: str) -> Attempt:
    request = reader.request
    return Attempt(person=reader.person, path=path_of(request), act=act, method=request.method)


def _problem(refused: InvalidDocument | Problem) -> Problem:
    return refused if isinstance(refused, Problem) else invalid(refused.errors)
