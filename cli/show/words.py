"""The words of states, phases and acts in both languages, with the symbols that stand for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

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
STOPPED: Final = Sign("✋", "bold red", "stopped", "已叫停")
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


def sign_of(signs: Mapping[str, Sign], key: str | None) -> Sign:
    """The sign of a key; a key of a newer server stands for itself."""
    return signs.get(key or "", Sign("·", "", key or "", key or ""))


def to_do(key: str, lang: Lang) -> str:
    words = TO_DO.get(key, (key, key))
    return words[1] if lang == "zh" else words[0]
