"""Coming in and going out: passwords, invitations, one click in demo mode, and the language.

What somebody was sending when their session ended comes along, and is theirs to send again.
"""

from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from api.intake.plain import wrong_text
from api.office import Office
from api.pages.forms import LARGEST_FORM, Form, own_address, read_form
from api.pages.here import address_of, is_on_this_machine
from api.pages.languages import choose, language_of
from api.pages.render import bare_page, see_other, shown_at
from api.passwords import demand_right, hashed
from api.problems import Problem
from api.sessions import (
    COOKIE,
    LASTS,
    demand_same_origin,
    forget,
    remember,
    session_holder,
)
from db import access, directory
from domain.organisation import Person

router = APIRouter(include_in_schema=False)

KEPT: Final = "kept:"
"""Before the names of fields that wait for their person to sign in again."""


@router.get("/sign-in")
async def show_sign_in(request: Request) -> Response:
    return await sign_in_page(request, Form({"next": request.query_params.get("next", "/")}))


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """By name and password; a wrong one costs an attempt."""
    demand_same_origin(request)
    form = await read_form(request, LARGEST_FORM)
    office: Office = request.app.state.office
    person, address = form.get("person").strip(), address_of(request)
    try:
        await demand_right(office, person, form.get("password"), address)
    except Problem as problem:
        return await sign_in_page(request, form, wrong=problem)
    return await come_in(request, office, person, form)


@router.post("/sign-in/demo")
async def sign_in_by_click(request: Request) -> Response:
    """Without a password: only in demo mode, only on this machine."""
    demand_same_origin(request)
    form = await read_form(request, LARGEST_FORM)
    office: Office = request.app.state.office
    person = form.get("person")
    async with office.database.read() as session:
        known = not wrong_text(person) and await directory.is_person(session, person)
    if not known or not _is_demo(office, request):
        raise Problem(403, "not_yours", "One click is enough only in demo mode, on its machine.")
    return await come_in(request, office, person, form)


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    demand_same_origin(request)
    office: Office = request.app.state.office
    async with office.database.write() as session:
        await access.close_session(session, request.cookies.get(COOKIE, ""))
    response = see_other("/sign-in")
    forget(response)
    return response


@router.post("/language")
async def change_language(request: Request) -> Response:
    demand_same_origin(request)
    form = await read_form(request)
    response = see_other(form.next)
    choose(response, "zh" if form.get("language") == "zh" else "en")
    return response


@router.get("/welcome/{secret}")
async def show_welcome(request: Request, secret: str) -> Response:
    """Where an invitation leads: choose a password."""
    return _welcome(request, await _invited(request, secret))


@router.post("/welcome/{secret}")
async def choose_password(request: Request, secret: str) -> Response:
    demand_same_origin(request)
    form = await read_form(request)
    office: Office = request.app.state.office
    person = await _invited(request, secret)
    password = form.get("password")
    if password != form.get("again"):
        return _welcome(request, person, wrong="The two passwords are not the same.")
    try:
        hash_ = await hashed(password)
    except Problem as problem:
        return _welcome(request, person, wrong=problem.detail)
    now = datetime.now(UTC)
    async with office.database.write() as session:
        if await access.invited(session, secret, now=now) is None:
            raise _no_invitation()
        await access.set_password(session, person, hash_, now=now)
    return await come_in(request, office, person, Form())


async def sign_in_page(
    request: Request,
    form: Form,
    *,
    status: int = 200,
    wrong: Problem | None = None,
    sample_wrong: str | None = None,
    is_lost: bool = False,
) -> Response:
    """The page to sign in on; what `form` has in its fields for another page is kept in it."""
    office: Office = request.app.state.office
    persons: tuple[Person, ...] = ()
    async with office.database.read() as session:
        organisation = await directory.load(session)
    if organisation is not None and _is_demo(office, request):
        persons = organisation.people
    kept = {n: v for n, v in form.fields.items() if n.startswith(KEPT)}
    context = {
        "persons": persons,
        "organisation": organisation,
        "person": form.get("person"),
        "next": form.next,
        "kept": kept,
        "wrong": wrong,
        "may_load": organisation is None and is_on_this_machine(request),
        "sample_wrong": sample_wrong,
        "is_lost": is_lost,
        "path": "/sign-in",
        # What waits to be sent is in this page only: there is no way to it in another language.
        "address": None if kept else shown_at(request, _sign_in_at(form.next)),
    }
    status = wrong.status if wrong else status
    response = bare_page(
        request, language_of(request), "sign_in.html.j2", status=status, context=context
    )
    response.headers.update(wrong.headers if wrong else {})
    return response


async def keep_form(request: Request) -> Response:
    """The page to sign in on for somebody whose session ended before this form came; what cannot be
    kept is said to be lost.
    """
    try:
        form = await read_form(request, LARGEST_FORM)
    except Problem as problem:
        return await sign_in_page(request, Form(), status=problem.status, is_lost=True)
    kept = {f"{KEPT}{name}": text for name, text in form.without_secrets.items()}
    path = own_address(request.url.path)
    return await sign_in_page(
        request, Form({**kept, f"{KEPT}path": path, "next": form.next}), status=401
    )


async def come_in(request: Request, office: Office, person: str, form: Form) -> Response:
    """A new session; then on to where the person wanted, or to what is left to send."""
    now = datetime.now(UTC)
    async with office.database.write() as session:
        await access.close_session(session, request.cookies.get(COOKIE, ""))
        secret = await access.open_session(session, person, lasts=LASTS, now=now)
    kept = {n.removeprefix(KEPT): v for n, v in form.fields.items() if n.startswith(KEPT)}
    path = own_address(kept.pop("path", ""))
    response = see_other(form.next)
    if path != "/":
        context = {"to": path, "kept": Form(kept), "person": person, "address": None}
        response = bare_page(request, language_of(request), "resume.html.j2", context=context)
    remember(response, request, secret)
    return response


async def is_signed_in(request: Request) -> bool:
    return await session_holder(request.app.state.office, request) is not None


async def _invited(request: Request, secret: str) -> str:
    office: Office = request.app.state.office
    async with office.database.read() as session:
        person = await access.invited(session, secret, now=datetime.now(UTC))
    if person is None:
        raise _no_invitation()
    return person


def _no_invitation() -> Problem:
    message = "This invitation is used or over; ask an administrator for another one."
    return Problem(404, "no_such_invitation", message)


def _welcome(request: Request, person: str, *, wrong: str | None = None) -> Response:
    status = 200 if wrong is None else 422
    context = {"person": person, "wrong": wrong, "address": request.url.path}
    return bare_page(
        request, language_of(request), "welcome.html.j2", status=status, context=context
    )


def _sign_in_at(next_: str) -> str:
    return "/sign-in" if next_ == "/" else f"/sign-in?{urlencode({'next': next_})}"


def _is_demo(office: Office, request: Request) -> bool:
    return office.settings.demo and is_on_this_machine(request)
