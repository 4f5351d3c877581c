"""Launches brought to where a test wants them, through the API and nothing else."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2

from tests.api.plans import plan
from tests.stack import Stack

PLANNER = "planner.personal"
CHAIN = ("product", "marketing", "communications", "channel", "service")

Document = dict[str, Any]


async def started(stack: Stack, **changes: object) -> Document:
    """A launch that has just begun: `product` is requested."""
    answer = await stack.post("/launches", plan(**changes), PLANNER)
    if answer.status_code == 202:
        command = await final(stack, answer.headers["location"], PLANNER)
        return Document(command["reply"])
    assert answer.status_code == 201, answer.text
    return as_document(answer)


async def final(stack: Stack, location: str, person: str) -> Document:
    """The command at this place once it is no longer pending."""
    async with asyncio.timeout(60):
        while True:
            command = as_document(await stack.get(location.removeprefix("/api/v1"), person))
            if command["state"] != "pending":
                return command
            await asyncio.sleep(0.1)


async def cancelled(stack: Stack, launch: Document) -> Document:
    """The launch, ended and closed."""
    answer = await act(stack, launch, "cancel", {"reason": "over"}, PLANNER)
    assert answer.status_code == 200, answer.text
    return await until(stack, launch["id"], lambda now: now["phase"] == "closed")


async def act(
    stack: Stack, launch: Document, name: str, body: object, person: str, key: str | None = None
) -> httpx2.Response:
    """An act on the launch, or on one of its steps: `product/sign`."""
    step, _, verb = name.rpartition("/")
    where = f"/steps/{step}/{verb}" if step else f"/{verb}"
    return await stack.post(f"/launches/{launch['id']}{where}", body, person, key=key)


async def sign(
    stack: Stack, launch: Document, step: str, person: str = "", key: str | None = None
) -> httpx2.Response:
    """The step's lead signs the terms as they now are."""
    now = await shown(stack, launch["id"])
    body = {"terms_digest": step_of(now, step)["terms"]["digest"]}
    return await act(stack, launch, f"{step}/sign", body, person or f"lead.{step}", key)


async def signed_up_to(stack: Stack, launch: Document, last: str) -> Document:
    """The chain signed from its start up to and with this step."""
    for step in CHAIN[: CHAIN.index(last) + 1]:
        answer = await sign(stack, launch, step)
        assert answer.status_code == 200, answer.text
    return await shown(stack, launch["id"])


async def shown(stack: Stack, launch: str) -> Document:
    """The launch as GET shows it."""
    answer = await stack.get(f"/launches/{launch}")
    assert answer.status_code == 200, answer.text
    return as_document(answer)


async def inbox(stack: Stack, person: str) -> list[Document]:
    """All that waits for the person, page by page."""
    found: list[Document] = []
    more = "/inbox?limit=100"
    while True:
        page = as_document(await stack.get(more, person))
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        more = f"/inbox?limit=100&cursor={page['next_cursor']}"


async def until(
    stack: Stack, launch: str, fact: Callable[[Document], bool], patience: float = 30
) -> Document:
    """Waits for something to be so."""
    async with asyncio.timeout(patience):
        while True:
            now = await shown(stack, launch)
            if fact(now):
                return now
            await asyncio.sleep(0.05)


def step_of(launch: Document, key: str) -> Document:
    step: Document = next(step for step in launch["steps"] if step["key"] == key)
    return step


def as_document(answer: httpx2.Response) -> Document:
    document: Document = answer.json()
    return document


def code_of(answer: httpx2.Response) -> str:
    """The stable code of a refusal, whose form is checked on the way."""
    problem = as_document(answer)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["status"] == answer.status_code
    assert {"type", "title", "status", "detail", "instance", "code"} <= problem.keys()
    return str(problem["code"])
