"""Plan files for the commands: few steps, all times in seconds or far away."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4


def plan(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a test submits
    """A launch weeks ahead, on the standard chain."""
    return {
        "code": f"T-{uuid4().hex[:12]}",
        "title": "社会网点 充100送50",
        "department": "personal",
        "sponsor": "sponsor",
        "window": {"start": "today+60d", "end": "today+90d"},
        "regions": ["city-a"],
        **changes,
    }


def written(folder: Path, **changes: Any) -> tuple[str, str]:  # noqa: ANN401 - as above
    """The plan as a file: its path and its code."""
    document = plan(**changes)
    path = folder / f"{document['code']}.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path), str(document["code"])
