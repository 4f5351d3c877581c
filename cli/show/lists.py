"""Lists on the terminal: launches, inbox, escalations, the timeline of a plan."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from api.moments import Moments
from cli.show.console import said
from cli.show.launch import findings_table, phase_text, table_of
from domain.words.names import Names
from domain.words.sentences import CAUSES
from domain.words.signs import to_do, told

Document = Mapping[str, Any]

COMMANDS: Mapping[str, str] = {
    "sign": "sign {launch} {step}",
    "accept_counter": "accept-counter {launch} {step}",
    "condition": "confirm {launch} {step} FACT",
    "release": "allow-release {launch} {step}",
    "reply": "reply {launch} {step} TEXT",
    "report": "report {launch} {step} --evidence TEXT",
    "accept": "accept {launch} {step}",
    "repair": "request {launch} {step} --reason TEXT",
    "resume": "resume {launch} --reason TEXT",
    "waiver": "waive {launch} {step} --reason TEXT",
    "gate": "launch status {launch}",
    "escalation": "escalation list --launch {launch}",
    "finding": "launch status {launch}",
    "notice": "inbox --read",
}
"""What to type for each kind of item in the inbox."""


def draw_launches(page: Document, names: Names, moments: Moments) -> RenderableType:
    if not page["items"]:
        return Text("No launches.")
    table = table_of("launch", "title", "phase", "signed", "waiting on", "due", "window starts")
    for launch in page["items"]:
        waiting = launch["waiting_on"]
        first = waiting[0] if waiting else None
        more = f" +{len(waiting) - 1}" if len(waiting) > 1 else ""
        table.add_row(
            said(launch["code"], "bold"),
            said(launch["title"]),
            phase_text(launch, names),
            Text(f"{launch['progress']['satisfied']}/{launch['progress']['steps']}"),
            Text(
                f"{names.waiting(first)} {to_do(first['for'], names.lang)}{more}" if first else "–"
            ),
            Text(moments.relative(first["due"]) if first else ""),
            Text(moments.at(launch["window"]["start"]) if launch["window"] else "–"),
        )
    more_there = Text("There are more: --all lists them.", "dim")
    return Group(table, more_there) if page["next_cursor"] else table


def draw_inbox(page: Document, names: Names, moments: Moments) -> RenderableType:
    if not page["items"]:
        return Text("Nothing waits for you.")
    table = table_of("what", "launch", "step", "due", "since", "countersign …")
    for item in page["items"]:
        code = item.get("code") or item["launch"]
        due = moments.due(item["due"])
        table.add_row(
            _what(item, names),
            said(code),
            said(names.module(item["step"])),
            Text(f"overdue: {due}" if item["overdue"] else due, "red" if item["overdue"] else ""),
            Text(moments.relative(item["since"])),
            said(_command(item, code), "dim"),
        )
    return table


def _what(item: Document, names: Names) -> Text:
    """What to do, or what one is told with the words it came with."""
    if item["kind"] != "notice":
        return Text(to_do(item["kind"], names.lang).removeprefix("to "), "bold")
    notice = said(told(item["subject"], names.lang))
    return notice if item["text"] is None else Text.assemble(notice, ": ", said(item["text"]))


def draw_escalations(page: Document, names: Names, moments: Moments) -> RenderableType:
    if not page["items"]:
        return Text("No escalations.")
    table = table_of("escalation", "state", "level", "to", "step", "cause", "raised", "reason")
    for one in page["items"]:
        table.add_row(*_escalation(one, names, moments))
    return table


def draw_escalation(one: Document, names: Names, moments: Moments) -> RenderableType:
    """With its thread: who raised it, whom it reached, who took it up, and what was said."""
    thread = table_of("when", "what", "by", "to", "said")
    for remark in one["thread"]:
        thread.add_row(
            Text(moments.at(remark["at"])),
            Text(remark["what"]),
            said(names.person(remark["by"])),
            said(names.addressee(remark["to"], one["step"]) if remark["to"] else ""),
            said(remark["text"]),
        )
    return Group(draw_escalations({"items": [one]}, names, moments), Text(), thread)


def draw_check(found: Document, names: Names, moments: Moments) -> RenderableType:
    timeline = table_of("step", "answer by, at the latest", "deliver by")
    for entry in found["timeline"]:
        timeline.add_row(
            said(names.module(entry["step"]), "bold"),
            Text(moments.due(entry["answer_by"])),
            Text(moments.due(entry["deliver_by"])),
        )
    findings = found["findings"]
    said_of_it = findings_table(findings) if findings else Text("✓ No findings.", "green")
    return Group(timeline, Text(f"times in {moments.zone}", "dim"), Text(), said_of_it)


def draw_people(people: Iterable[Document]) -> Table:
    table = table_of("person", "name", "", "department", "roles")
    for person in people:
        table.add_row(
            said(person["id"], "bold"),
            said(person["name"]["en"]),
            said(person["name"]["zh"]),
            said(person["department"]),
            said(", ".join(person["roles"])),
        )
    return table


def _escalation(one: Document, names: Names, moments: Moments) -> tuple[Text, ...]:
    en, zh = CAUSES.get(one["cause"], (one["cause"], one["cause"]))
    state = one["state"]
    resolved = f"{state}: {one['resolution']}" if one["resolution"] else state
    return (
        said(one["id"], "bold"),
        Text(resolved, "green" if state == "resolved" else "magenta"),
        Text(str(one["level"])),
        said(names.addressee(one["to"], one["step"])),
        said(one["step"]),
        Text(zh if names.lang == "zh" else en),
        Text(moments.relative(one["raised_at"])),
        said(one["reason"]),
    )


def _command(item: Document, code: str) -> str:
    template = COMMANDS.get(item["kind"], "launch status {launch}")
    if item["kind"] == "waiver" and not item["step"]:
        template = "launch status {launch}"
    return template.format(launch=code, step=item["step"])
