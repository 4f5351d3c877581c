"""Post-mortems on the terminal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from api.moments import Moments, length_of
from cli.show.console import said
from cli.show.launch import table_of
from cli.show.replay import draw_waits
from domain.words.names import Names
from domain.words.review import SIDES, STATES, WORDS
from domain.words.signs import OUTCOMES, sign_of
from domain.words.signs import STATES as STEP_STATES

Document = Mapping[str, Any]


def draw_postmortems(page: Document, moments: Moments) -> RenderableType:
    if not page["items"]:
        return Text("No post-mortem is open, and none is published.", "dim")
    table = table_of("launch", "title", "outcome", "state", "opened")
    for item in page["items"]:
        table.add_row(
            said(item["code"], "bold"),
            said(item["title"]),
            Text(sign_of(OUTCOMES, item["outcome"]).en),
            Text(f"{STATES[item['state']][0]}, version {item['version']}"),
            Text(moments.at(item["opened_at"]), "dim"),
        )
    return table


def draw_actions(actions: Sequence[Document], names: Names, moments: Moments) -> RenderableType:
    if not actions:
        return Text("There are no such actions.", "dim")
    table = table_of("action", "module", "deliverable", "state", "due")
    for action in actions:
        late = ("  overdue", "bold red") if action["overdue"] else ""
        table.add_row(
            said(action["code"], "bold"),
            said(names.module(action["module"])),
            said(action["deliverable"]),
            Text.assemble(sign_of(STEP_STATES, action["state"]).word(names.lang), late),
            Text(moments.at(action["due"])),
        )
    return table


def draw_lesson(lesson: Document, names: Names) -> RenderableType:
    """What changes, and who has agreed to it."""
    table = table_of("of", "field", "before", "after")
    for change in lesson["changes"]:
        table.add_row(
            said(change["step"] or "policy"),
            Text(change["field"]),
            said(change["before"] or "–", "dim"),
            said(change["after"]),
        )
    modules = Text("  ").join(
        Text.assemble((sign.symbol, sign.style), f" {names.module(one['module'])}")
        for one in lesson["modules"]
        for sign in (sign_of(STEP_STATES, one["state"]),)
    )
    heading = Text.assemble((lesson["template"], "bold"), f" follows upon {lesson['based_on']}: ")
    return Group(heading.append_text(said(lesson["reason"])), table, modules)


def draw_templates(page: Document, moments: Moments) -> RenderableType:
    table = table_of("template", "standard", "since", "lead times")
    for template in page["items"]:
        leads = (f"{step['key']} {step['lead_time']}" for step in template["steps"])
        table.add_row(
            said(template["name"], "bold"),
            Text("✓" if template["standard"] else ""),
            Text(moments.at(template["since"]) if template["since"] else "–", "dim"),
            said(", ".join(leads)),
        )
    return table


@dataclass(frozen=True, slots=True)
class RecordPicture:
    """Draws one post-mortem for one reader."""

    names: Names
    moments: Moments

    def whole(self, record: Document) -> RenderableType:
        """What people wrote first, then what the ledger says."""
        facts = record["facts"]
        return Group(
            self._head(record),
            *self._written(record),
            Text(),
            draw_waits(facts["waits"], self.names),
            Text(f"{length_of(facts['length'], self.names.lang)} in all; ◆ is the critical path"),
            *self._facts(facts),
            *(
                (Text(), draw_actions(record["actions"], self.names, self.moments))
                if record["actions"]
                else ()
            ),
            *(draw_lesson(lesson, self.names) for lesson in record["lessons"]),
            *self._comments(record),
            *self._hints(record),
        )

    def _head(self, record: Document) -> RenderableType:
        sign = sign_of(OUTCOMES, record["outcome"])
        state = STATES[record["state"]][0]
        return Group(
            said(record["title"], "bold"),
            Text.assemble(
                (f"{record['code']}  ", "dim"),
                (f"{sign.symbol} {sign.word(self.names.lang)}", sign.style),
                f"  {state}, version {record['version']}",
                (f"  opened {self.moments.at(record['opened_at'])}", "dim"),
            ),
        )

    def _written(self, record: Document) -> Iterator[RenderableType]:
        names = {factor["key"]: factor["name"]["en"] for factor in record["taxonomy"]}
        notes = record["factor_notes"]
        factors = [
            f"{names.get(key, key)}{f': {notes[key]}' if key in notes else ''}"
            for key in record["factors"]
        ]
        table = Table.grid(padding=(0, 2))
        table.add_column(style="dim", no_wrap=True)
        table.add_column()
        for name in ("summary", "surprises"):
            table.add_row(WORDS[name][0], said(record[name] or "–"))
        for name, texts in (
            ("factors", factors),
            *((n, record[n]) for n in ("went_well", "thanks")),
        ):
            table.add_row(WORDS[name][0], said("; ".join(texts) or "–"))
        for side in SIDES:
            if record["sides"][side]:
                table.add_row(WORDS[side][0], said(record["sides"][side]))
        yield Text()
        yield table

    def _facts(self, facts: Document) -> Iterator[Text]:
        for held in facts["held"]:
            reasons, length = ", ".join(held["reasons"]), length_of(held["seconds"])
            yield said(f"⊘ gate held for {length}: {reasons} (entry {held['source']['ledger']})")
        for stop in facts["stops"]:
            length = length_of(stop["seconds"])
            yield said(
                f"‖ stopped for {length}: {stop['reason']} (entry {stop['source']['ledger']})"
            )
        if facts["overdue"]:
            steps = ", ".join(f"{one['step']} ({one['clock']})" for one in facts["overdue"])
            yield said(f"◷ overdue: {steps}")
        if facts["refusals"]:
            rules = ", ".join(f"{one['rule']} × {one['count']}" for one in facts["refusals"])
            yield said(f"✗ refused: {rules}", "dim")

    def _actions(self, record: Document) -> Iterator[RenderableType]:
        if record["actions"]:
            yield Text()
            yield draw_actions(record["actions"], self.names, self.moments)

    def _comments(self, record: Document) -> Iterator[Text]:
        for comment in record["comments"]:
            at = self.moments.at(comment["at"])
            yield said(f"› {at} {comment['by']}: {comment['text']}")

    def _hints(self, record: Document) -> Iterator[Text]:
        for hint in record["hints"]:
            say = hint["say"][self.names.lang]
            yield said(f"! {hint['field']}: “{hint['word']}”. {say}", "yellow")
