"""One post-mortem: read by everybody, written by its facilitator, through the API's own acts.

Nobody is named on it but where names are revealed, to whom the API tells them.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from fastapi import APIRouter, Response

import api.actions
import api.lessons
from api.deps import known_launch
from api.moments import length_of
from api.pages.acting import Attempted, Heard, done_address, heard, said_of
from api.pages.charts import wait_rows
from api.pages.forms import Form, as_post, read_form
from api.pages.reader import Reader, ReaderDep
from api.pages.render import page, see_other, shown_at
from api.pages.reviewing import action_of, change_of, lesson_of, places_of, relabelled
from api.problems import Problem, missing
from api.reports import report
from api.routes.postmortems import change_postmortem, comment, get_postmortem, open_postmortem
from api.routes.postmortems import reveal as reveal_names
from api.routes.templates import list_templates
from api.submissions import Post
from db import read_model
from domain.words import review
from domain.words.kinds import kind_in_words
from domain.words.sentences import SENTENCES
from domain.words.signs import sign_of

router = APIRouter(include_in_schema=False)

Document = Mapping[str, Any]
PLACE: Final = "/launches/{launch}/postmortem"
NEWEST: Final = 60
"""Lines of the timeline that are shown before all are asked for."""
TYPES: Final = {"md": "text/markdown; charset=utf-8", "html": "text/html; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Doing:
    """What a form on the page asks for: the address in the API, its function, and its body."""

    place: str
    ask: Callable[[Post, str], Awaitable[Response]]
    body: Callable[[Form, Document, Document], dict[str, Any]]
    done: str
    method: str = "POST"


DOINGS: Final[Mapping[str, Doing]] = {
    "open": Doing("", open_postmortem, lambda *_: {}, "opened"),
    "change": Doing("", change_postmortem, lambda f, r, _: change_of(f, r), "saved", "PATCH"),
    "comment": Doing("/comments", comment, lambda f, *_: _only(f, "text"), "said"),
    "actions": Doing("/actions", api.actions.request_action, lambda f, *_: action_of(f), "asked"),
    "lessons": Doing(
        "/lessons", api.lessons.propose_lesson, lambda f, _, t: lesson_of(f, t), "proposed"
    ),
    "reveal": Doing("/reveal", reveal_names, lambda f, *_: _only(f, "reason"), "revealed"),
}


@router.get(PLACE)
async def show_postmortem(reader: ReaderDep, launch: str) -> Response:
    return await _page(reader, launch)


@router.get(f"{PLACE}/export")
async def export_postmortem(
    reader: ReaderDep,
    launch: str,
    form: Literal["md", "html"] = "html",
) -> Response:
    """The record as a file to hand on; it names nobody."""
    record = await _record(reader, launch)
    if record is None:
        raise missing("postmortem", launch)
    text = report(record, form, replace(reader.names, people={}), reader.moments)
    name = f'attachment; filename="postmortem-{record["launch"]}.{form}"'
    headers = {"Content-Disposition": name, "X-Content-Type-Options": "nosniff"}
    headers["Cache-Control"] = "no-store"
    return Response(text, headers=headers, media_type=TYPES[form])


@router.post(f"{PLACE}/{{act}}")
async def act_on_postmortem(reader: ReaderDep, launch: str, act: str) -> Response:
    """What a form asks for, as the API does it; refused, the page again with what was written."""
    form = await read_form(reader.request)
    doing = DOINGS.get(act)
    if doing is None:
        raise missing("act", act)
    record = await _record(reader, launch) or {}
    template = await _template(reader, launch) if act == "lessons" else {}
    body: Document = {}
    try:
        body = doing.body(form, record, template)
        outcome = await _asked(reader, form, launch, doing=doing, body=body)
    except Problem as problem:
        if problem.status in (401, 404) or problem.status >= 500:  # noqa: PLR2004 - HTTP
            raise
        names = {step["key"]: reader.names.module(step["key"]) for step in body.get("steps", ())}
        told = relabelled(problem, places_of(body.get("steps", ()), "steps", names))
        return await _page(reader, launch, attempted=Attempted(act, form, told))
    if act == "reveal" and outcome.pending is None:
        return await _page(reader, launch, revealed=outcome.reply["names"])
    said = form.get("state") or doing.done
    taken = len(outcome.reply.get("scrubbed", ()))
    address = f"/launches/{launch}/postmortem" + (f"?names={taken}" if taken else "")
    return see_other(done_address(address, said, outcome))


async def _asked(reader: Reader, form: Form, launch: str, *, doing: Doing, body: Document) -> Heard:
    post = as_post(reader, form, f"/launches/{launch}/postmortem{doing.place}", body)
    return await heard(doing.ask(replace(post, method=doing.method), launch))


async def _page(
    reader: Reader,
    launch: str,
    *,
    attempted: Attempted | None = None,
    revealed: Document | None = None,
) -> Response:
    record = await _record(reader, launch)
    known = await _launch(reader, launch)
    status = attempted.problem.status if attempted else 200
    here = f"/launches/{launch}/postmortem"
    context: dict[str, Any] = {
        "review": review,
        "launch": known,
        "here": here,
        "address": None if attempted else shown_at(reader.request, here),
        "tried": attempted,
        "revealed": revealed,
    }
    if record is None:
        return page(reader, "postmortem_none.html.j2", status=status, context=context)
    is_whole = reader.request.query_params.get("timeline") == "all"
    timeline = record["facts"]["timeline"]
    context |= {
        "said": await said_of(reader),
        "pm": record,
        "who": lambda line: review.who(line["actor"], line["role"], reader.names),
        "kind": lambda name: kind_in_words(name, reader.lang),
        "symbol": lambda name: sign_of(SENTENCES, name).symbol,
        "length_of": length_of,
        "at": reader.moments.telling(record["facts"]["length"]),
        "waits": wait_rows(record["facts"]["waits"], reader.names),
        "timeline": timeline if is_whole else timeline[-NEWEST:],
        "hidden_lines": 0 if is_whole else max(0, len(timeline) - NEWEST),
        "template": await _template(reader, launch) if reader.holds("facilitator") else None,
    }
    return page(reader, "postmortem.html.j2", status=status, context=context)


async def _record(reader: Reader, launch: str) -> Document | None:
    """None where a launch has none; 404 for a launch there is not."""
    await known_launch(launch, reader.office)
    try:
        return (await heard(get_postmortem(reader.office, launch))).reply
    except Problem as problem:
        if problem.code != "no_such_postmortem":
            raise
        return None


async def _launch(reader: Reader, launch: str) -> Document:
    async with reader.office.database.read() as session:
        text = await read_model.launch_text(session, launch)
    known: Document = json.loads(text or "{}")
    return known


async def _template(reader: Reader, launch: str) -> Document:
    """The latest version of the template that the run came from."""
    plan = (await _launch(reader, launch))["plan"]
    key = str(plan.get("template") or "standard-launch").partition("@")[0]
    items = (await list_templates(reader.office)).items
    versions = [item for item in items if item.key == key] or items
    return versions[-1].model_dump(mode="json")


def _only(form: Form, name: str) -> dict[str, Any]:
    return {name: form.get(name)} if form.get(name).strip() else {}
