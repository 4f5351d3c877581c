"""A run told again on the terminal: its moments, where its time went, whether it is verified."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from api.moments import Moments, length_of
from cli.show.chain import draw_chain
from cli.show.console import said
from cli.show.launch import phase_text, table_of
from domain.words.names import Names
from domain.words.sentences import SENTENCES
from domain.words.signs import STATES, sign_of, to_do

Document = Mapping[str, Any]
BAR: Final = 24
_WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class ReplayPicture:
    """Draws replays for one reader, `width` cells wide."""

    names: Names
    moments: Moments
    width: int

    def whole(self, replay: Document) -> RenderableType:
        """Every moment a line, then the waits, then what the verification says."""
        return Group(
            self.timeline(replay["frames"]),
            Text(),
            draw_waits(replay["waits"], self.names),
            Text(f"{length_of(replay['length'], self.names.lang)} in all; ◆ is the critical path"),
            Text(),
            self.verification(replay),
        )

    def timeline(self, frames: Sequence[Document]) -> Table:
        table = table_of("", "at", "what happened", "by", "chain", "waiting on")
        for frame in frames:
            table.add_row(
                Text(str(frame["seq"]), "dim"),
                Text(self.moments.clock(frame["at"]), "dim"),
                self._happening(frame),
                said(self._actor(frame), "dim"),
                _chain(frame["chain"]),
                said(self._waiting(frame["waiting_on"])),
            )
        return table

    def moment(self, replay: Document, launch: Document, seq: int) -> RenderableType:
        """The whole chain right after one event, and what each party had before it then."""
        frame = replay["frames"][seq - 1]
        steps = [_step_then(step, frame) for step in launch["steps"]]
        waiting = self._waiting(frame["waiting_on"])
        return Group(
            Text.assemble(
                (f"{seq} ", "dim"),
                (f"{self.moments.at(frame['at'])}  ", "dim"),
                self._happening(frame),
                (f"  ({self._actor(frame)})", "dim"),
            ),
            phase_text(frame, self.names),
            Text(),
            draw_chain(steps, self.names, self.width),
            said(f"⧗ {waiting}" if waiting else "nobody is waited on"),
            Text(),
            self._inboxes(frame["inboxes"]),
        )

    def verification(self, replay: Document) -> Text:
        found = replay["verification"]
        if replay["verified"]:
            source = "archived history" if found["source"] == "archive" else "history"
            return Text.assemble(
                ("✓ verified", "bold green"),
                f": {found['events']} events and {found['signatures']} signatures are what the "
                f"{source} of {found['history_events']} events gives",
            )
        return Text.assemble(("✗ not verified", "bold red"), f": {found['detail']}")

    def _happening(self, frame: Document) -> Text:
        """`✓ commitment signed: product`; what was written with it is not told here."""
        sign = sign_of(SENTENCES, frame["event"])
        words = _WORD.sub(" ", frame["event"]).lower()
        about = f": {self.names.module(frame['step'])}" if frame["step"] else ""
        return Text.assemble(f"{sign.symbol} ", said(f"{words}{about}"), style=sign.style)

    def _actor(self, frame: Document) -> str:
        if frame["actor"] == "system":
            return self.names.role("system")
        return f"{frame['actor']} ({frame['role']})"

    def _waiting(self, waiting: Iterable[Document]) -> str:
        lang = self.names.lang
        return ", ".join(f"{self.names.waiting(w)} {to_do(w['for'], lang)}" for w in waiting)

    def _inboxes(self, inboxes: Mapping[str, Sequence[Document]]) -> RenderableType:
        if not inboxes:
            return Text("Nothing was in anybody's inbox.", "dim")
        table = table_of("who", "had before them", "step", "since", "due")
        for party, items in inboxes.items():
            for item in items:
                table.add_row(
                    said(self.names.module(party), "bold"),
                    Text(to_do(item["kind"], self.names.lang).removeprefix("to ")),
                    said(self.names.module(item["step"])),
                    Text(self.moments.at(item["since"])),
                    Text(self.moments.at(item["due"]), "red" if item["overdue"] else ""),
                )
        return table


def draw_waits(waits: Iterable[Document], names: Names) -> Table:
    """The longest first; what is on the critical path is marked."""
    rows = sorted(waits, key=lambda wait: -float(wait["seconds"]))
    longest = max((wait["seconds"] for wait in rows), default=0) or 1
    table = Table.grid(padding=(0, 2))
    for wait in rows:
        bar = "━" * max(1, round(BAR * wait["seconds"] / longest))
        table.add_row(
            Text("◆" if wait["critical"] else " ", "bold cyan"),
            said(" → ".join(map(names.module, wait["interface"].split("→"))), "bold"),
            said(names.module(wait["step"]), "dim"),
            Text(to_do(wait["for"], names.lang)),
            Text(length_of(wait["seconds"], names.lang), "cyan"),
            Text(bar, "bold cyan" if wait["critical"] else "dim"),
        )
    return table


def _chain(chain: Mapping[str, str]) -> Text:
    signs = [sign_of(STATES, state) for state in chain.values()]
    return Text(" ").join(Text(sign.symbol, sign.style) for sign in signs)


def _step_then(step: Document, frame: Document) -> Document:
    """As much of a step as is known of that moment."""
    key = step["key"]
    late = {item["step"] for item in frame["waiting_on"] if item["overdue"]}
    return {
        "key": key,
        "module": step["module"],
        "after": step["after"],
        "state": frame["chain"][key],
        "overdue": key in late,
        "escalation_level": 0,
        "signatures": (),
        "signers": step["signers"],
        "attempt": frame["attempts"][key],
        "terms": None,
    }
