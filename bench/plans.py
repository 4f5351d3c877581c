"""The plan every measured launch has: far enough ahead that nothing but signatures happens."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

_numbers = count(1)


def plan(code: str = "", *, days: int = 60, department: str = "personal") -> dict[str, Any]:
    """As the API takes it; its window opens so many days from now."""
    start = (datetime.now(UTC) + timedelta(days=days)).date()
    return {
        "code": code or f"BENCH-{next(_numbers)}",
        "title": "社会网点 充100送50",
        "department": department,
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
    }
