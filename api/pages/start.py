"""Starting a launch: a form that says, while one fills it in, what the plan would meet."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import APIRouter, Response

from api.intake.errors import InvalidDocument
from api.intake.plain import wrong_text
from api.pages.acting import heard
from api.pages.forms import Form, as_post, read_form
from api.pages.reader import Reader, ReaderDep
from api.pages.render import page, see_other
from api.pages.start_sheet import OFFER, RESOURCE, STEP, count_of, fields_of, plan_of
from api.problems import Problem, missing, of_refusal
from api.setting import setting_of
from api.starts import check_launch, start_launch
from api.telling import Teller
from db import read_model
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
    past = reader.request.query_params.get("from")
    fields = await _past_plan(reader, past) if past else {"template": _BASIC}
    return await _form_page(reader, fields, past=past)


@router.post("/launches/new/check")
async def check(reader: ReaderDep) -> Response:
    """The same form with what the plan would meet beside it; nothing is started."""
    form = await read_form(reader.request)
    return await _form_page(reader, form.said, checked=await _checked(reader, form))


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
        return await _form_page(reader, form.said, checked=checked, status=problem.status)
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


async def _form_page(
    reader: Reader,
    fields: Mapping[str, str],
    *,
    checked: Checked | None = None,
    past: str | None = None,
    status: int = 200,
) -> Response:
    setting = await setting_of(reader.office)
    templates = {one.key: one for one in setting.templates}
    chosen = templates.get(fields.get("template", ""), templates[_BASIC])
    context = {
        "fields": fields,
        "checked": checked,
        "wrong": _wrong(checked),
        "past": past,
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
