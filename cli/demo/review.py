"""The review of the demo's failed launch: told by the facts, written and published by two people,
without a name, and with something that follows from it.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from api.moments import length_of
from cli.demo.cast import READER, SPONSOR
from cli.demo.plan import LATE, LATE_PLAN
from cli.demo.stage import Stage
from cli.remote.api import Document
from cli.show.console import said
from cli.show.postmortem import draw_actions
from cli.show.replay import draw_waits
from cli.show.whatif import WhatIfPicture

FACTORS: Final = ("late_plan", "missing_training", "shortage")
ASKED: Final = "service"
"""The module that is asked for something in the review."""


def review(stage: Stage) -> None:
    """From the draft that opened by itself to the first promise that follows from it."""
    found = tell_the_facts(stage)
    publish(stage, found)
    ask_what_if(stage)
    ask_for_an_action(stage)


def tell_the_facts(stage: Stage) -> Document:
    stage.scene("review")
    found = _record(stage)
    stage.expect(found["cause"] == "failed", "the review opened by itself")
    facts = found["facts"]
    stage.terminal.print(draw_waits(facts["waits"], stage.names))
    late = {one["step"] for one in facts["overdue"]}
    stage.expect({LATE_PLAN, *LATE} <= late, f"what came late is told, found {sorted(late)}")
    stage.terminal.print(said(f"◷ {stage.cast.line('told_late')}: {_modules(stage, late)}"))
    [held] = facts["held"]
    reasons = {f"{step}:undelivered" for step in LATE}
    stage.expect(reasons <= {*held["reasons"]}, f"what held the gate is told: {held['reasons']}")
    length = length_of(held["seconds"], stage.cast.lang)
    holding = _modules(stage, {reason.partition(":")[0] for reason in held["reasons"]})
    told = stage.cast.line("told_held").format(length=length, modules=holding)
    stage.terminal.print(said(f"⊘ {told}"))
    return found


def publish(stage: Stage, found: Document) -> None:
    """A facilitator writes, a second person publishes, and nobody is named in it."""
    stage.heading("publish")
    line = stage.cast.line
    writer, reader = stage.cast[READER], stage.cast[SPONSOR]
    place = f"/launches/{found['launch']}/postmortem"
    writer.change(
        place,
        {
            "summary": line("what_happened"),
            "surprises": line("why_surprised"),
            "factors": FACTORS,
            "went_well": [line("went_well")],
            "thanks": [line("thanks")],
            "state": "in_review",
        },
    )
    published = reader.change(place, {"state": "published"})
    stage.expect(published["state"] == "published", "a second person published it")
    named = [*_named_in(stage, published)]
    stage.expect(not named, f"nobody is named in it, found {named}")
    names = {factor["key"]: factor["name"] for factor in published["taxonomy"]}
    factors = ", ".join(names[key][stage.cast.lang] for key in published["factors"])
    for text in (published["summary"], published["surprises"], factors):
        stage.terminal.print(said(f"  {text}"))
    stage.remark("unnamed", people=len(_people(stage)))


def ask_what_if(stage: Stage) -> None:
    """The same rules, had the plan been promised and delivered at once."""
    stage.heading("what_if")
    earlier = {"step": LATE_PLAN, "answer_within": "PT0.5S"}
    place = f"/launches/{stage.launch['id']}/what-if"
    answer = stage.cast[READER].post(place, {"changes": [earlier]})
    stage.expect(answer["faithful"], "with nothing changed it is the recording")
    stage.terminal.print(WhatIfPicture(stage.names, stage.moments).whole(answer))


def ask_for_an_action(stage: Stage) -> None:
    stage.heading("follow_up")
    line, writer = stage.cast.line, stage.cast[READER]
    until = datetime.now(UTC) + timedelta(days=30)
    wish = {"module": ASKED, "deliverable": line("action"), "deliver_by": str(until.date())}
    place = f"/launches/{stage.launch['id']}/postmortem/actions"
    action = writer.post(place, wish)
    lead, of_action = stage.cast[f"lead.{ASKED}"], f"/launches/{action['launch']}"
    terms = writer.get(of_action)["steps"][0]["terms"]
    lead.post(f"{of_action}/steps/{ASKED}/sign", {"terms_digest": terms["digest"]})
    mine = [one for one in writer.pages("/actions") if one["id"] == action["id"]]
    stage.expect([one["state"] for one in mine] == ["signed"], "the action is signed and listed")
    stage.terminal.print(draw_actions(mine, stage.names, stage.moments))


def _record(stage: Stage) -> Document:
    return stage.cast[READER].get(f"/launches/{stage.launch['id']}/postmortem")


def _modules(stage: Stage, steps: set[str]) -> str:
    chain = (step["key"] for step in stage.launch["steps"])
    return ", ".join(stage.names.module(key) for key in chain if key in steps)


def _people(stage: Stage) -> list[dict[str, Any]]:
    return list(stage.cast[READER].get("/organisation")["people"])


def _named_in(stage: Stage, document: Document) -> Iterator[str]:
    """Ids and display names of people that stand in a document; some ids are words for a part."""
    text = json.dumps(document, ensure_ascii=False)
    for person in _people(stage):
        names = [person["name"]["en"], person["name"]["zh"]]
        yield from (name for name in names if name in text)
        if "." in person["id"] and person["id"] in text:
            yield person["id"]
