"""The launch that the demo plays: the standard chain at second scale."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cli.show.words import Lang
from domain.canonical import rfc3339

SILENT: Final = "channel"
"""The step whose lead does not answer."""

STEPS: Final = ("product", "marketing", "communications", "channel", "service")
STARTS_AFTER: Final = timedelta(seconds=21)
LASTS: Final = timedelta(seconds=6)

TITLES: Final = {"zh": "社会网点 充100送50", "en": "Social outlets: top up 100, get 50"}
KEY_MESSAGES: Final = {"zh": "充100送50，当场到账", "en": "Top up 100, get 50, at once"}
DELIVERABLES: Final = {
    "product": {"zh": "充100送50可受理、可测试", "en": "The offer configured, sellable, testable"},
    "marketing": {
        "zh": "目标客户名单与一句话卖点",
        "en": "Target list and a one-line selling point",
    },
    "communications": {
        "zh": "海报与短信定稿、媒体排期",
        "en": "Approved posters, texts, media slots",
    },
    "channel": {"zh": "网点上架，物料到位", "en": "Outlets ready, materials in place"},
    "service": {"zh": "热线与一线培训完毕", "en": "Hotline and front line trained"},
}


@dataclass(frozen=True, slots=True)
class Schedule:
    start: datetime
    end: datetime


def schedule() -> Schedule:
    start = datetime.now(UTC) + STARTS_AFTER
    return Schedule(start, start + LASTS)


def demo_plan(code: str, lang: Lang, times: Schedule) -> dict[str, Any]:
    """The body of `POST /launches`. Everything the clocks do is in its policy."""
    return {
        "code": code,
        "title": TITLES[lang],
        "department": "personal",
        "sponsor": "sponsor",
        "template": "standard-launch",
        "window": {"start": rfc3339(times.start), "end": rfc3339(times.end)},
        "regions": ["city-a"],
        "offers": [
            {
                "key": "topup-100-50",
                "product": "prepaid-topup",
                "pay": "100.00",
                "get": "50.00",
                "currency": "CNY",
                "segments": ["consumer-prepaid"],
                "channels": ["social-outlet", "hotline"],
                "key_message": KEY_MESSAGES[lang],
            }
        ],
        "audience": {"size": 120000},
        "contact": {"channel": "sms", "messages_per_customer": 2},
        "policy": {
            "answer_within": "PT4S",
            "repair_within": "PT30S",
            "gate_grace": "PT30S",
            "silence": "escalate",
            "ladder": [
                {"after": "PT0S", "to": "lead", "do": "notify"},
                {"after": "PT1S", "to": "head", "do": "notify"},
                {"after": "PT30S", "to": "sponsor", "do": "notify"},
            ],
        },
        "steps": [_step(key, lang) for key in STEPS],
    }


def _step(key: str, lang: Lang) -> dict[str, Any]:
    step: dict[str, Any] = {
        "key": key,
        "deliverable": DELIVERABLES[key][lang],
        "lead_time": "PT0S",
    }
    return {**step, "answer_within": "PT2S"} if key == SILENT else step
