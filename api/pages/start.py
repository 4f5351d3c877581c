"""Starting a launch: a form that says, while one fills it in, what the plan would meet."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Response

from api.intake.errors import InvalidDocument
from api.intake.plain import wrong_text
from api.pages.acting import heard
from api.pages.forms import Form, as_post, read_form
from api.pages.reader import Reader, ReaderDep
from api.pages.render import page, see_other
from api.pages.start_sheet import OFFER, RESOURCE, STEP, count_of, fields_of, plan_of
from api.problems import Problem, malformed, missing, of_refusal
from api.setting import setting_of
from api.starts import check_launch, start_launch
from api.telling import Teller
from db import drafts, read_model
from domain.canonical import plain
from domain.errors import Refusal
from domain.organisation import Organisation
from domain.plan_document import template_document

router = APIRouter(include_in_schema=False)

_BASIC: Final = "standard-launch"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a plan would meet, or why it is none yet."""

    problem: Problem | None = None
    findings: tuple[Mapping[str, Any], ...] = ()
    timeline: tuple[Mapping[str, Any], ...] = ()
    found: Mapping[str, str] = field(default_factory=dict)


@router.get("/launches/new")
async def show_form(reader: ReaderDep) -> Response:
    """Empty, or filled in with the plan of a past launch (`from`)."""
    asked = reader.request.query_params
    past, draft = asked.get("from"), asked.get("draft", "")
    if draft:
        return await _form_page(reader, await _drafted(reader, draft), draft=draft)
    fields = await _past_plan(reader, past) if past else {"template": _BASIC}
    return await _form_page(reader, fields, past=past)


@router.post("/launches/new/check")
async def check(reader: ReaderDep) -> Response:
    """The same form with what the plan would meet beside it; nothing is started."""
    form = await read_form(reader.request)
    checked = await _checked(reader, form)
    return await _form_page(reader, form.said, checked=checked, draft=form.get("draft"))


@router.post("/launches/new/draft")
async def save_draft(reader: ReaderDep) -> Response:
    """Keep the form as it is, for its writer alone."""
    form = await read_form(reader.request)
    draft = form.get("draft") or uuid4().hex
    if any(wrong_text(text) for text in (draft, *form.said, *form.said.values())):
        raise malformed("The form cannot be kept.")
    now = datetime.now(UTC)
    async with reader.office.database.write() as session:
        kept = await drafts.save(session, reader.person, draft, form.said, now=now)
    if not kept:
        problem = Problem(409, "too_many_drafts", f"You have {drafts.MOST} drafts already.")
        checked = Checked(problem=problem)
        return await _form_page(reader, form.said, checked=checked, status=problem.status)
    return see_other(f"/launches/new?draft={quote(draft)}&done=save-draft")


@router.post("/launches/new/draft/forget")
async def forget_draft(reader: ReaderDep) -> Response:
    form = await read_form(reader.request)
    async with reader.office.database.write() as session:
        await drafts.forget(session, reader.person, form.get("draft"))
    return see_other("/launches/new?done=forget-draft")


@router.post("/launches/new")
async def start(reader: ReaderDep) -> Response:
    """The launch, on the way; or the form with everything that is wrong, all of it at once."""
    form = await read_form(reader.request)
    try:
        post = as_post(reader, form, "/launches", plan_of(form.said))
        outcome = await heard(start_launch(post))
    except Problem as problem:
        if problem.status in (401, 404) or problem.status >= 500:  # noqa: PLR2004 - HTTP
            raise
        checked = Checked(problem=problem)
        draft, status = form.get("draft"), problem.status
        return await _form_page(reader, form.said, checked=checked, draft=draft, status=status)
    async with reader.office.database.write() as session:
        await drafts.forget(session, reader.person, form.get("draft"))
    if outcome.pending:
        return see_other(f"/inbox?pending={outcome.pending}")
    return see_other(f"/launches/{outcome.reply['id']}")


async def _checked(reader: Reader, form: Form) -> Checked:
    try:
        found = await check_launch(reader.office, plan_of(form.said), reader.person)
    except (Refusal, InvalidDocument) as refusal:
        return Checked(problem=of_refusal(refusal))
    except Problem as problem:
        return Checked(problem=problem)
    teller = Teller(reader.names, reader.moments)
    findings = tuple(found["findings"])
    said = {one["id"]: teller.finding(one) for one in findings}
    return Checked(None, findings, tuple(found["timeline"]), said)


async def _past_plan(reader: Reader, launch: str) -> dict[str, str]:
    async with reader.office.database.read() as session:
        known = not wrong_text(launch)
        text = await read_model.launch_text(session, launch) if known else None
    if text is None:
        raise missing("launch", launch)
    return fields_of(json.loads(text)["plan"])


async def _drafted(reader: Reader, draft: str) -> Mapping[str, str]:
    async with reader.office.database.read() as session:
        known = not wrong_text(draft)
        found = await drafts.get(session, reader.person, draft) if known else None
    if found is None:
        raise missing("draft", draft)
    return found.fields


async def _form_page(
    reader: Reader,
    fields: Mapping[str, str],
    *,
    draft: str = "",
    checked: Checked | None = None,
    past: str | None = None,
    status: int = 200,
) -> Response:
    setting = await setting_of(reader.office)
    async with reader.office.database.read() as session:
        kept = await drafts.of_person(session, reader.person)
    templates = {one.key: one for one in setting.templates}
    chosen = templates.get(fields.get("template", ""), templates[_BASIC])
    context = {
        "fields": fields,
        "checked": checked,
        "wrong": _wrong(checked),
        "past": past,
        "draft": draft,
        "drafts": [(one, plain(one.saved_at)) for one in kept if one.id != draft],
        "templates": tuple(templates),
        "steps": template_document(chosen)["steps"],
        "offers": count_of(fields, "offers"),
        "resources": count_of(fields, "resources"),
        "offer_fields": OFFER,
        "resource_fields": RESOURCE,
        "step_fields": STEP,
        "departments": _departments(setting.organisation, reader.person),
        "sponsors": tuple(
            (person, reader.names.person(person))
            for person in setting.organisation.holders("sponsor")
        ),
        "organisation": setting.organisation,
    }
    return page(reader, "start.html.j2", status=status, context=context)


def _departments(organisation: Organisation, planner: str) -> tuple[str, ...]:
    """Those people plan for, the planner's own first."""
    known = sorted({person.department for person in organisation.people if person.department})
    person = organisation.person(planner)
    own = person.department if person else None
    return tuple(sorted(known, key=lambda department: department != own))


def _wrong(checked: Checked | None) -> dict[str, Any]:
    """What is wrong, by the name of the field it is in."""
    problem = checked.problem if checked else None
    return {error.path: error for error in problem.errors} if problem else {}
