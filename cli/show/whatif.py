"""A run beside what it might have been, on the terminal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.text import Text

from api.moments import Moments, length_of
from cli.show.console import said
from cli.show.launch import table_of
from domain.words.names import Names
from domain.words.signs import OUTCOMES, STATES, Sign, sign_of

Document = Mapping[str, Any]
WHAT: Final = {
    "state": "ends",
    "requested_at": "asked",
    "answered_at": "answered",
    "promised_at": "promised",
    "reported_at": "reported",
    "accepted_at": "accepted",
    "overdue": "times overdue",
    "held_at": "gate held",
    "live_at": "live",
    "closed_at": "closed",
    "outcome": "outcome",
}


@dataclass(frozen=True, slots=True)
class WhatIfPicture:
    """Draws the answer to “what if?” for one reader."""

    names: Names
    moments: Moments

    def whole(self, answer: Document) -> RenderableType:
        return Group(self._head(answer), *self._moved(answer), *self._remarks(answer))

    def _head(self, answer: Document) -> Text:
        before, after = answer["recorded"]["outcome"], answer["recomputed"]["outcome"]
        arrow = "still " if before == after else f"{self._word(OUTCOMES, before)} → "
        sign = sign_of(OUTCOMES, after)
        return Text.assemble(arrow, (f"{sign.symbol} {sign.word(self.names.lang)}", sign.style))

    def _moved(self, answer: Document) -> Iterator[RenderableType]:
        if not answer["moved"]:
            yield Text("Nothing is different.", "dim")
            return
        table = table_of("step", "", "recorded", "instead", "")
        for moved in answer["moved"]:
            table.add_row(
                said(self.names.module(moved["step"]) if moved["step"] else "launch", "bold"),
                Text(WHAT.get(moved["what"], moved["what"])),
                self._value(moved["what"], moved["recorded"]),
                self._value(moved["what"], moved["recomputed"]),
                self._by(moved["seconds"]),
            )
        yield table

    def _remarks(self, answer: Document) -> Iterator[RenderableType]:
        for undone in answer["undone"]:
            what = "is never asked for" if undone["rule"] == "never_asked" else undone["rule"]
            about = f" of {self.names.module(undone['step'])}" if undone["step"] else ""
            yield said(f"✗ {undone['act']}{about} could not be: {what}", "dim")
        for assumed in answer["assumed"]:
            step, at = self.names.module(assumed["step"]), self.moments.at(assumed["at"])
            yield said(f"≈ {assumed['act']} of {step} is taken to be on time, at {at}", "dim")
        if not answer["faithful"]:
            message = (
                "! the rules of today tell even the unchanged run otherwise, "
                f"from event {answer['differs_at']} on"
            )
            yield Text(message, "bold yellow")

    def _value(self, what: str, value: object) -> Text:
        if value is None:
            return Text("never" if what.endswith("_at") else "–", "dim")
        if what in ("state", "outcome"):
            return Text(self._word(STATES if what == "state" else OUTCOMES, str(value)))
        return Text(self.moments.at(str(value)) if what.endswith("_at") else str(value))

    def _by(self, seconds: float | None) -> Text:
        if seconds is None:
            return Text()
        length = length_of(abs(seconds), self.names.lang)
        return (
            Text(f"{length} later", "yellow") if seconds > 0 else Text(f"{length} earlier", "green")
        )

    def _word(self, words: Mapping[str, Sign], key: str | None) -> str:
        return sign_of(words, key).word(self.names.lang)
