"""What happened, in one sentence each: the events of a launch in plain words, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from cli.show.console import said
from cli.show.moments import Moments, length_of
from cli.show.names import Names
from cli.show.words import OUTCOMES, Sign, sign_of

_CALM, _GOOD, _LATE, _BAD = "", "green", "yellow", "red"

SENTENCES: Final[Mapping[str, Sign]] = {
    "LaunchStarted": Sign("▶", "bold", "{actor} starts “{title}”", "{actor}发起活动《{title}》"),
    "CommitmentRequested": Sign(
        "●",
        _LATE,
        "{step} is asked to sign version {version}, answer by {answer_by}",
        "请{step}签署第{version}版承诺，{answer_by}前答复",
    ),
    "AttemptRenewed": Sign(
        "↻",
        _LATE,
        "{actor} asks {step} again (attempt {attempt}): {reason}",
        "{actor}再次请{step}承诺（第{attempt}次）：{reason}",
    ),
    "CommitmentAcknowledged": Sign(
        "…",
        _CALM,
        "{actor} has seen it and will answer for {step}",
        "{actor}已知悉，将为{step}答复",
    ),
    "QuestionAsked": Sign(
        "?", _CALM, "{actor} asks about {step}: {text}", "{actor}就{step}提问：{text}"
    ),
    "QuestionAnswered": Sign("›", _CALM, "{actor} replies: {text}", "{actor}答复：{text}"),
    "SignatureGiven": Sign(
        "✓",
        _GOOD,
        "{actor} signs for {step}; a second signature is needed",
        "{actor}为{step}签署，还需第二人签署",
    ),
    "CommitmentSigned": Sign("✓", _GOOD, "{actor} signs for {step}", "{actor}为{step}签署承诺"),
    "CommitmentDeemed": Sign(
        "≈",
        "blue",
        "silence: {step} is deemed, without a signature",
        "无答复：{step}视为通过，无签名",
    ),
    "CommitmentDeclined": Sign(
        "✗", _BAD, "{actor} declines for {step}: {reason}", "{actor}谢绝{step}的承诺：{reason}"
    ),
    "CommitmentLapsed": Sign("✗", _BAD, "silence: {step} lapses", "无答复：{step}失效"),
    "StepRan": Sign(
        "→", "dim", "{step} has run; the next step may open", "{step}办妥，下一环节可以开始"
    ),
    "DeliveryReported": Sign(
        "▣",
        "cyan",
        "{actor} reports the delivery of {step}: {evidence}",
        "{actor}报告{step}已交付：{evidence}",
    ),
    "DeliveryAccepted": Sign(
        "★", _GOOD, "{actor} accepts the delivery of {step}", "{actor}验收{step}的交付"
    ),
    "DeliveryRejected": Sign(
        "✗",
        _BAD,
        "{actor} rejects the delivery of {step}: {reason}",
        "{actor}退回{step}的交付：{reason}",
    ),
    "WaiverOpened": Sign(
        "≈",
        "blue",
        "{actor} wants to waive {step}: {reason}; a second person must agree",
        "{actor}提出豁免{step}：{reason}；需第二人同意",
    ),
    "CommitmentWaived": Sign(
        "≈", "blue", "{actor} agrees: {step} is waived", "{actor}同意：{step}豁免"
    ),
    "CommitmentCancelled": Sign("–", "dim", "{step} is cancelled", "{step}取消"),
    "CommitmentBreached": Sign(
        "✗", _BAD, "{step} was promised and not delivered", "{step}承诺了却没有交付"
    ),
    "AnswerOverdue": Sign(
        "⏰",
        _LATE,
        "the answer of {step} is overdue; silence is no yes",
        "{step}逾期未答复；沉默不等于同意",
    ),
    "ClockOverdue": Sign("⏰", _LATE, "{step} is overdue ({clock})", "{step}逾期（{clock}）"),
    "AnswerExtended": Sign(
        "↷", _CALM, "{step} has until {answer_by} to answer", "{step}的答复期限延至{answer_by}"
    ),
    "PerformerReassigned": Sign(
        "⇄", _CALM, "{performer} now answers for {step}", "{step}改由{performer}答复"
    ),
    "ChainCompleted": Sign(
        "◐", _GOOD, "every step is promised: the launch prepares", "全部环节已承诺，进入准备阶段"
    ),
    "GateHeld": Sign("▌", _BAD, "the gate is held: {reasons}", "上线闸门未放行：{reasons}"),
    "GatePassed": Sign("▶", "bold green", "the gate is passed: live", "闸门放行，活动上线"),
    "LaunchStopped": Sign(
        "✋", "bold red", "{actor} stops the launch: {reason}", "{actor}叫停活动：{reason}"
    ),
    "LaunchResumed": Sign(
        "▶",
        _GOOD,
        "{actor} resumes it after {stopped}: {reason}",
        "{actor}在{stopped}后恢复活动：{reason}",
    ),
    "LaunchCancelled": Sign(
        "■", _BAD, "{actor} cancels the launch: {reason}", "{actor}取消活动：{reason}"
    ),
    "LaunchFailed": Sign("■", "bold red", "the launch fails: {reason}", "活动失败：{reason}"),
    "WindowEnded": Sign("◑", "cyan", "the window has ended", "活动窗口结束"),
    "LaunchClosed": Sign("■", "bold", "closed: {outcome}", "活动结束：{outcome}"),
    "StepCompensated": Sign("↺", "dim", "{step} is undone", "{step}已回退"),
    "CompensationFailed": Sign(
        "✗", "bold red", "undoing {step} failed: {error}", "{step}回退失败：{error}"
    ),
    "EscalationRaised": Sign(
        "▲",
        "magenta",
        "escalated to {to}, level {level} ({cause})",
        "升级至{to}，第{level}级（{cause}）",
    ),
    "EscalationAdvanced": Sign(
        "▲",
        "magenta",
        "still no answer: escalated to {to}, level {level}",
        "仍无答复：升级至{to}，第{level}级",
    ),
    "EscalationAcknowledged": Sign(
        "…", _CALM, "{actor} takes the escalation up", "{actor}已受理升级"
    ),
    "EscalationResolved": Sign(
        "▽", _GOOD, "the escalation is settled: {resolution}", "升级已解决：{resolution}"
    ),
    "FindingRaised": Sign("!", _LATE, "a check finds: {message}", "预警：{message}"),
    "FindingCleared": Sign("✓", _GOOD, "a finding is gone: {finding}", "预警消除：{finding}"),
    "FindingWaiverOpened": Sign(
        "≈", "blue", "{actor} wants to waive a finding: {reason}", "{actor}提出豁免预警：{reason}"
    ),
    "FindingWaived": Sign(
        "≈", "blue", "{actor} agrees: the finding is waived", "{actor}同意：豁免预警"
    ),
}
CAUSES: Final[Mapping[str, tuple[str, str]]] = {
    "overdue_answer": ("no answer in time", "逾期未答复"),
    "overdue_delivery": ("no delivery in time", "逾期未交付"),
    "revoked": ("a promise taken back", "承诺被撤销"),
    "declined": ("an unhappy end", "未达成承诺"),
    "gate": ("the gate is held", "闸门未放行"),
    "finding": ("a finding", "预警"),
    "stop": ("the launch is stopped", "活动被叫停"),
    "complaint": ("a complaint", "投诉"),
    "manual": ("raised by hand", "人工升级"),
}
RESOLUTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "answered": ("answered", "已答复"),
    "extend": ("more time", "延期"),
    "reassign": ("reassigned", "改派"),
    "waive": ("waived", "豁免"),
    "postpone": ("postponed", "改期"),
    "cancel": ("the launch is cancelled", "取消活动"),
    "dismiss": ("dismissed", "无需处理"),
}


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
        facts |= {key: self.moments.at(data[key]) for key in ("answer_by",) if data.get(key)}
        facts |= {
            "actor": self.names.person(event["actor"]),
            "step": self.names.module(step),
            "title": str((data.get("plan") or {}).get("title", "")),
            "message": str((data.get("finding") or {}).get("message", ""))
            if isinstance(data.get("finding"), dict)
            else "",
            "performer": self.names.addressee(data, step),
            "to": self.names.addressee(data.get("to") or {}, step),
            "reasons": ", ".join(data.get("reasons") or ()),
            "stopped": length_of((data.get("stopped_ms") or 0) / 1000, self.names.lang),
            "outcome": sign_of(OUTCOMES, data.get("outcome")).word(self.names.lang),
            "cause": self._word(CAUSES, data.get("cause")),
            "resolution": self._word(RESOLUTIONS, data.get("resolution")),
        }
        return facts

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
