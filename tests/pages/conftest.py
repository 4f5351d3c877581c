"""The installations of the API tests, with browsers that have no scripts."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from api.attempts import Attempts
from api.sessions import COOKIE
from db import access
from tests.api.conftest import postgresql_stack, sqlite_stack, stack
from tests.stack import Stack

__all__ = ["postgresql_stack", "sqlite_stack", "stack"]

Browsing = Callable[..., Awaitable[httpx2.AsyncClient]]


@pytest.fixture
async def browser(stack: Stack) -> AsyncIterator[Browsing]:
    """A browser in which somebody is signed in; None is nobody."""
    async with AsyncExitStack() as opened:

        async def sign_in(person: str | None, *, lang: str = "en") -> httpx2.AsyncClient:
            client = httpx2.AsyncClient(
                base_url=stack.base_url, headers={"Accept-Language": lang}, timeout=30
            )
            await opened.enter_async_context(client)
            if person is not None:
                await let_in(client, stack, person)
            return client

        yield sign_in


@pytest.fixture
def fresh_attempts(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong passwords of this test count for this test alone."""
    fresh = Attempts()
    for part in ("_limiter", "_under_way"):
        monkeypatch.setattr(stack.office.attempts, part, getattr(fresh, part))


async def let_in(client: httpx2.AsyncClient, stack: Stack, person: str) -> None:
    """Sign somebody in without a password."""
    now = datetime.now(UTC)
    async with stack.database.write() as session:
        secret = await access.open_session(session, person, lasts=timedelta(hours=1), now=now)
    client.cookies.set(COOKIE, secret)
