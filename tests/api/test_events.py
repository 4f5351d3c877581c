import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from typing import Any

import httpx2
import pytest

from tests.api.story import as_document, code_of, sign, started
from tests.stack import Stack


@asynccontextmanager
async def streaming(
    stack: Stack, launch: str, query: str = "", **headers: str
) -> AsyncIterator[AsyncIterator[tuple[str, dict[str, Any]]]]:
    """Events of a stream as (id, event), as they come."""
    given = {"Authorization": f"Bearer {stack.tokens['admin']}", **headers}
    url = f"/api/v1/launches/{launch}/events/stream{query}"
    async with stack.http.stream("GET", url, headers=given) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield _events(answer)


async def _events(answer: httpx2.Response) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield fields["id"], json.loads(fields["data"])
            fields = {}


async def take(stream: AsyncIterator[tuple[str, dict[str, Any]]], count: int) -> list[str]:
    """The ids of the next events."""
    async with asyncio.timeout(10):
        return [(await anext(stream))[0] for _ in range(count)]


async def test_the_ledger_is_read_in_order_and_chained(stack: Stack) -> None:
    launch = await started(stack)
    await sign(stack, launch, "product")
    events = as_document(await stack.get(f"/launches/{launch['id']}/events"))["items"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [event["type"] for event in events[:2]] == ["LaunchStarted", "CommitmentRequested"]
    assert all(later["prev_hash"] == earlier["hash"] for earlier, later in pairwise(events))
    signed = next(event for event in events if event["type"] == "CommitmentSigned")
    assert (signed["actor"], signed["step"]) == ("lead.product", "product")
    assert signed["data"]["digest"].startswith("sha256:")


async def test_pages_of_events(stack: Stack) -> None:
    launch = await started(stack)
    signed = as_document(await sign(stack, launch, "product"))
    path = f"/launches/{launch['id']}/events?limit=2"
    seen: list[int] = []
    cursor: str | None = "0"
    while cursor is not None:
        page = as_document(await stack.get(f"{path}&cursor={cursor}"))
        seen += [event["seq"] for event in page["items"]]
        cursor = page["next_cursor"]
    assert seen == list(range(1, signed["seq"] + 1))
    rest = as_document(await stack.get(f"/launches/{launch['id']}/events?after={signed['seq']}"))
    assert rest == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("query", ["after=-1", "after=x", f"after={10**30}", "limit=0"])
async def test_event_parameters_are_judged(stack: Stack, query: str) -> None:
    launch = await started(stack)
    answer = await stack.get(f"/launches/{launch['id']}/events?{query}")
    assert code_of(answer) == "invalid"
    unknown = await stack.get(f"/launches/none/events?{query}")
    assert code_of(unknown) == "no_such_launch"


async def test_a_stream_tells_what_was_and_what_comes(stack: Stack) -> None:
    launch = await started(stack)
    async with streaming(stack, launch["id"]) as events:
        assert await take(events, 2) == ["1", "2"]
        signed = as_document(await sign(stack, launch, "product"))
        assert (await take(events, signed["seq"] - 2))[-1] == str(signed["seq"])


async def test_a_stream_resumes_where_it_broke_off(stack: Stack) -> None:
    launch = await started(stack)
    signed = as_document(await sign(stack, launch, "product"))
    async with streaming(stack, launch["id"], **{"Last-Event-ID": "2"}) as events:
        assert await take(events, signed["seq"] - 2) == [
            str(seq) for seq in range(3, signed["seq"] + 1)
        ]
    async with streaming(stack, launch["id"], "?after=3", **{"Last-Event-ID": "4"}) as events:
        assert await take(events, 1) == ["5"]


async def test_many_streams_ask_the_database_together(stack: Stack) -> None:
    launch = await started(stack)
    feed = stack.office.feed
    asked = 0
    heads = feed._heads

    async def counted(launches: Any) -> Any:  # noqa: ANN401 - passed on
        nonlocal asked
        asked += 1
        return await heads(launches)

    feed._heads = counted
    try:
        streams = [streaming(stack, launch["id"], "?after=2") for _ in range(20)]
        opened = [await stream.__aenter__() for stream in streams]
        asked = 0
        await asyncio.sleep(1)
        assert 1 <= asked <= 6
        await sign(stack, launch, "product")
        assert {(await take(events, 1))[0] for events in opened} == {"3"}
        for stream in streams:
            with suppress(RuntimeError):
                await stream.__aexit__(None, None, None)
    finally:
        feed._heads = heads


async def test_who_leaves_is_forgotten(stack: Stack) -> None:
    launch = await started(stack)
    async with streaming(stack, launch["id"]) as events:
        await take(events, 1)
        assert launch["id"] in stack.office.feed._watches
    async with asyncio.timeout(5):
        while launch["id"] in stack.office.feed._watches:  # noqa: ASYNC110 - nothing to wait for
            await asyncio.sleep(0.05)


async def test_a_stream_is_refused_before_it_begins(stack: Stack) -> None:
    launch = await started(stack)
    path = f"/launches/{launch['id']}/events/stream"
    assert code_of(await stack.get(path, None)) == "unauthenticated"
    assert code_of(await stack.get("/launches/none/events/stream")) == "no_such_launch"
    broken = await stack.get(path, headers={"Last-Event-ID": "x"})
    assert code_of(broken) == "invalid"
