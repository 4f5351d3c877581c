"""An empty installation explains itself, and every refusal says what to do."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import httpx2
import pytest
from fastapi import Request

from api.app import create_app
from api.pages.errors import refusal_page
from api.pages.here import is_on_this_machine
from api.problems import Problem
from db.schema import migrate
from domain.words.refusals import REFUSALS
from runtime.ports import free_port
from runtime.settings import Settings
from tests.stack import serving

PASSWORD = "correct horse battery"
LOAD = "Load the sample organisation"


THROUGH_A_PROXY = (
    *("Forwarded", "Via", "X-Real-IP", "X-Forwarded-For", "X-Forwarded-Host"),
    *("X-Forwarded-Proto", "X-Forwarded-Whatever"),
)


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser at an installation that knows nobody, in demo mode."""
    settings = Settings(data_dir=tmp_path, port=free_port(), demo=True)
    settings.installation.create()
    await migrate(settings.database_url)
    async with AsyncExitStack() as opened:
        await opened.enter_async_context(serving(create_app(settings), settings))
        url = f"http://127.0.0.1:{settings.port}"
        yield await opened.enter_async_context(httpx2.AsyncClient(base_url=url, timeout=30))


async def test_an_empty_installation_offers_the_sample_once(empty: httpx2.AsyncClient) -> None:
    page = (await empty.get("/sign-in")).text
    assert all(text in page for text in (LOAD, "countersign person invite admin"))
    unlike = await empty.post("/sample", data={"password": PASSWORD, "again": "other"})
    assert unlike.status_code == 422
    assert "not the same" in unlike.text
    short = await empty.post("/sample", data={"password": "short", "again": "short"})
    assert short.status_code == 422
    form = {"password": PASSWORD, "again": PASSWORD}
    loaded = await empty.post("/sample", data=form)
    assert (loaded.status_code, loaded.headers["location"]) == (303, "/organisation?done=sample")
    page = (await empty.get("/organisation?done=sample")).text
    assert all(text in page for text in ("Feiteng", "is loaded"))
    assert (await empty.post("/sample", data=form)).status_code == 409
    assert LOAD not in (await empty.get("/sign-in")).text
    await empty.post("/sign-out")
    sign_in = {"person": "admin", "password": PASSWORD}
    assert (await empty.post("/sign-in", data=sign_in)).status_code == 303


async def test_the_sample_is_for_this_machine(empty: httpx2.AsyncClient) -> None:
    """A name that another site was given for this address does not count as this machine."""
    from_elsewhere = {"host": "evil.example"}
    assert LOAD not in (await empty.get("/sign-in", headers=from_elsewhere)).text
    form = {"password": PASSWORD, "again": PASSWORD}
    refused = await empty.post("/sample", data=form, headers=from_elsewhere)
    assert refused.status_code == 403


async def test_nobody_behind_a_proxy_is_on_this_machine(empty: httpx2.AsyncClient) -> None:
    """The proxy asks from here, by a name of this machine; who is behind it does not."""
    form = {"password": PASSWORD, "again": PASSWORD}
    for name in THROUGH_A_PROXY:
        through = {name: "127.0.0.1"}
        assert LOAD not in (await empty.get("/sign-in", headers=through)).text, name
        assert (await empty.post("/sample", data=form, headers=through)).status_code == 403, name
    assert (await empty.post("/sample", data=form)).status_code == 303
    await empty.post("/sign-out")
    click = {"person": "admin"}
    for name in THROUGH_A_PROXY:
        through = {name: "127.0.0.1"}
        assert "/sign-in/demo" not in (await empty.get("/sign-in", headers=through)).text, name
        refused = await empty.post("/sign-in/demo", data=click, headers=through)
        assert refused.status_code == 403, name
    assert (await empty.post("/sign-in/demo", data=click)).status_code == 303


@pytest.mark.parametrize(("version", "is_here"), [("1.0", False), ("1.1", True), ("2", True)])
def test_who_asks_in_http_1_0_is_a_proxy(version: str, is_here: bool) -> None:  # noqa: FBT001 - a case
    """What nginx sends unless it is told otherwise, without a header that says so."""
    scope = {**asked("en").scope, "http_version": version, "client": ("127.0.0.1", 1)}
    assert is_on_this_machine(Request(scope)) is is_here


def asked(lang: str) -> Request:
    """A request by nobody, as far as a page of a refusal looks at it."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/launches/x",
        "query_string": b"",
        "headers": [(b"accept-language", lang.encode()), (b"host", b"127.0.0.1")],
        "app": SimpleNamespace(state=SimpleNamespace(office=None)),
    }
    return Request(scope)


ADVICE = {
    (404, "no_such_launch"): ("Check the address", "请检查地址"),
    (403, "not_yours"): ("Ask whoever is named", "请联系"),
    (409, "wrong_state"): ("load the page anew", "刷新页面"),
    (429, "too_many_attempts"): ("Waiting is enough", "等待即可"),
    (500, "internal"): ("countersign doctor", "countersign doctor"),
    (503, "unavailable"): ('href="/launches/x"', 'href="/launches/x"'),
}


@pytest.mark.parametrize(("status", "code"), ADVICE)
@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_a_refusal_says_what_to_do(status: int, code: str, lang: str) -> None:
    response = await refusal_page(asked(lang), Problem(status, code, "What happened."))
    page = unescape(bytes(response.body).decode())
    assert response.status_code == status
    assert ADVICE[status, code][lang == "zh"] in page
    if code in REFUSALS:
        assert (REFUSALS[code].zh if lang == "zh" else REFUSALS[code].en) in page
