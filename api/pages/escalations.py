"""Escalations: what is open, at which rung, and everything its addressee can do about it."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, get_args

from fastapi import APIRouter, Query, Response

from api.intake.plain import wrong_text
from api.pages.acting import Attempted, done_address, heard, said_of
from api.pages.forms import as_post, read_form
from api.pages.offers import may
from api.pages.reader import Reader, ReaderDep
from api.pages.render import page, see_other, shown_at
from api.pages.sheets import SHEETS, body_of, local_text
from api.problems import Problem, missing
from api.schemas import ESCALATION_BODIES
from api.submissions import act_on_escalation
from db import pages, read_model
from db.access import Holder
from domain import acts
from domain.escalation import Addressee
from domain.parties import Parties

router = APIRouter(include_in_schema=False)

LENGTH: Final = 50
STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "unsettled": ("open", "acknowledged"),
    "open": ("open",),
    "acknowledged": ("acknowledged",),
    "resolved": ("resolved",),
}
FORMS: Final[Mapping[str, str]] = {
    "take-up": "acknowledge",
    "resolve": "resolve",
    "comment": "comment",
}
"""Forms of the page, in their order, with the acts of the API they are."""

State = Literal["unsettled", "open", "acknowledged", "resolved"]


@router.get("/escalations")
async def list_escalations(
    reader: ReaderDep,
    state: State = "unsettled",
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """In the order in which they were raised, each with the launch it is about."""
    async with reader.office.database.read() as session:
        found = await pages.escalation_page(
            session, states=STATES[state], limit=LENGTH, cursor=cursor
        )
        shown = [json.loads(one) for one in found.items]
        wanted = tuple(dict.fromkeys(one["launch"] for one in shown))
        launches = {one["id"]: one for one in await read_model.documents(session, wanted)}
    context = {
        "escalations": shown,
        "launches": launches,
        "states": tuple(STATES),
        "state": state,
        "next_cursor": found.next_cursor,
    }
    return page(reader, "escalations.html.j2", context=context)


@router.get("/escalations/{escalation}")
async def show_escalation(reader: ReaderDep, escalation: str) -> Response:
    return await _escalation_page(reader, escalation)


@router.post("/escalations/{escalation}/{act}")
async def act_on_it(reader: ReaderDep, escalation: str, act: str) -> Response:
    """What the reader does about it, as the API would."""
    form = await read_form(reader.request)
    if act not in FORMS:
        raise missing("act", act)
    name = FORMS[act]
    try:
        body = body_of(form.said, reader.moments)
        post = as_post(reader, form, f"/escalations/{escalation}/{name}", body)
        asked = act_on_escalation(post, escalation, name=name, shape=ESCALATION_BODIES[name])
        outcome = await heard(asked)
    except Problem as problem:
        if problem.status in (401, 404) or problem.status >= 500:  # noqa: PLR2004 - HTTP
            raise
        return await _escalation_page(reader, escalation, Attempted(act, form, problem))
    return see_other(done_address(f"/escalations/{escalation}", act, outcome))


async def _escalation_page(
    reader: Reader, escalation: str, attempted: Attempted | None = None
) -> Response:
    async with reader.office.database.read() as session:
        known = not wrong_text(escalation)
        found = await read_model.escalation(session, escalation) if known else None
        if found is None:
            raise missing("escalation", escalation)
        [launch] = await read_model.documents(session, (found.launch,))
        standing = await read_model.standing(session, found.launch)
        if standing is None:
            raise missing("launch", found.launch)
    document: dict[str, Any] = json.loads(found.document)
    samples: dict[str, acts.PersonAct] = {
        "take-up": acts.AcknowledgeEscalation(escalation),
        "resolve": acts.ResolveEscalation(escalation, "dismiss", ""),
        "comment": acts.CommentOnEscalation(escalation, ""),
    }
    to = (found.to, found.step)
    offers = [
        act
        for act in FORMS
        if document["state"] not in _DONE_FOR.get(act, ("resolved",))
        and may(reader.holder, samples[act], standing.parties, escalation=to)
    ]
    context = {
        "one": document,
        "said": await said_of(reader),
        "settlements": _settlements(reader.holder, standing.parties, escalation, to),
        "launch": launch,
        "offers": offers,
        "tried": attempted,
        "address": None if attempted else shown_at(reader.request, f"/escalations/{escalation}"),
        "sheets": SHEETS,
        "local": local_text,
    }
    status = attempted.problem.status if attempted else 200
    return page(reader, "escalation.html.j2", status=status, context=context)


def _settlements(
    holder: Holder, parties: Parties, escalation: str, to: tuple[Addressee, str | None]
) -> tuple[str, ...]:
    """The ways to settle it that the role table gives the reader; some are for a step only."""
    step = to[1]
    return tuple(
        way
        for way in get_args(acts.Settlement)
        if (step is not None or way not in _OF_A_STEP)
        and may(holder, acts.ResolveEscalation(escalation, way, ""), parties, escalation=to)
        and (way != "waive" or step is None or may(holder, acts.Waive(step, ""), parties))
    )


_OF_A_STEP: Final = ("extend", "reassign", "waive")
_DONE_FOR: Final[Mapping[str, tuple[str, ...]]] = {"take-up": ("acknowledged", "resolved")}
"""In which states a form has no meaning any more; the others only once it is settled."""
