"""A launch on the terminal: where it stands, who is waited for, what was promised."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from api.moments import Moments
from cli.show.chain import draw_chain
from cli.show.console import said
from domain.words.names import Names
from domain.words.signs import OUTCOMES, PHASES, SEVERITIES, STOPPED, Sign, sign_of, to_do

Document = Mapping[str, Any]
BAR: Final = 20
ROOM_FOR_DIGESTS: Final = 110


@dataclass(frozen=True, slots=True)
class LaunchPicture:
    """Draws launches for one reader, `width` cells wide."""

    names: Names
    moments: Moments
    width: int

    def whole(self, launch: Document) -> RenderableType:
        """Everything a person wants to know at a glance, then step by step."""
        return Group(self.glance(launch), Text(), self._steps(launch), *self._findings(launch))

    def glance(self, launch: Document) -> RenderableType:
        """Which launch it is and where it stands."""
        return Group(self.head(launch), Text(), self.brief(launch))

    def brief(self, launch: Document) -> RenderableType:
        """Chain and situation: what somebody wants to see after an act."""
        return Group(self.chain(launch), self.situation(launch))

    def head(self, launch: Document) -> RenderableType:
        """Which launch it is, whose, and when it is public."""
        title = Text.assemble(
            phase_text(launch, self.names), "  ", said(launch["code"], "bold"), "  "
        )
        people = (launch["department"], *map(self.names.person, _people(launch)))
        return Group(
            title.append_text(said(launch["title"])),
            Padding(said(" · ".join(people), "dim"), (0, 2)),
            *self._window(launch),
        )

    def _window(self, launch: Document) -> Iterator[RenderableType]:
        """An action has none."""
        if launch["window"] is not None:
            start, end = (self.moments.at(launch["window"][side]) for side in ("start", "end"))
            yield Padding(Text(f"{start} – {end} ({self.moments.zone})", "dim"), (0, 2))

    def chain(self, launch: Document) -> RenderableType:
        return draw_chain(launch["steps"], self.names, self.width)

    def situation(self, launch: Document) -> RenderableType:
        """Progress, and who is waited for until when."""
        waiting = [Padding(self.waiting(item), (0, 2)) for item in launch["waiting_on"]]
        if launch["stopped"] and (stop := launch.get("stop")):
            by = self.names.person(stop["by"])
            waiting.insert(
                0,
                Padding(Text.assemble(("‖ ", "bold red"), said(f"{by}: {stop['reason']}")), (0, 2)),
            )
        return Group(self._progress(launch), *waiting)

    def waiting(self, item: Document) -> Text:
        """`⧗ marketing to sign · due Tue 24 Nov 18:00 (in 2 working days)`"""
        is_zh = self.names.lang == "zh"
        who = self.names.waiting(item)
        if item.get("step") and item["step"] != item.get("module"):
            who += (
                f"（{self.names.module(item['step'])}）"
                if is_zh
                else f" ({self.names.module(item['step'])})"
            )
        line = Text.assemble(
            ("⧗ ", "yellow"), said(who, "bold"), f" {to_do(item['for'], self.names.lang)}"
        )
        late = item.get("overdue", False)
        if item.get("due"):
            words = (
                ("应于 " if is_zh else "due ") if not late else ("已逾期 " if is_zh else "overdue ")
            )
            line.append(f" · {words}{self.moments.due(item['due'])}", "red" if late else "")
        return line

    def _progress(self, launch: Document) -> RenderableType:
        done, steps = launch["progress"]["satisfied"], launch["progress"]["steps"]
        accepted = sum(step["state"] in {"accepted", "waived"} for step in launch["steps"])
        is_zh = self.names.lang == "zh"
        words = (
            f"{done}/{steps} 已承诺   {accepted}/{steps} 已交付"
            if is_zh
            else f"{done}/{steps} promised   {accepted}/{steps} delivered"
        )
        row = Table.grid(padding=(0, 2))
        row.add_column(width=BAR)
        bar = ProgressBar(
            total=steps * 2, completed=done + accepted, width=BAR, complete_style="green"
        )
        escalated = launch["open_escalations"]
        more = f"   ▲ {escalated} 项升级未决" if is_zh else f"   ▲ {escalated} escalated"
        row.add_row(bar, Text.assemble(words, (more if escalated else "", "magenta")))
        return row

    def _steps(self, launch: Document) -> Table:
        """What is owed, when, and who promised it; digests where there is room for them."""
        is_wide = self.width >= ROOM_FOR_DIGESTS
        table = table_of("step", "due", "signed by", "deliverable")
        for name in ("step", "due"):
            column = next(c for c in table.columns if c.header == name)
            column.no_wrap = True
        if is_wide:
            table.add_column("terms", no_wrap=True)
        for step in launch["steps"]:
            terms = step["terms"]
            signed = "\n".join(self.names.person(s["person"]) for s in step["signatures"])
            cells = [
                said(self.names.module(step["key"]), "bold"),
                Text(self.moments.at(step.get("due") or step["deliver_by"])),
                Text(signed),
                said(terms["deliverable"]),
            ]
            digest = Text(f"v{terms['version']} {terms['digest'][:19]}…", "dim")
            table.add_row(*cells, *((digest,) if is_wide else ()))
        return table

    def _findings(self, launch: Document) -> Iterable[RenderableType]:
        still = [finding for finding in launch["findings"] if finding["state"] == "open"]
        if still:
            yield Text()
            yield findings_table(still)


def _people(launch: Document) -> tuple[str, str]:
    return launch["planner"], launch["sponsor"]


def phase_text(launch: Document, names: Names) -> Text:
    """Outcome, stop or phase, whichever says most."""
    sign: Sign = sign_of(PHASES, launch["phase"])
    if launch["outcome"]:
        sign = sign_of(OUTCOMES, launch["outcome"])
    elif launch["stopped"]:
        sign = STOPPED
    return Text(f"{sign.symbol} {sign.word(names.lang)}", sign.style)


def findings_table(findings: Iterable[Document]) -> Table:
    table = table_of("finding", "step", "", "says", "other launch")
    for finding in findings:
        sign = sign_of(SEVERITIES, finding["severity"])
        other = finding["other_launch"] or {}
        table.add_row(
            said(finding["id"]),
            said(finding["step"]),
            Text(f"{sign.symbol} {sign.en}", sign.style),
            said(finding["message"]),
            said(other.get("code")),
        )
    return table


def table_of(*columns: str) -> Table:
    """A table with a heading line and no frame."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for name in columns:
        table.add_column(name, overflow="fold")
    return table
