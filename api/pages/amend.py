"""Changing the plan of a launch under way: a form with the plan in it, of which only what somebody
changed is sent, so that two people who change different things do not undo each other.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from fastapi import APIRouter, Response

from api.intake.plain import wrong_text
from api.pages.acting import done_address, heard
from api.pages.forms import Form, as_post, read_form
from api.pages.offers import ON_A_LAUNCH, launch_offers, may
from api.pages.plan_fields import content_fields, window_fields
from api.pages.reader import Reader, ReaderDep
from api.pages.render import page, see_other
from api.pages.sheets import with_clocks
from api.pages.start_sheet import Sheet, sheet_of
from api.pages.start_view import Checked, Shown, content_of, refused
from api.problems import Problem, malformed, missing
from api.schemas import LAUNCH_BODIES
from api.setting import setting_of
from api.submissions import act_on_launch
from db import read_model
from domain.parties import Parties
from domain.plan_change import PLAN_FIELDS

router = APIRouter(include_in_schema=False)

Document = Mapping[str, Any]

_EMPTY: Final[Mapping[str, object]] = {"regions": [], "offers": [], "resources": []}
"""What a part of the plan is sent as where nothing of it is filled in; else as nothing."""

_PART: Final = re.compile(r"[a-z]+")


@router.get("/launches/{launch}/plan")
async def show_plan(reader: ReaderDep, launch: str, finding: str | None = None) -> Response:
    """The plan as it is, or as it would be with what a finding suggests; 403 for whom it is not to
    change, and the launch itself where nobody may change it now.
    """
    known, parties = await _launch(reader, launch)
    if not may(reader.holder, ON_A_LAUNCH["amend"], parties):
        raise Problem(403, "not_yours", "The plan of this launch is not yours to change.")
    if "amend" not in launch_offers(reader.holder, known, parties):
        return see_other(f"/launches/{launch}")
    was = await _fields(reader, known["plan"])
    wanted = was
    if finding is not None:
        wanted = await _fields(reader, {**known["plan"], **_suggested(known, finding)})
    return await _form_page(reader, known, was, Shown(wanted))


@router.post("/launches/{launch}/plan")
async def amend_plan(reader: ReaderDep, launch: str) -> Response:
    """The plan, changed; or the form with everything that is wrong, and all that was written."""
    form = await read_form(reader.request)
    known, _ = await _launch(reader, launch)
    was, sheet = _was(form), None
    if form.get("more"):
        return await _form_page(reader, known, was, Shown(form.said, more=form.get("more")))
    try:
        before, sheet = _sheet(reader, was), _sheet(reader, form.said)
        changed = changed_parts(before.plan, sheet.plan)
        now = await _fields(reader, known["plan"])
        if taken := taken_parts(changed, before.plan, _sheet(reader, now).plan):
            message = "Somebody else changed the same parts of the plan; nothing was done."
            problem = Problem(409, "plan_changed", message)
            shown = Shown(merged(form.said, now, changed), checked=Checked(problem), is_sent=True)
            return await _form_page(reader, known, now, shown, taken=taken)
        body = {"plan": changed, "reason": form.get("reason")}
        post = as_post(reader, form, f"/launches/{launch}/amend", body)
        asked = act_on_launch(post, launch, name="amend", shape=LAUNCH_BODIES["amend"])
        outcome = await heard(asked)
    except Problem as problem:
        if problem.status in (401, 404) or problem.status >= 500:  # noqa: PLR2004 - HTTP
            raise
        checked = refused(problem, sheet, below="plan")
        shown = Shown(form.said, checked=checked, is_sent=True)
        return await _form_page(reader, known, was, shown)
    return see_other(done_address(f"/launches/{launch}", "amend-plan", outcome))


async def _form_page(
    reader: Reader,
    launch: Document,
    was: Mapping[str, str],
    shown: Shown,
    *,
    taken: Collection[str] = (),
) -> Response:
    """The form; beside it how the parts that are `taken` were changed by others last."""
    context = {
        **content_of(shown),
        "launch": launch,
        "was": json.dumps(was, ensure_ascii=False),
        "again": f"/launches/{launch['id']}/plan",
        "theirs": [change for part in taken for change in islice(_changes(launch, part), 1)],
        "address": None if shown.is_sent or shown.more else f"/launches/{launch['id']}/plan",
    }
    problem = shown.checked and shown.checked.problem
    return page(reader, "amend.html.j2", status=problem.status if problem else 200, context=context)


def _changes(launch: Document, part: str) -> Iterator[tuple[Document, Document]]:
    """The amendments that changed this part of the plan with their changes of it, last first."""
    return (
        (amendment, change)
        for amendment in reversed(launch["amendments"])
        for change in amendment["changes"]
        if change["field"] == part
    )


async def _launch(reader: Reader, launch: str) -> tuple[Document, Parties]:
    """The launch and its parties, or 404."""
    async with reader.office.database.read() as session:
        known = not wrong_text(launch)
        text = await read_model.launch_text(session, launch) if known else None
        standing = await read_model.standing(session, launch) if known else None
    if text is None or standing is None:
        raise missing("launch", launch)
    document: Document = json.loads(text)
    if document["kind"] != "campaign":
        raise missing("plan", launch)
    return document, standing.parties


def _suggested(launch: Document, finding: str) -> Document:
    """What a finding suggests to change in the plan."""
    known = next((one for one in launch["findings"] if one["id"] == finding), None)
    if known is None or known["suggested_counter"] is None:
        raise missing("suggestion", finding)
    plan: Document = known["suggested_counter"]["plan"]
    return plan


async def _fields(reader: Reader, plan: Document) -> dict[str, str]:
    calendar = (await setting_of(reader.office)).calendar
    return {**content_fields(plan, calendar), **window_fields(plan["window"], calendar)}


def _sheet(reader: Reader, fields: Mapping[str, str]) -> Sheet:
    return sheet_of(with_clocks(fields, reader.moments))


def _was(form: Form) -> dict[str, str]:
    """What the form said before anybody wrote in it. Raises 400 for what no page of ours sends."""
    try:
        found = json.loads(form.get("was"))
    except (ValueError, RecursionError) as error:
        raise malformed("The form lacks the plan it was made from.") from error
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise malformed("The form lacks the plan it was made from.")
    return found


def changed_parts(before: Document, after: Document) -> dict[str, Any]:
    """The parts of a plan that differ, with the values after."""
    parts = {name: (_part(before, name), _part(after, name)) for name in PLAN_FIELDS}
    return {name: value for name, (old, value) in parts.items() if value != old}


def taken_parts(changed: Document, before: Document, now: Document) -> tuple[str, ...]:
    """The changed parts that somebody else changed meanwhile. What stands already as it was wanted
    is not one of them: the same form was sent before.
    """
    return tuple(
        name
        for name, value in changed.items()
        if _part(now, name) not in (_part(before, name), value)
    )


def _part(plan: Document, name: str) -> object:
    return plan.get(name, _EMPTY.get(name))


def merged(
    said: Mapping[str, str], now: Mapping[str, str], mine: Collection[str]
) -> dict[str, str]:
    """The form as it now is, with the parts that are `mine` as they were written."""
    theirs = {name: text for name, text in now.items() if _part_of(name) not in mine}
    written = (*mine, "reason")
    return {**theirs, **{name: text for name, text in said.items() if _part_of(name) in written}}


def _part_of(field: str) -> str:
    """The part of a plan a field belongs to: `offers` of `offers[0].pay`."""
    match = _PART.match(field)
    return match[0] if match else ""
