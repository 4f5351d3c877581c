"""Coming in: who may see a page, and how one gets to be somebody."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import pytest
from fastapi.routing import iter_route_contexts

from api.replies import BASE
from db import access
from tests.pages.conftest import Browsing
from tests.stack import Stack

EVERYBODY: Final = {
    *("/sign-in", "/sign-in/demo", "/sign-out", "/language", "/welcome/{secret}", "/sample"),
    *("/static/{digest}/{name:path}", "/healthz", "/readyz"),
}
"""What needs nobody to be signed in."""
PASSWORD: Final = "correct horse battery"


def pages(stack: Stack) -> list[tuple[str, str]]:
    return [
        (method, str(context.path))
        for context in iter_route_contexts(stack.app.routes)
        for method in sorted(context.methods or ())
        if method != "HEAD" and not str(context.path).startswith(BASE)
    ]


async def test_nobody_sees_a_page(stack: Stack, browser: Browsing) -> None:
    nobody = await browser(None)
    wanted = [(method, path) for method, path in pages(stack) if path not in EVERYBODY]
    assert ("GET", "/inbox") in wanted
    for method, path in wanted:
        answer = await nobody.request(method, path)
        if path.endswith("/stream"):
            assert answer.status_code == 401, path
        elif method == "GET":
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/sign-in?next=/"), path
        else:
            assert answer.status_code == 401, path
            assert "<form" in answer.text, path


async def test_another_site_does_nothing_with_a_cookie(stack: Stack, browser: Browsing) -> None:
    admin = await browser("admin")
    for method, path in pages(stack):
        if method == "GET" or path.startswith(("/healthz", "/welcome")):
            continue
        for name, value in (("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")):
            answer = await admin.request(method, path, headers={name: value})
            assert answer.status_code == 403, (method, path)
    api = await admin.post(f"{BASE}/launches", json={}, headers={"sec-fetch-site": "same-site"})
    assert api.json()["code"] == "foreign_origin"


@pytest.mark.parametrize(
    "header", [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")]
)
async def test_what_another_site_sends_is_nobodys_to_keep(
    browser: Browsing, header: tuple[str, str]
) -> None:
    """A browser sends no cookie along with it: it looks like a session that has ended."""
    nobody = await browser(None)
    form = {"reason": "somebody else's words", "key": "k"}
    answer = await nobody.post("/launches/any/cancel", data=form, headers=dict([header]))
    assert answer.status_code == 403
    assert "somebody else" not in answer.text
    assert "This came from another site" in answer.text
    ours = await nobody.post("/launches/any/cancel", data=form)
    assert ours.status_code == 401
    assert "somebody else" in ours.text


async def test_a_long_text_outlasts_a_session_and_one_too_long_is_said(browser: Browsing) -> None:
    nobody, text = await browser(None), "组织" * 20_000
    kept = await nobody.post("/organisation/edit", data={"text": text})
    assert kept.status_code == 401
    assert text in kept.text
    form = {
        "person": "nobody",
        "password": "x",
        "kept:path": "/organisation/edit",
        "kept:text": text,
    }
    assert text in (await nobody.post("/sign-in", data=form)).text
    lost = await nobody.post("/organisation/edit", data={"text": text * 10})
    assert lost.status_code == 413
    assert "too much to keep" in lost.text


async def test_what_another_site_sends_nowhere_is_answered_whole(browser: Browsing) -> None:
    """A refusal is told without its reader, who cannot be told for such a request."""
    admin = await browser("admin")
    for method, path in (("POST", "/nowhere"), ("POST", "/inbox"), ("PUT", "/launches/x/stop")):
        for name, value in (("sec-fetch-site", "same-site"), ("origin", "https://evil.example")):
            answer = await admin.request(method, path, headers={name: value})
            assert answer.status_code in (404, 405), path
            assert answer.text.rstrip().endswith("</html>"), path
            assert "/sign-out" not in answer.text, path


async def test_the_cookie_is_as_good_as_a_token(browser: Browsing) -> None:
    lead = await browser("lead.product")
    assert (await lead.get(f"{BASE}/me")).json()["person"] == "lead.product"


async def test_an_invitation_makes_a_password_once(stack: Stack, browser: Browsing) -> None:
    now = datetime.now(UTC)
    async with stack.database.write() as session:
        secret = await access.invite(session, "head.service", days=3, now=now)
    nobody = await browser(None)
    assert "head.service" in (await nobody.get(f"/welcome/{secret}")).text
    too_short = {"password": "short", "again": "short"}
    assert (await nobody.post(f"/welcome/{secret}", data=too_short)).status_code == 422
    chosen = {"password": PASSWORD, "again": PASSWORD}
    assert (await nobody.post(f"/welcome/{secret}", data=chosen)).status_code == 303
    assert (await nobody.get("/inbox")).status_code == 200
    assert (await nobody.get(f"/welcome/{secret}")).status_code == 404

    again = await browser(None)
    form = {"person": "head.service", "password": PASSWORD, "next": "/launches"}
    answer = await again.post("/sign-in", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/launches")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]
    await again.post("/sign-out")
    assert (await again.get("/inbox")).status_code == 303


@pytest.mark.parametrize("person", ["head.product", "nobody"])
@pytest.mark.usefixtures("fresh_attempts")
async def test_passwords_cannot_be_guessed(browser: Browsing, person: str) -> None:
    name = f"{person}-{uuid4().hex}" if person == "nobody" else person
    nobody = await browser(None)
    form = {"person": name, "password": "wrong password"}
    answers = [(await nobody.post("/sign-in", data=form)).status_code for _ in range(11)]
    assert answers == [403] * 10 + [429]


@pytest.mark.usefixtures("fresh_attempts")
async def test_what_waits_outlasts_too_many_wrong_passwords(browser: Browsing) -> None:
    nobody = await browser(None)
    waiting = {"kept:path": "/launches/x/stop", "kept:reason": "还没发出"}
    form = {"person": f"nobody-{uuid4().hex}", "password": "wrong", **waiting}
    answers = [await nobody.post("/sign-in", data=form) for _ in range(11)]
    assert [one.status_code for one in answers] == [403] * 10 + [429]
    assert answers[-1].headers["Retry-After"] == "900"
    for answer in answers[-2:]:
        assert 'name="kept:reason" value="还没发出"' in answer.text


@pytest.mark.usefixtures("fresh_attempts")
async def test_passwords_cannot_be_guessed_all_at_once(browser: Browsing) -> None:
    nobody = await browser(None)
    form = {"person": "deputy.service", "password": "guess"}
    answers = await asyncio.gather(*(nobody.post("/sign-in", data=form) for _ in range(30)))
    codes = Counter(answer.status_code for answer in answers)
    assert codes[403] <= 10
    assert codes[403] + codes[429] == 30


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example", " "])
async def test_signing_in_leads_to_our_own_pages_only(browser: Browsing, to: str) -> None:
    nobody = await browser(None)
    assert f'value="{to}"' not in (await nobody.get("/sign-in", params={"next": to})).text


async def test_one_click_is_for_demo_mode(browser: Browsing) -> None:
    nobody = await browser(None)
    answer = await nobody.post("/sign-in/demo", data={"person": "admin"})
    assert answer.status_code == 403
    assert "/sign-in/demo" not in (await nobody.get("/sign-in")).text


async def test_a_page_runs_and_loads_only_what_is_ours(browser: Browsing) -> None:
    lead = await browser("lead.product")
    answer = await lead.get("/inbox")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_what_is_not_there_says_so(browser: Browsing, lang: str) -> None:
    lead = await browser("lead.product", lang=lang)
    answer = await lead.get("/launches/none")
    assert answer.status_code == 404
    assert ("页面不存在" if lang == "zh" else "nothing here") in answer.text
