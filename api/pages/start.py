"""Starting a launch: a form that says, while one fills it in, what the plan would meet, and that
keeps what was filled in as a draft of its writer's.
"""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Response

from api.intake.plain import wrong_text
from api.pages.acting import heard
from api.pages.forms import Form, as_post, demand_opener, key_of, read_form
from api.pages.reader import Reader, ReaderDep
from api.pages.render import see_other
from api.pages.sheets import with_clocks
from api.pages.start_past import Past, codes_after, past_of
from api.pages.start_sheet import sheet_of
from api.pages.start_view import (
    Checked,
    Shown,
    check_form,
    draft_of,
    form_page,
    is_partial,
    refused,
    template_of,
)
from api.problems import Problem, malformed, missing
from api.setting import setting_of
from api.starts import start_launch
from db import codes, commands, drafts, read_model
from domain.template import STANDARD_LAUNCH

router = APIRouter(include_in_schema=False)

_SUGGESTED: Final = 100
"""So many codes are tried for one that is free."""
_UNSAID: Final = re.compile(r"steps\[\d+\]\.(key|own)")
_CHOSEN: Final = ("department", "sponsor", "template", "policy.silence")
"""Fields that say something before anybody has filled in anything."""


@router.get("/launches/new")
async def show_form(reader: ReaderDep) -> Response:
    """Empty, or filled in with the plan of a past launch (`from`) or a draft (`draft`)."""
    asked = reader.request.query_params
    launch, draft = asked.get("from"), asked.get("draft")
    if draft:
        return await form_page(reader, await _drafted(reader, draft))
    if launch:
        past = await _past(reader, launch)
        return await form_page(reader, Shown(past.fields, past=past))
    return await form_page(reader, Shown({"template": STANDARD_LAUNCH.key}))


@router.post("/launches/new/check")
async def check(reader: ReaderDep) -> Response:
    """The same form with what the plan would meet beside it; nothing is started. What is asked
    while somebody types is saved as a draft too.
    """
    form = await read_form(reader.request)
    if not reader.holds("planner"):
        return await form_page(reader, Shown({}), status=403)
    checked, draft, kept = await check_form(reader, form), draft_of(form), None
    if not is_partial(reader):
        await _renew(reader, form, draft)
    elif _is_begun(form) and _is_openers(reader, form):
        kept = await _kept(reader, form, draft)
    shown = Shown(form.said, draft, checked, more=form.get("more"), kept=kept)
    return await form_page(reader, shown)


@router.post("/launches/new/draft")
async def save_draft(reader: ReaderDep) -> Response:
    """Keep the form as it is, for its writer alone."""
    form = await read_form(reader.request)
    if not reader.holds("planner"):
        return await form_page(reader, Shown({}), status=403)
    try:
        demand_opener(reader, form)
        kept = await _keep(reader, form, draft_of(form), datetime.now(UTC))
    except Problem as problem:
        shown = Shown(form.said, draft_of(form), Checked(problem), is_sent=True)
        return await form_page(reader, shown, status=problem.status)
    return see_other(f"/launches/new?draft={quote(kept)}&done=save-draft")


@router.post("/launches/new/draft/forget")
async def forget_draft(reader: ReaderDep) -> Response:
    form = await read_form(reader.request)
    demand_opener(reader, form)
    if not wrong_text(form.get("draft")):
        async with reader.office.database.write() as session:
            await drafts.forget(session, reader.person, form.get("draft"))
    return see_other("/launches/new?done=forget-draft")


@router.post("/launches/new")
async def start(reader: ReaderDep) -> Response:
    """The launch, on the way; or the form with everything that is wrong, all of it at once."""
    form, sheet = await read_form(reader.request), None
    try:
        sheet = sheet_of(with_clocks(form.said, reader.moments))
        outcome = await heard(start_launch(as_post(reader, form, "/launches", sheet.plan)))
    except Problem as problem:
        if problem.status in (401, 404) or problem.status >= 500:  # noqa: PLR2004 - HTTP
            raise
        await _renew(reader, form, draft_of(form))
        shown = Shown(form.said, draft_of(form), refused(problem, sheet), is_sent=True)
        return await form_page(reader, shown, status=problem.status)
    if outcome.pending:
        # It may still be refused: the draft stays until somebody has seen the launch.
        return see_other(f"/inbox?pending={outcome.pending}&draft={draft_of(form)}")
    async with reader.office.database.write() as session:
        await drafts.forget(session, reader.person, draft_of(form))
    return see_other(f"/launches/{outcome.reply['id']}")


async def _kept(reader: Reader, form: Form, draft: str) -> datetime | Problem | None:
    """When the form was kept while somebody types in it, or why it was not; nothing where it was
    sent to start its launch already.
    """
    if form.get("key"):
        async with reader.office.database.read() as session:
            if await commands.find_by_key(session, reader.person, key_of(form)):
                return None
    now = datetime.now(UTC)
    try:
        await _keep(reader, form, draft, now)
    except Problem as problem:
        return problem
    return now


async def _keep(reader: Reader, form: Form, draft: str, now: datetime) -> str:
    """The id under which the draft is kept. Raises 400, and 409 where there are too many."""
    if _is_wrong(form):
        raise malformed("The form cannot be kept.")
    async with reader.office.database.write() as session:
        kept = await drafts.save(session, reader.person, draft, form.said, now=now)
    if kept is None:
        raise Problem(409, "too_many_drafts", f"You have {drafts.MOST} drafts already.")
    return kept


async def _renew(reader: Reader, form: Form, draft: str) -> None:
    """A draft that is kept already says what the form says."""
    if _is_wrong(form) or not _is_openers(reader, form):
        return
    async with reader.office.database.write() as session:
        if await drafts.get(session, reader.person, draft) is not None:
            await drafts.save(session, reader.person, draft, form.said, now=datetime.now(UTC))


def _is_begun(form: Form) -> bool:
    """Whether somebody filled in something that could be lost."""
    return any(
        text.strip() and name not in _CHOSEN and not _UNSAID.fullmatch(name)
        for name, text in form.said.items()
    ) and not _is_wrong(form)


def _is_wrong(form: Form) -> bool:
    """Whether something was sent that no database keeps."""
    return any(wrong_text(text) for text in (*form.said, *form.said.values()))


def _is_openers(reader: Reader, form: Form) -> bool:
    return form.get("as", reader.person) == reader.person


async def _past(reader: Reader, launch: str) -> Past:
    async with reader.office.database.read() as session:
        known = not wrong_text(launch)
        text = await read_model.launch_text(session, launch) if known else None
    if text is None:
        raise missing("launch", launch)
    document, setting = json.loads(text), await setting_of(reader.office)
    templates = {one.key: one for one in setting.templates}
    template = template_of(templates, document["plan"]["template"])
    past = past_of(document, template, setting.calendar, setting.now)
    code = await _free_code(reader, document["plan"]["code"])
    return replace(past, fields={**past.fields, "code": code})


async def _free_code(reader: Reader, code: str) -> str:
    """The first code after this one that no launch has; a suggestion, not a reservation."""
    async with reader.office.database.read() as session:
        for one in islice(codes_after(code), _SUGGESTED):
            if await codes.launch_of(session, one) is None:
                return one
    return ""


async def _drafted(reader: Reader, draft: str) -> Shown:
    async with reader.office.database.read() as session:
        known = not wrong_text(draft)
        found = await drafts.get(session, reader.person, draft) if known else None
    if found is None:
        raise missing("draft", draft)
    return Shown(found.fields, found.id)
