"""The API as a process among others: Temporal away, a restart, a stop with streams open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from api import server
from api.app import create_app
from db.schema import migrate
from runtime.ports import free_port
from runtime.settings import Settings
from tests.api.plans import plan
from tests.api.story import PLANNER, act, as_document, shown, sign, started, step_of, until
from tests.stack import DEMO, Stack, introduce, serving


@asynccontextmanager
async def alone(
    folder: Path, patch: pytest.MonkeyPatch, *, migrated: bool = True, metrics: int | None = None
) -> AsyncIterator[Stack]:
    """The API without Temporal, which is nowhere to be found."""
    patch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{free_port()}")
    patience = timedelta(seconds=0.3)
    settings = Settings(
        data_dir=folder, port=free_port(), update_timeout=patience, metrics_port=metrics
    )
    settings.installation.create()
    tokens = {}
    if migrated:
        await migrate(settings.database_url)
        tokens = await introduce(settings.database_url, DEMO)
    app = create_app(settings)
    async with serving(app, settings):
        stack = Stack(settings, app, tokens, None)
        async with stack.http:
            yield stack


async def test_without_temporal_reads_are_served_and_acts_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with alone(tmp_path, monkeypatch) as stack:
        assert (await stack.get("/launches")).json() == {"items": [], "next_cursor": None}
        waiting = await stack.post("/launches", plan(), PLANNER)
        assert waiting.status_code == 202
        ready = await stack.http.get("/readyz")
        assert ready.status_code == 503
        parts = ready.json()
        assert parts == {
            "ready": False,
            "database": "ok",
            "temporal": "does not answer",
            "signing_key": "ok",
        }
        assert (await stack.http.get("/healthz")).json() == {"status": "ok"}


async def test_a_database_that_is_not_migrated_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with alone(tmp_path, monkeypatch, migrated=False) as stack:
        ready = await stack.http.get("/readyz")
        assert ready.status_code == 503
        assert "countersign migrate" in ready.json()["database"]
        asked = await stack.http.get("/api/v1/me", headers={"Authorization": "Bearer x"})
        assert asked.status_code == 503
        assert "sqlite" not in asked.text.lower()


async def test_figures_name_routes_and_never_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    async with alone(tmp_path, monkeypatch, metrics=port) as stack:
        await stack.get("/launches/0123456789abcdef")
        await stack.get("/launches")
        async with httpx2.AsyncClient() as client:
            text = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    assert 'route="/launches/{launch}",status="404"' in text
    assert 'countersign_request_seconds_bucket{le="0.1",method="GET"' in text
    assert "0123456789abcdef" not in text


async def test_a_stop_does_not_wait_for_streams(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "GRACE_SECONDS", 600)
    launch = await started(stack)
    settings = stack.settings.model_copy(update={"port": free_port()})
    app = create_app(settings)
    ended = asyncio.Event()

    async def follow() -> None:
        headers = {"Authorization": f"Bearer {stack.tokens['admin']}"}
        url = f"http://127.0.0.1:{settings.port}/api/v1/launches/{launch['id']}/events/stream"
        async with httpx2.AsyncClient() as client, client.stream("GET", url, headers=headers) as a:
            async for line in a.aiter_lines():
                if line.startswith("id: 2"):
                    following.set()
        ended.set()

    following = asyncio.Event()
    async with asyncio.timeout(60):
        async with serving(app, settings):
            reading = asyncio.create_task(follow())
            await following.wait()
        await ended.wait()
        await reading


async def test_another_process_finishes_what_one_left_behind(stack: Stack) -> None:
    """A command whose API process died before it could even send it."""
    launch = await started(stack)
    settings = stack.settings.model_copy(
        update={"port": free_port(), "update_timeout": timedelta(seconds=0.2)}
    )
    doomed = create_app(settings)
    async with stack.without_worker(), serving(doomed, settings):
        other = Stack(settings, doomed, stack.tokens, None)
        async with other.http:
            waiting = await sign(other, launch, "product")
            assert waiting.status_code == 202
    signed = await until(
        stack, launch["id"], lambda now: step_of(now, "product")["state"] == "signed"
    )
    assert len(step_of(signed, "product")["signatures"]) == 1


async def test_a_launch_that_closed_before_it_answered(stack: Stack) -> None:
    """The update never reached the launch, or its answer was lost: the ledger says which."""
    launch = await started(stack)
    async with stack.without_worker():
        ending = asyncio.create_task(act(stack, launch, "cancel", {"reason": "x"}, PLANNER))
        await asyncio.sleep(0.3)
        late = asyncio.create_task(
            act(stack, launch, "product/decline", {"reason": "x"}, "lead.product")
        )
        await asyncio.sleep(0.3)
    assert (await ending).status_code == 200
    assert as_document(await late)["code"] == "launch_closed"
    assert (await shown(stack, launch["id"]))["phase"] == "closed"
