"""Plans whose clocks stay silent while a test runs: weeks ahead, days to answer."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4


def chain(**fields: object) -> dict[str, Any]:
    """The standard chain: five steps, each after the one before."""
    start = (datetime.now(UTC) + timedelta(days=60)).date()
    return {
        "code": f"FAULTS-{uuid4().hex[:12].upper()}",
        "title": "社会网点 充100送50",
        "department": "personal",
        "sponsor": "sponsor",
        "template": "standard-launch",
        "window": {"start": str(start), "end": str(start + timedelta(days=30))},
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
                "key_message": "充100送50，当场到账",
            }
        ],
        "audience": {"size": 120000, "list": None},
        "contact": {"channel": "sms", "messages_per_customer": 2},
        "resources": [],
        "theme": None,
        **fields,
    }


def diamond() -> dict[str, Any]:
    """Marketing and communications side by side after product; channel waits for both."""
    return chain(
        steps=[
            {"key": "communications", "after": ["product"]},
            {"key": "channel", "after": ["marketing", "communications"]},
        ]
    )


def impatient() -> dict[str, Any]:
    """A chain whose first answer is overdue after a second."""
    return chain(policy={"answer_within": "PT1S"})
