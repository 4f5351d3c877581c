"""“What if?”: a closed run beside the same one with other answers. Nothing is changed by asking, so
that a question is an address one can hand on.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from fastapi import APIRouter, Response

from api.bodies import Body, validated
from api.deps import known_launch
from api.intake.errors import InvalidDocument
from api.moments import length_of, read_instant
from api.pages.forms import Form
from api.pages.picture import Picture, draw
from api.pages.reader import Reader, ReaderDep
from api.pages.render import page
from api.pages.reviewing import relabelled
from api.pages.sheets import instant_of
from api.problems import Problem, of_refusal
from api.whatif import WhatIf, what_if_of
from db import ledger, read_model
from db.projection import text_of
from domain.errors import Refusal
from domain.events import LaunchStopped
from domain.words import review, signs

router = APIRouter(include_in_schema=False)

Document = Mapping[str, Any]
At: TypeAlias = Callable[[str | None], str]
PARTS: Final = ("act", "answer_within", "answer_at", "signers")
UNCHANGED: Final = "without-stop"


@dataclass(frozen=True, slots=True)
class Row:
    """One milestone of a step or of the run, as it was and as it would be."""

    about: str
    what: str
    recorded: str
    recomputed: str
    by: str = ""
    is_moved: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """Two runs beside each other."""

    document: Document
    before: Picture
    after: Picture
    rows: tuple[Row, ...]
    moved: tuple[Row, ...]


@router.get("/launches/{launch}/what-if")
async def show_what_if(reader: ReaderDep, launch: str) -> Response:
    """The form, and of a closed launch the answer to what was asked in the address."""
    await known_launch(launch, reader.office)
    async with reader.office.database.read() as session:
        text = await read_model.launch_text(session, launch)
        entries = await ledger.entries(session, launch)
    known = json.loads(text or "{}")
    form, answer, problem = Form(dict(reader.request.query_params)), None, None
    if form.fields and known["phase"] == "closed":
        try:
            answer = _answered(reader, known, await _asked(reader, known, form))
        except (Refusal, InvalidDocument, Problem) as refused:
            problem = _named(reader, known, form, refused)
    context = {
        "review": review,
        "launch": known,
        "here": f"/launches/{launch}",
        "form": form,
        "answer": answer,
        "problem": problem,
        "was_stopped": any(isinstance(e.entry.event, LaunchStopped) for e in entries),
        "at": _telling(reader, known),
    }
    status = problem.status if problem else 200
    return page(reader, "whatif.html.j2", status=status, context=context)


async def _asked(reader: Reader, launch: Document, form: Form) -> Document:
    """The answer as the API gives it. Nothing is tried by reading, so no refusal is audited."""
    asked = {"changes": _changes(reader, launch, form)}
    body = validated(Body(json.dumps(asked).encode(), asked), WhatIf)
    found = await what_if_of(reader.office, launch["id"], body)
    document: Document = json.loads(text_of(found))
    return document


def _changes(reader: Reader, launch: Document, form: Form) -> list[dict[str, Any]]:
    """What is filled in, step by step; a step where nothing is stays as it was."""
    found: list[dict[str, Any]] = [dict(change) for change in _step_changes(reader, launch, form)]
    return [*found, {"stop": False}] if form.get(UNCHANGED) else found


def _step_changes(reader: Reader, launch: Document, form: Form) -> Iterator[dict[str, Any]]:
    for step in launch["steps"]:
        given = {name: form.get(f"{name}:{step['key']}").strip() for name in PARTS}
        change: dict[str, Any] = {name: text for name, text in given.items() if text}
        if "answer_at" in change:
            name = f"answer_at:{step['key']}"
            change["answer_at"] = instant_of(name, change["answer_at"], reader.moments)
        if change.get("signers", "").isdecimal():
            change["signers"] = int(change["signers"][:3])
        if change:
            yield {"step": step["key"], **change}


def _named(
    reader: Reader, launch: Document, form: Form, refused: Refusal | InvalidDocument | Problem
) -> Problem:
    """The problem with the names of steps instead of numbers of changes."""
    names = [
        (step["key"], reader.names.module(step["key"]))
        for step in launch["steps"]
        if any(form.get(f"{part}:{step['key']}").strip() for part in PARTS)
    ]
    prefixes = {f"changes[{at}]": name for at, (_, name) in enumerate(names)}
    places = {f"answer_at:{key}": name for key, name in names}
    problem = refused if isinstance(refused, Problem) else of_refusal(refused)
    return relabelled(problem, {**prefixes, **places})


def _answered(reader: Reader, launch: Document, document: Document) -> Answered:
    before, after, at = document["recorded"], document["recomputed"], _telling(reader, launch)
    return Answered(
        document,
        draw(_steps(launch, before), "down"),
        draw(_steps(launch, after), "down"),
        tuple(_rows(reader, before, after, at)),
        tuple(_moved(reader, document["moved"], at)),
    )


def _steps(launch: Document, outcome: Document) -> list[Document]:
    """The chain as it ended."""
    ends = {step["key"]: step["state"] for step in outcome["steps"]}
    return [
        {
            "key": step["key"],
            "after": step["after"],
            "state": ends.get(step["key"], "pending"),
            "deemed": False,
            "overdue": False,
            "escalation_level": 0,
            "upstream_open": False,
            "signers": 1,
            "signatures": (),
        }
        for step in launch["steps"]
    ]


def _rows(reader: Reader, before: Document, after: Document, at: At) -> Iterator[Row]:
    """The run first, then each step: every milestone that was passed in either."""
    again = {step["key"]: step for step in after["steps"]}
    pairs = [("", before, after)]
    pairs += [(reader.names.module(s["key"]), s, again[s["key"]]) for s in before["steps"]]
    for about, one, other in pairs:
        for what in review.MILESTONES:
            if what not in one or (one[what] is None and other[what] is None):
                continue
            was, would = (_value(reader, what, run[what], at) for run in (one, other))
            label = review.word(review.MILESTONES, what, reader.lang)
            yield Row(about, label, was, would, is_moved=one[what] != other[what])


def _moved(reader: Reader, moved: list[Document], at: At) -> Iterator[Row]:
    for one in moved:
        about = reader.names.module(one["step"]) if one["step"] else ""
        was, would = (
            _value(reader, one["what"], one[side], at) for side in ("recorded", "recomputed")
        )
        label = review.word(review.MILESTONES, one["what"], reader.lang)
        yield Row(about, label, was, would, _by(reader, one["seconds"]), is_moved=True)


def _value(reader: Reader, what: str, value: object, at: At) -> str:
    if value is None:
        return "–"
    if what in ("state", "outcome"):
        table = signs.STATES if what == "state" else signs.OUTCOMES
        known = signs.sign_of(table, str(value))
        return f"{known.symbol} {known.word(reader.lang)}"
    return at(str(value)) if what.endswith("_at") else str(value)


def _telling(reader: Reader, launch: Document) -> At:
    """How instants of this run are told apart."""
    end = launch["closed_at"]
    if end is None:
        return reader.moments.at
    length = read_instant(end) - read_instant(launch["started_at"])
    return reader.moments.telling(length.total_seconds())


def _by(reader: Reader, seconds: float | None) -> str:
    """`3 h later`, `2 d earlier`."""
    if seconds is None:
        return ""
    length = length_of(abs(seconds), reader.lang)
    if reader.lang == "zh":
        return f"晚{length}" if seconds > 0 else f"早{length}"
    return f"{length} later" if seconds > 0 else f"{length} earlier"
