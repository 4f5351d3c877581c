"""The page a launch is started on: what its form shows, beside it what the plan would meet."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from fastapi import Response

from api.intake.errors import FieldError, InvalidDocument
from api.pages.acting import said_of
from api.pages.forms import Form, demand_opener
from api.pages.reader import Reader
from api.pages.render import page, shown_at
from api.pages.sheets import with_clocks
from api.pages.start_past import Past
from api.pages.start_sheet import (
    OFFER,
    POLICY,
    RESOURCE,
    SPARE,
    STEP,
    Sheet,
    rows_of,
    sheet_of,
    step_rows,
)
from api.problems import Problem, of_refusal
from api.setting import setting_of
from api.starts import check_launch
from api.telling import Teller
from db import drafts
from domain.canonical import plain
from domain.errors import Refusal
from domain.organisation import Organisation
from domain.plan import Template
from domain.plan_document import template_document
from domain.template import STANDARD_LAUNCH

_OF_CONTENT: Final = ("offers", "resources")
_DRAFT: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a plan would meet, or why it is none yet; `wrong` by the names of fields."""

    problem: Problem | None = None
    wrong: Mapping[str, FieldError] = field(default_factory=dict)
    findings: tuple[Mapping[str, Any], ...] = ()
    timeline: tuple[Mapping[str, Any], ...] = ()
    found: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shown:
    """A form as it is shown: its fields, the draft it is written on, what was said about it.

    `is_sent` is for a launch that was to be started, `kept` for when it was saved as a draft beside
    a check, or why it was not; `more` names the group another entry is wanted of.
    """

    fields: Mapping[str, str]
    draft: str = ""
    checked: Checked | None = None
    past: Past | None = None
    more: str = ""
    is_sent: bool = False
    kept: datetime | Problem | None = None


def draft_of(form: Form) -> str:
    """The id of the draft a form is written on; a new one for what no page of ours sends."""
    said = form.get("draft")
    return said if _DRAFT.fullmatch(said) else uuid4().hex


async def check_form(reader: Reader, form: Form) -> Checked:
    """What the API says of the plan a form stands for."""
    sheet = None
    try:
        demand_opener(reader, form)
        sheet = sheet_of(with_clocks(form.said, reader.moments))
        found = await check_launch(reader.office, sheet.plan, reader.person)
    except (Refusal, InvalidDocument) as refusal:
        return refused(of_refusal(refusal), sheet)
    except Problem as problem:
        return refused(problem, sheet)
    teller = Teller(reader.names, reader.moments)
    findings = tuple(found["findings"])
    said = {one["id"]: teller.finding(one) for one in findings}
    return Checked(findings=findings, timeline=tuple(found["timeline"]), found=said)


def refused(problem: Problem, sheet: Sheet | None, *, below: str = "") -> Checked:
    """A refusal with each error at its field; of two at one field the first. `below` is where in a
    body the plan stands.
    """
    errors = [replace(one, path=one.path.removeprefix(f"{below}.")) for one in problem.errors]
    if problem.code == "code_taken":
        errors.append(FieldError("code", "taken", problem.detail))
    wrong: dict[str, FieldError] = {}
    for error in errors:
        wrong.setdefault(sheet.field_of(error.path) if sheet else error.path, error)
    return Checked(problem, wrong)


async def form_page(reader: Reader, shown: Shown, *, status: int = 200) -> Response:
    """The form with everything in it; for who plans nothing, who does."""
    setting = await setting_of(reader.office)
    kept: tuple[drafts.Draft, ...] = ()
    if not is_partial(reader):
        async with reader.office.database.read() as session:
            kept = await drafts.of_person(session, reader.person)
    draft = shown.draft or uuid4().hex
    templates = {one.key: one for one in setting.templates}
    context = {
        "checked": shown.checked,
        "said": await said_of(reader),
        "draft": draft,
        "drafts": [(one, plain(one.saved_at)) for one in kept if one.id != draft],
        "kept": plain(shown.kept) if isinstance(shown.kept, datetime) else None,
        "unkept": shown.kept if isinstance(shown.kept, Problem) else None,
        "templates": tuple(templates),
        "departments": _departments(setting.organisation, reader.person),
        "sponsors": tuple(
            (person, reader.names.person(person))
            for person in setting.organisation.holders("sponsor")
        ),
        "organisation": setting.organisation,
        **content_of(shown),
        **_steps(shown, template_of(templates, shown.fields.get("template", ""))),
        "again": "/launches/new/check",
        "address": shown_at(reader.request, _place(draft, kept)),
    }
    return page(reader, "start.html.j2", status=status, context=context)


def template_of(templates: Mapping[str, Template], name: str) -> Template:
    """The latest version of a template, the standard one for a name that is none."""
    return templates.get(name.partition("@")[0], STANDARD_LAUNCH)


def is_partial(reader: Reader) -> bool:
    """Whether the form asks while somebody types, and only takes what was found."""
    return reader.request.headers.get("hx-request") == "true"


def content_of(shown: Shown) -> dict[str, Any]:
    """What a form of a plan shows of what may change later, with what is wrong in it."""
    rows = {
        group: rows_of(shown.fields, group, spare=_spare(shown, group)) for group in _OF_CONTENT
    }
    return {
        **rows,
        "shown": shown,
        "fields": shown.fields,
        "wrong": shown.checked.wrong if shown.checked else {},
        "offer_fields": OFFER,
        "resource_fields": RESOURCE,
    }


def _steps(shown: Shown, template: Template) -> dict[str, Any]:
    steps = template_document(template)["steps"]
    keys = (step["key"] for step in steps)
    rows = step_rows(shown.fields, keys, spare=_spare(shown, "steps"))
    return {
        "steps": [(step, rows.template[step["key"]]) for step in steps],
        "own_steps": rows.own,
        "step_fields": STEP,
        "policy_fields": POLICY,
    }


def _place(draft: str, kept: Iterable[drafts.Draft]) -> str:
    """Where the form is found again, with what was written in it if it is kept as a draft."""
    is_kept = any(one.id == draft for one in kept)
    return f"/launches/new?draft={draft}" if is_kept else "/launches/new"


def _spare(shown: Shown, group: str) -> int:
    return SPARE + (group == shown.more)


def _departments(organisation: Organisation, planner: str) -> tuple[str, ...]:
    """Those people plan for, the planner's own first."""
    known = sorted({person.department for person in organisation.people if person.department})
    person = organisation.person(planner)
    own = person.department if person else None
    return tuple(sorted(known, key=lambda department: department != own))
