"""A whole installation for the browser: `countersign up` on free ports, and who to be in it."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx2

SOURCES: Final = Path(__file__).parents[2]
PATIENCE: Final = 60.0
API: Final = "/api/v1"
MODULES: Final = ("product", "marketing", "communications", "channel", "service")


@dataclass(frozen=True, slots=True)
class Site:
    """A running installation in demo mode."""

    url: str
    folder: Path

    @contextmanager
    def client(self, person: str) -> Iterator[httpx2.Client]:
        """A client signed in as somebody, the way a browser is."""
        with httpx2.Client(base_url=self.url, timeout=PATIENCE) as client:
            assert client.post("/sign-in/demo", data={"person": person}).status_code == 303
            yield client

    def start(self, plan: Mapping[str, Any], planner: str = "planner.personal") -> dict[str, Any]:
        """A launch started through the API."""
        with self.client(planner) as client:
            answer = client.post(f"{API}/launches", json=dict(plan))
            assert answer.status_code == 201, answer.text
            launch: dict[str, Any] = answer.json()
            return launch

    def see(self, launch: str) -> dict[str, Any]:
        with self.client("admin") as client:
            found: dict[str, Any] = client.get(f"{API}/launches/{launch}").json()
            return found

    def listed(self) -> list[dict[str, Any]]:
        with self.client("admin") as client:
            found: list[dict[str, Any]] = client.get(f"{API}/launches?limit=100").json()["items"]
            return found

    def do(self, person: str, path: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """An act through the API, `path` below the launches."""
        with self.client(person) as client:
            answer = client.post(f"{API}/launches/{path}", json=body)
            assert answer.status_code in (200, 201), answer.text
            done: dict[str, Any] = answer.json()
            return done

    def sign(self, launch: str, step: str) -> dict[str, Any]:
        terms = next(s["terms"] for s in self.see(launch)["steps"] if s["key"] == step)
        path = f"{launch}/steps/{step}/sign"
        return self.do(f"lead.{step}", path, terms_digest=terms["digest"])


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Site]:
    """`countersign up` until the end of the block."""
    command = [sys.executable, "-m", "cli", "up", "--data-dir", str(folder), *options]
    with (folder / "up.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--port", "0", "--temporal-port", "0"],
            cwd=SOURCES,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("ready "), (folder / "up.log").read_text()[-2000:]
            yield Site(line.split()[1], folder)
        finally:
            process.terminate()
            process.wait(timeout=30)
            if process.stdout is not None:
                process.stdout.close()


def plan(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a plan's JSON
    """A standard launch whose clocks leave a test all the time it takes."""
    start = datetime.now(UTC) + timedelta(hours=2)
    document: dict[str, Any] = {
        "code": f"T-{uuid4().hex[:8]}",
        "title": "社会网点 充100送50",
        "department": "personal",
        "sponsor": "sponsor",
        "template": "standard-launch",
        "window": {"start": instant(start), "end": instant(start + timedelta(hours=1))},
        "regions": ["city-a"],
        "offers": [
            {
                "key": "topup",
                "product": "prepaid-topup",
                "pay": "100.00",
                "get": "50.00",
                "currency": "CNY",
                "segments": ["consumer-prepaid"],
                "channels": ["social-outlet"],
                "key_message": "充100送50，当场到账",
            }
        ],
        "audience": {"size": 1000},
        "contact": {"channel": "sms", "messages_per_customer": 1},
        "policy": {"answer_within": "PT10M", "repair_within": "PT1H", "gate_grace": "PT1H"},
        "steps": [{"key": key, "lead_time": "PT0S"} for key in MODULES],
    }
    return {**document, **changes}


def instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
