"""What happened, in one sentence each: the events of a launch in plain words, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.table import Table
from rich.text import Text

from cli.show.console import said
from cli.show.moments import Moments, length_of
from cli.show.names import Names
from cli.show.sentences import CAUSES, CLOCKS, HOLDING, RESOLUTIONS, SENTENCES
from cli.show.words import OUTCOMES, STATES, sign_of


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells events to one reader."""

    names: Names
    moments: Moments

    def sentence(self, event: Mapping[str, Any]) -> Text:
        """One event as `✓ lead.product signs for product`, in its colour."""
        sign = sign_of(SENTENCES, event["type"])
        words = sign.word(self.names.lang).format_map(_Known(self._facts(event)))
        return Text.assemble(f"{sign.symbol} ", said(words), style=sign.style)

    def _facts(self, event: Mapping[str, Any]) -> dict[str, str]:
        data = event.get("data") or {}
        step = event.get("step") or data.get("step")
        facts = {key: str(value) for key, value in data.items() if isinstance(value, str | int)}
        facts |= {
            key: self.moments.at(data[key]) for key in ("answer_by", "until") if data.get(key)
        }
        facts |= {
            "actor": self.names.person(event["actor"]),
            "step": self.names.module(step),
            "title": str((data.get("plan") or {}).get("title", "")),
            "message": str((data.get("finding") or {}).get("message", ""))
            if isinstance(data.get("finding"), dict)
            else "",
            "performer": self.names.addressee(data, step),
            "to": self._to(data.get("to"), step),
            "condition": self._condition(data.get("condition") or {}),
            "reasons": ", ".join(map(self._holding, data.get("reasons") or ())),
            "clock": self._word(CLOCKS, data.get("clock")),
            "fields": ", ".join(data.get("fields") or ()),
            "stopped": length_of((data.get("stopped_ms") or 0) / 1000, self.names.lang),
            "outcome": sign_of(OUTCOMES, data.get("outcome")).word(self.names.lang),
            "cause": self._word(CAUSES, data.get("cause")),
            "resolution": self._word(RESOLUTIONS, data.get("resolution")),
        }
        return facts

    def _holding(self, reason: str) -> str:
        """What holds the gate, `step:reason` or `finding:id`."""
        what, _, why = reason.partition(":")
        if what == "finding":
            return reason
        return f"{self.names.module(what)} {self._word(HOLDING, why)}"

    def _to(self, to: Any, step: str | None) -> str:  # noqa: ANN401 - a person or an addressee
        return (
            self.names.person(to) if isinstance(to, str) else self.names.addressee(to or {}, step)
        )

    def _condition(self, condition: Mapping[str, Any]) -> str:
        """What a signature waits for, and until when."""
        by = self.moments.at(condition["by"]) if condition.get("by") else ""
        what = condition.get("fact")
        if what is None:
            state = sign_of(STATES, condition.get("reaches")).word(self.names.lang)
            what = f"{self.names.module(condition.get('step'))}: {state}"
        return f"{what} ({by})"

    def _word(self, words: Mapping[str, tuple[str, str]], key: str | None) -> str:
        en, zh = words.get(key or "", (key or "", key or ""))
        return zh if self.names.lang == "zh" else en


def hanging(*cells: Text) -> Table:
    """A line whose last cell, when it wraps, stays in its column; the first ones are narrow."""
    line = Table.grid(padding=(0, 1))
    for _ in cells[:-1]:
        line.add_column(justify="right", min_width=5, no_wrap=True)
    line.add_column()
    line.add_row(*cells)
    return line


class _Known(dict[str, str]):
    """Facts of an event; what an event of another version lacks is left blank."""

    def __missing__(self, key: str) -> str:
        return "…"
