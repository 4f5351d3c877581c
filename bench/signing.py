"""Sign-offs: five departments sign a launch, through Countersign and through the bare engine."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import httpx2

from bench.load import Journey
from bench.stacks import Stacks, expect

CHAIN = ("product", "marketing", "communications", "channel", "service")
PLANNER = "planner.personal"
SIGNERS = tuple(f"lead.{module}" for module in CHAIN)
PEOPLE = (PLANNER, *SIGNERS)
_numbers = count(1)


def plan() -> dict[str, Any]:
    """A launch far enough ahead that nothing but signatures happens."""
    start = (datetime.now(UTC) + timedelta(days=60)).date()
    return {
        "code": f"BENCH-{next(_numbers)}",
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
    }


async def countersign_runs(
    client: httpx2.AsyncClient, stacks: Stacks, runs: int
) -> Sequence[Sequence[Journey]]:
    """Started launches, each with its five signatures still to come."""
    started = [await _start(client, stacks) for _ in range(runs)]
    return [
        [partial(_sign, client, stacks, launch, step) for step in launch["steps"]]
        for launch in started
    ]


async def bare_runs(
    client: httpx2.AsyncClient, stacks: Stacks, runs: int
) -> Sequence[Sequence[Journey]]:
    """Started workflows, each with its five updates still to come."""
    names = [f"{datetime.now(UTC).timestamp()}-{number}" for number in range(runs)]
    for name in names:
        expect(await client.post(f"{stacks.bare}/runs/{name}"), 200)
    return [[partial(_sign_bare, client, stacks, name)] * len(CHAIN) for name in names]


async def _start(client: httpx2.AsyncClient, stacks: Stacks) -> dict[str, Any]:
    url = f"{stacks.countersign}/api/v1/launches"
    response = await client.post(url, json=plan(), headers=_as(stacks, PLANNER))
    return expect(response, 201)


async def _sign(
    client: httpx2.AsyncClient, stacks: Stacks, launch: dict[str, Any], step: dict[str, Any]
) -> None:
    url = f"{stacks.countersign}/api/v1/launches/{launch['id']}/steps/{step['key']}/sign"
    body = {"terms_digest": step["terms"]["digest"]}
    headers = _as(stacks, f"lead.{step['module']}")
    expect(await client.post(url, json=body, headers=headers), 200)


async def _sign_bare(client: httpx2.AsyncClient, stacks: Stacks, name: str) -> None:
    expect(await client.post(f"{stacks.bare}/runs/{name}/sign"), 200)


def _as(stacks: Stacks, person: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {stacks.tokens[person]}"}
