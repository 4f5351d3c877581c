"""The words of states, phases and acts in both languages, with the symbols that stand for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

Lang: TypeAlias = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Sign:
    """A symbol with its colour and its word: nothing is said by colour alone."""

    symbol: str
    style: str
    en: str
    zh: str

    def word(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


STATES: Final[Mapping[str, Sign]] = {
    "pending": Sign("○", "dim", "pending", "未开始"),
    "requested": Sign("●", "yellow", "requested", "待签署"),
    "countered": Sign("◆", "magenta", "countered", "反提案"),
    "signed": Sign("✓", "green", "signed", "已签署"),
    "reported": Sign("▣", "cyan", "reported", "已报交付"),
    "accepted": Sign("★", "bold green", "accepted", "已验收"),
    "declined": Sign("✗", "red", "declined", "已谢绝"),
    "withdrawn": Sign("✗", "red", "withdrawn", "已撤回"),
    "released": Sign("↺", "red", "released", "已解除"),
    "revoked": Sign("✗", "bold red", "revoked", "已撤销"),
    "cancelled": Sign("–", "dim", "cancelled", "已取消"),
    "lapsed": Sign("✗", "red", "lapsed", "逾期失效"),
    "waived": Sign("≈", "blue", "waived", "已豁免"),
}
DEEMED: Final = Sign("≈", "blue", "deemed, not signed", "默认通过，无签名")
PHASES: Final[Mapping[str, Sign]] = {
    "committing": Sign("●", "yellow", "committing", "承诺中"),
    "preparing": Sign("◐", "cyan", "preparing", "准备中"),
    "live": Sign("▶", "bold green", "live", "进行中"),
    "closing": Sign("◑", "cyan", "closing", "收尾中"),
    "closed": Sign("■", "bold", "closed", "已结束"),
}
OUTCOMES: Final[Mapping[str, Sign]] = {
    "completed": Sign("■", "bold green", "completed", "已完成"),
    "cancelled": Sign("■", "yellow", "cancelled", "已取消"),
    "failed": Sign("■", "bold red", "failed", "已失败"),
}
STOPPED: Final = Sign("‖", "bold red", "stopped", "已叫停")
SEVERITIES: Final[Mapping[str, Sign]] = {
    "block": Sign("✗", "bold red", "blocks", "阻断"),
    "warn": Sign("!", "yellow", "warns", "提醒"),
    "unknown": Sign("?", "blue", "unknown", "未知"),
}
TO_DO: Final[Mapping[str, tuple[str, str]]] = {
    "sign": ("to sign", "签署"),
    "accept_counter": ("to answer a counter-offer", "答复反提案"),
    "reply": ("to reply", "答复提问"),
    "report": ("to deliver", "交付"),
    "accept": ("to judge the delivery", "验收"),
    "release": ("to allow a release", "同意解除"),
    "repair": ("to ask again", "重新发起"),
    "gate": ("to clear the gate", "处理上线闸门"),
    "resume": ("to resume or cancel", "恢复或取消"),
    "window_start": ("until the window starts", "等待活动开始"),
    "window_end": ("until the window ends", "等待活动结束"),
    "compensation": ("until promises are undone", "回退承诺"),
    "condition": ("to meet a condition", "满足条件"),
    "escalation": ("to settle an escalation", "处理升级"),
    "waiver": ("to agree to a waiver", "同意豁免"),
    "finding": ("to clear a finding", "处理预警"),
    "notice": ("to read a notice", "阅读通知"),
}


NOTICES: Final[Mapping[str, tuple[str, str]]] = {
    "reminder": ("You are waited for", "请尽快办理"),
    "voided": (
        "What you signed is void, its terms or plan changed",
        "条款或方案已变，您的签署作废",
    ),
    "postponed": ("The campaign is later, and so are your dues", "活动改期，您的期限顺延"),
    "counter_accepted": ("Your counter-offer is accepted", "您的反提案已被接受"),
    "counter_answered": (
        "Your counter-offer is answered with other terms",
        "对您的反提案提出了新条款",
    ),
    "withdrawn": ("You are asked no more", "请求已撤回"),
    "cancelled": ("What you promised is not needed any more", "您的承诺已取消"),
    "released": ("You are released from the promise", "您的承诺已解除"),
    "release_refused": ("You are not released, the promise stands", "未同意解除，承诺仍有效"),
    "accepted": ("Your delivery is accepted", "您的交付已验收"),
    "rejected": ("Your delivery is sent back", "您的交付被退回"),
    "standing_in": ("You stand in for the module", "请您代为办理"),
    "stopped": ("The launch is stopped", "活动已叫停"),
    "resumed": ("The launch goes on", "活动已恢复"),
    "escalation_comment": ("Something was said about an escalation", "升级有新留言"),
    "escalation_settled": ("The escalation you raised is settled", "您提出的升级已解决"),
    "stand_down": ("The launch has ended, you stand down", "活动已终止，请停止相关工作"),
}


def sign_of(signs: Mapping[str, Sign], key: str | None) -> Sign:
    """The sign of a key; a key of a newer server stands for itself."""
    return signs.get(key or "", Sign("·", "", key or "", key or ""))


def to_do(key: str, lang: Lang) -> str:
    return _of(TO_DO, key, lang)


def told(key: str, lang: Lang) -> str:
    """What a notice says."""
    return _of(NOTICES, key, lang)


def _of(words: Mapping[str, tuple[str, str]], key: str, lang: Lang) -> str:
    en, zh = words.get(key, (key, key))
    return zh if lang == "zh" else en


def sign_of_step(step: Mapping[str, Any]) -> Sign:
    """The state of a commitment as shown; what was deemed never looks signed."""
    return DEEMED if step.get("deemed") else sign_of(STATES, step["state"])
