"""What happened, in one sentence each: the events of a launch in plain words, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.moments import Moments, length_of
from domain.words.checks import failure_template, finding_template
from domain.words.names import Names
from domain.words.sentences import CAUSES, CLOCKS, HOLDING, RESOLUTIONS, SENTENCES
from domain.words.signs import OUTCOMES, STATES, Sign, sign_of

_INSTANTS: Final = ("answer_by", "deliver_by")


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells events to one reader."""

    names: Names
    moments: Moments

    def tell(self, event: Mapping[str, Any]) -> tuple[Sign, str]:
        """One event as `lead.product signs for product`, and the sign it has."""
        sign = sign_of(SENTENCES, event["type"])
        return sign, sign.word(self.names.lang).format_map(_Known(self._facts(event)))

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
            "message": self.finding(data["finding"])
            if isinstance(data.get("finding"), dict)
            else "",
            "reason": self._reason(event["type"], data, step),
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

    def finding(self, finding: Mapping[str, Any]) -> str:
        """What a check found; one of a newer server speaks for itself."""
        template = finding_template(finding["check"], self.names.lang)
        if template is None:
            return str(finding["message"])
        figures = finding["figures"]
        instants = {key: self.moments.at(figures[key]) for key in _INSTANTS if figures.get(key)}
        known = {**figures, **instants, "step": self.names.module(figures.get("step"))}
        return template.format_map(_Known(known))

    def _reason(self, kind: str, data: Mapping[str, Any], step: str | None) -> str:
        """What a person said, or why a launch failed by itself."""
        said = str(data.get("reason") or "")
        template = failure_template(str(data.get("cause")), self.names.lang)
        if kind != "LaunchFailed" or template is None:
            return said
        return template.format_map(_Known(step=self.names.module(step)))

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


class _Known(dict[str, str]):
    """Facts of an event; what an event of another version lacks is left blank."""

    def __missing__(self, key: str) -> str:
        return "…"
