"""The switch to the other language leads to a page that exists, and loses nothing on the way."""

import re
from datetime import UTC, datetime
from html import unescape
from uuid import uuid4

import httpx2
import pytest

from db import access
from tests.api.story import cancelled, signed_up_to, started
from tests.pages.conftest import Browsing
from tests.pages.test_doors import pages
from tests.pages.test_escalations import raised
from tests.pages.test_start import PLANNER, TYPING, filled, value_of
from tests.stack import Stack

SWITCH = re.compile(r'action="/language".*?name="next" value="([^"]*)"', re.DOTALL)
LEADS_ON = {"/language", "/sign-out", "/sign-in/demo", "/tokens/sign-out", "/tokens/revoke"}
"""What answers with another page, or a refusal, whatever is sent."""


def switch_of(page: httpx2.Response) -> str:
    found = SWITCH.search(page.text)
    assert found is not None
    return unescape(found[1])


async def switched(browser: httpx2.AsyncClient, page: httpx2.Response) -> httpx2.Response:
    """The page after a click on the switch."""
    form = {"next": switch_of(page), "language": "zh"}
    return await browser.post("/language", data=form, follow_redirects=True)


@pytest.mark.parametrize("person", [PLANNER, "lead.product", "sponsor", "facilitator", "admin"])
async def test_every_answer_to_a_form_is_to_be_had_again(
    stack: Stack, browser: Browsing, person: str
) -> None:
    going, escalation = await raised(stack)
    closed = await cancelled(stack, await signed_up_to(stack, await started(stack), "product"))
    now = datetime.now(UTC)
    async with stack.database.write() as session:
        secret = await access.invite(session, "head.service", days=3, now=now)
    named = {"{escalation}": escalation, "{secret}": secret, "{step}": "product"}
    acts = {
        "/launches/{launch}/postmortem/{act}": ("change", "comment", "actions", "reveal"),
        "/launches/{launch}/steps/{step}/{act}": ("decline", "sign", "counter"),
        "/launches/{launch}/{act}": ("stop", "escalate"),
        "/escalations/{escalation}/{act}": ("resolve", "take-up"),
    }
    reader, answered = await browser(person), 0
    for method, path in pages(stack):
        if method != "POST" or path in LEADS_ON:
            continue
        launch = closed["id"] if "postmortem" in path else going
        place = path.replace("{launch}", launch)
        for name, text in named.items():
            place = place.replace(name, text)
        for act in acts.get(path, ("",)):
            form = {"key": uuid4().hex, "do": "add", "was": "{}", "person.id": "nobody"}
            answer = await reader.post(place.replace("{act}", act), data=form)
            if answer.status_code == 303 or not SWITCH.search(answer.text):
                continue
            answered += 1
            again = await switched(reader, answer)
            assert again.status_code == 200, (path, act, switch_of(answer))
            reader.cookies.delete("countersign_language")
    assert answered > 5


async def test_what_was_written_comes_along(browser: Browsing) -> None:
    """Where it was saved as a draft on the way, and also what was written since."""
    planner, form = await browser(PLANNER), filled()
    await planner.post("/launches/new/check", data=form, headers=TYPING)
    more = {**form, "title": "开学季二"}
    checked = await planner.post("/launches/new/check", data=more)
    again = await switched(planner, checked)
    assert 'lang="zh-CN"' in again.text
    assert value_of(again.text, "title") == "开学季二"
    refused = await planner.post("/launches/new", data={**more, "title": "三", "code": ""})
    assert refused.status_code == 422
    assert value_of((await switched(planner, refused)).text, "title") == "三"
    await planner.post("/launches/new/draft/forget", data={"draft": form["draft"]})


async def test_pages_of_one_thing_come_back_to_it(stack: Stack, browser: Browsing) -> None:
    going, escalation = await raised(stack)
    closed = (await cancelled(stack, await signed_up_to(stack, await started(stack), "product")))[
        "id"
    ]
    wrong = {"was": "{}", "state": "in_review", "summary": ""}
    checked = await (await browser(PLANNER)).post("/launches/new/check", data=wrong)
    assert switch_of(checked) == "/launches/new"
    for person, place in (
        (PLANNER, f"/launches/{going}/plan"),
        (PLANNER, f"/launches/{going}/cancel"),
        ("facilitator", f"/launches/{closed}/postmortem/change"),
        ("sponsor", f"/escalations/{escalation}/resolve"),
    ):
        answer = await (await browser(person)).post(place, data=wrong)
        assert answer.status_code == 422
        assert not SWITCH.search(answer.text), "it would lose what was written"


async def test_signing_in_in_another_language_leads_on(browser: Browsing) -> None:
    nobody = await browser(None)
    page = await nobody.get("/sign-in", params={"next": "/launches?phase=live"})
    again = await switched(nobody, page)
    assert 'value="/launches?phase=live"' in again.text


async def test_what_waits_to_be_sent_is_not_switched_away(stack: Stack, browser: Browsing) -> None:
    nobody = await browser(None)
    form = {"text": "还在写", "as": "lead.product"}
    asked = await nobody.post("/launches/x/steps/product/ask", data=form)
    assert asked.status_code == 401
    assert 'value="还在写"' in asked.text
    assert SWITCH.search(asked.text) is None
    now = datetime.now(UTC)
    async with stack.database.write() as session:
        secret = await access.invite(session, "head.channel", days=3, now=now)
    password = {"password": "correct horse battery", "again": "correct horse battery"}
    await nobody.post(f"/welcome/{secret}", data=password)
    kept = {"kept:path": "/launches/x/steps/product/ask", "kept:text": "还在写"}
    signing = {"person": "head.channel", "password": password["password"], **kept}
    resumed = await nobody.post("/sign-in", data=signing)
    assert "还在写" in resumed.text
    assert SWITCH.search(resumed.text) is None
