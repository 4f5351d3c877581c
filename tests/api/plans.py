"""Plans as clients send them, weeks ahead unless a test is about time."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4


def plan(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """The standard chain under a code of its own; None takes a field away."""
    start = (datetime.now(UTC) + timedelta(days=60)).date()
    body: dict[str, Any] = {
        "code": f"T-{uuid4().hex[:12].upper()}",
        "title": "社会网点 充100送50",
        "department": "personal",
        "sponsor": "sponsor",
        "window": {"start": str(start), "end": str(start + timedelta(days=14))},
        "regions": ["city-a"],
        "offers": [
            {
                "key": "topup",
                "product": "prepaid-topup",
                "pay": "100.00",
                "get": "50.00",
                "currency": "CNY",
            }
        ],
    }
    return {name: value for name, value in (body | changes).items() if value is not None}
