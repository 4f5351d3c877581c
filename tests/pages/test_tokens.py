"""One's own ways in: tokens shown once, another password, the end of all sessions."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from api.passwords import hashed
from api.replies import BASE
from db import access
from tests.pages.conftest import Browsing
from tests.stack import Stack

OLD, NEW = "correct horse battery", "staple correct horse"
TOKEN = re.compile(r"cs_[\w-]{20,}")


async def test_a_token_is_shown_once_and_opens_the_api(stack: Stack, browser: Browsing) -> None:
    lead = await browser("lead.channel")
    form = {"key": uuid4().hex, "label": "report <b>", "days": "3"}
    made = await lead.post("/tokens", data=form)
    token = TOKEN.search(made.text)
    assert token is not None
    assert made.headers["cache-control"] == "no-store"
    assert "report <b>" not in made.text
    bearer = {"Authorization": f"Bearer {token[0]}"}
    assert (await stack.http.get(f"{BASE}/me", headers=bearer)).json()["person"] == "lead.channel"

    again = await lead.post("/tokens", data=form)
    assert (again.status_code, TOKEN.search(again.text)) == (200, None)
    page = (await lead.get("/tokens")).text
    assert TOKEN.search(page) is None
    async with stack.database.read() as session:
        mine = await access.tokens_of(session, "lead.channel", now=datetime.now(UTC))
    (labelled,) = [one for one in mine if one.label == "report <b>"]

    other = await browser("lead.service")
    await other.post("/tokens/revoke", data={"token": labelled.id})
    assert (await stack.http.get(f"{BASE}/me", headers=bearer)).status_code == 200
    assert (await lead.post("/tokens/revoke", data={"token": labelled.id})).status_code == 303
    assert (await stack.http.get(f"{BASE}/me", headers=bearer)).status_code == 401


@pytest.mark.parametrize(("label", "days"), [("", "3"), ("a\0b", "3"), ("x", "0"), ("x", "³")])
async def test_a_token_that_makes_no_sense(browser: Browsing, label: str, days: str) -> None:
    lead = await browser("lead.channel")
    form = {"key": uuid4().hex, "label": label, "days": days}
    answer = await lead.post("/tokens", data=form)
    assert (answer.status_code, TOKEN.search(answer.text)) == (422, None)


async def test_another_password_ends_other_sessions(stack: Stack, browser: Browsing) -> None:
    person = "head.channel"
    async with stack.database.write() as session:
        await access.set_password(session, person, await hashed(OLD), now=datetime.now(UTC))
    here, elsewhere = await browser(person), await browser(person)
    form = {"current": OLD, "password": NEW, "again": NEW}
    wrong = await here.post("/tokens/password", data={**form, "current": "not that one"})
    assert wrong.status_code == 403
    assert "not right" in wrong.text
    unlike = await here.post("/tokens/password", data={**form, "again": "something else"})
    assert unlike.status_code == 422
    assert (await elsewhere.get("/inbox")).status_code == 200
    assert (await here.post("/tokens/password", data=form)).status_code == 303
    assert (await here.get("/inbox")).status_code == 200
    assert (await elsewhere.get("/inbox")).status_code == 303
    nobody = await browser(None)
    sign_in = {"person": person, "password": NEW}
    assert (await nobody.post("/sign-in", data=sign_in)).status_code == 303


@pytest.mark.usefixtures("fresh_attempts")
async def test_the_current_password_cannot_be_guessed(stack: Stack, browser: Browsing) -> None:
    person = "head.communications"
    async with stack.database.write() as session:
        await access.set_password(session, person, await hashed(OLD), now=datetime.now(UTC))
    here = await browser(person)
    form = {"current": "wrong", "password": NEW, "again": NEW}
    answers = [(await here.post("/tokens/password", data=form)).status_code for _ in range(11)]
    assert answers == [403] * 10 + [429]


async def test_a_password_does_not_wait_for_who_signs_in_again(browser: Browsing) -> None:
    nobody = await browser(None)
    form = {"current": OLD, "password": NEW, "again": NEW}
    answer = await nobody.post("/tokens/password", data=form)
    assert answer.status_code == 401
    assert OLD not in answer.text
    assert NEW not in answer.text


async def test_signing_out_everywhere(browser: Browsing) -> None:
    here, elsewhere = await browser("executive"), await browser("executive")
    somebody = await browser("sponsor")
    assert (await here.post("/tokens/sign-out")).headers["location"] == "/sign-in"
    assert (await elsewhere.get("/inbox")).status_code == 303
    assert (await somebody.get("/inbox")).status_code == 200
