"""The launches that the demo plays: the standard chain at second scale."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from domain.canonical import rfc3339
from domain.words.signs import Lang

SILENT: Final = "channel"
"""The step whose lead does not answer."""

STEPS: Final = ("product", "marketing", "communications", "channel", "service")
LATE_PLAN: Final = "marketing"
"""The step that comes late in the second part, and all that rests on it with it."""
LATE: Final = ("communications", "channel", "service")
LEADS: Final = {LATE_PLAN: "PT6S", "communications": "PT4S", "channel": "PT3S", "service": "PT2S"}
STARTS_AFTER: Final = timedelta(seconds=21)
FAILS_AFTER: Final = timedelta(seconds=13)
"""When the window of the second part starts."""
LASTS: Final = timedelta(seconds=6)

FAILING_TITLES: Final = {"zh": "A市 换新送礼", "en": "City A: renew and get a gift"}
FAILING_DELIVERABLES: Final = {
    "product": {"zh": "换新送礼可受理、可测试", "en": "The offer configured, sellable, testable"},
    "marketing": {
        "zh": "方案下达到各部门与网点",
        "en": "The plan, issued to every department and outlet",
    },
    "communications": {"zh": "广告首日上线", "en": "Advertising live on day one"},
    "channel": {
        "zh": "海报与礼品到网点",
        "en": "Posters and gifts at the outlets",
    },
    "service": {"zh": "一线培训完毕", "en": "Everybody at the front line trained"},
}
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


def schedule(after: timedelta = STARTS_AFTER) -> Schedule:
    start = datetime.now(UTC) + after
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


def failing_plan(code: str, lang: Lang, times: Schedule) -> dict[str, Any]:
    """The same offer-to-service chain with lead times, and little patience at the gate."""
    plan = demo_plan(code, lang, times)
    policy = {**plan["policy"], "answer_within": "PT2S", "gate_grace": "PT3S"}
    steps = [
        {
            "key": key,
            "deliverable": FAILING_DELIVERABLES[key][lang],
            "lead_time": LEADS.get(key, "PT0S"),
        }
        for key in STEPS
    ]
    return {**plan, "title": FAILING_TITLES[lang], "policy": policy, "steps": steps}


def _step(key: str, lang: Lang) -> dict[str, Any]:
    step: dict[str, Any] = {
        "key": key,
        "deliverable": DELIVERABLES[key][lang],
        "lead_time": "PT0S",
    }
    return {**step, "answer_within": "PT2S"} if key == SILENT else step
