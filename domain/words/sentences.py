"""One sentence for each event there is, in both languages, and the words in them."""

from collections.abc import Mapping
from typing import Final

from domain.words.signs import Sign

_CALM, _GOOD, _LATE, _BAD = "", "green", "yellow", "red"

SENTENCES: Final[Mapping[str, Sign]] = {
    "LaunchStarted": Sign("▶", "bold", "{actor} starts “{title}”", "{actor}发起活动《{title}》"),
    "PlanAmended": Sign(
        "◇",
        _LATE,
        "{actor} changes the plan: {reason}",
        "{actor}修改方案：{reason}",
    ),
    "PlanningDelegated": Sign(
        "⇄",
        _CALM,
        "{actor} lets {to} plan too until {until}: {reason}",
        "{actor}委托{to}在{until}前代为发起：{reason}",
    ),
    "PlanningDelegationEnded": Sign(
        "⇄", "dim", "nobody stands in for the planner any more", "发起方的委托到期"
    ),
    "CommitmentSuperseded": Sign(
        "○",
        _LATE,
        "{step} rests on what changed ({fields}): what was signed for it is void",
        "{step}所依据的方案内容已变（{fields}）：原有签署作废",
    ),
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
    "SignedConditionally": Sign(
        "◇",
        _LATE,
        "{actor} signs for {step}, if {condition}",
        "{actor}有条件地为{step}签署：{condition}",
    ),
    "FactConfirmed": Sign("✓", _CALM, "{actor} confirms: {fact}", "{actor}确认：{fact}"),
    "ConditionMet": Sign(
        "✓",
        _GOOD,
        "the condition holds: the signature for {step} counts",
        "条件成立：{step}的签署生效",
    ),
    "ConditionLapsed": Sign(
        "✗", _BAD, "the condition of {step} did not come in time", "{step}的签署条件逾期未成立"
    ),
    "CommitmentDelegated": Sign(
        "⇄",
        _CALM,
        "{actor} lets {to} answer for {step} until {until}: {reason}",
        "{actor}委托{to}在{until}前代为办理{step}：{reason}",
    ),
    "DelegationEnded": Sign("⇄", "dim", "the delegation of {step} is over", "{step}的委托到期"),
    "ReminderSent": Sign("♪", _CALM, "{actor} reminds {step}", "{actor}催办{step}"),
    "CounterOffered": Sign(
        "◆",
        "magenta",
        "{actor} offers other terms for {step} (version {version}): {reason}",
        "{actor}就{step}提出反提案（第{version}版）：{reason}",
    ),
    "CounterAccepted": Sign(
        "✓", _GOOD, "{actor} accepts the counter-offer for {step}", "{actor}接受{step}的反提案"
    ),
    "CounterWithdrawn": Sign(
        "↺", _CALM, "{actor} withdraws the counter-offer for {step}", "{actor}撤回{step}的反提案"
    ),
    "TermsAmended": Sign(
        "◇",
        _LATE,
        "{actor} asks {step} for other terms (version {version}): {reason}",
        "{actor}修改对{step}的要求（第{version}版）：{reason}",
    ),
    "CommitmentWithdrawn": Sign(
        "✗", _BAD, "{actor} asks {step} no more: {reason}", "{actor}撤回对{step}的请求：{reason}"
    ),
    "ReportRetracted": Sign(
        "↺",
        _CALM,
        "{actor} takes the report of {step} back; the promise stands",
        "{actor}撤回{step}的交付报告，承诺仍然有效",
    ),
    "ReleaseRequested": Sign(
        "?",
        _LATE,
        "{actor} asks to be released from {step}: {reason}",
        "{actor}请求解除{step}的承诺：{reason}",
    ),
    "ReleaseRefused": Sign(
        "✓",
        _CALM,
        "{actor} refuses: the promise of {step} stands",
        "{actor}不同意解除：{step}的承诺有效",
    ),
    "CommitmentReleased": Sign(
        "↺", _BAD, "{actor} releases {step} from its promise", "{actor}同意解除{step}的承诺"
    ),
    "CommitmentRevoked": Sign(
        "✗",
        "bold red",
        "{actor} takes the promise of {step} back: {reason}",
        "{actor}撤销{step}的承诺：{reason}",
    ),
    "CommitmentReturned": Sign(
        "○",
        "dim",
        "a step before {step} fell back: it waits again",
        "{step}的上一环节退回，重新等待",
    ),
    "UpstreamFell": Sign(
        "!",
        _LATE,
        "{step} stands on a step that fell back; it holds the gate",
        "{step}所依赖的环节已退回，上线闸门因此受阻",
    ),
    "UpstreamStands": Sign(
        "✓", _CALM, "every step before {step} stands again", "{step}之前的环节均已恢复"
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
        "◷",
        _LATE,
        "the answer of {step} is overdue; silence is no yes",
        "{step}逾期未答复；沉默不等于同意",
    ),
    "ClockOverdue": Sign("◷", _LATE, "{step} is overdue ({clock})", "{step}逾期（{clock}）"),
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
        "‖", "bold red", "{actor} stops the launch: {reason}", "{actor}叫停活动：{reason}"
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
    "AcknowledgementExpired": Sign(
        "▲", _LATE, "the escalation was taken up, but not settled in time", "升级已受理但逾期未解决"
    ),
    "EscalationCommented": Sign(
        "›", _CALM, "{actor} on the escalation: {text}", "{actor}就升级留言：{text}"
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
CLOCKS: Final[Mapping[str, tuple[str, str]]] = {
    "answer": ("answer", "答复"),
    "condition": ("condition", "条件"),
    "counter": ("counter-offer", "反提案"),
    "reply": ("reply", "提问"),
    "delivery": ("delivery", "交付"),
    "release": ("release", "解除"),
    "acceptance": ("judgement", "验收"),
    "repair": ("repair", "补救"),
    "gate": ("gate", "闸门"),
    "stop": ("stop", "叫停"),
}
HOLDING: Final[Mapping[str, tuple[str, str]]] = {
    "undelivered": ("is not delivered", "未交付"),
    "upstream_open": ("stands on a step that fell back", "上游已退回"),
    **dict.fromkeys(("pending", "requested", "countered"), ("is not signed", "未签署")),
}
"""What holds the gate, said of a step."""

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
