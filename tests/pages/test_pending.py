"""Acts that take longer than anybody waits: said, kept, and told how they ended."""

import asyncio

import httpx2
import pytest

from tests.pages.conftest import Browsing
from tests.pages.test_launch import start, step_of
from tests.pages.test_start import PLANNER, filled, kept_by
from tests.stack import PATIENCE, Stack


async def told(browser: httpx2.AsyncClient, address: str, words: str) -> str:
    """The page once it says so."""
    async with asyncio.timeout(PATIENCE):
        while words not in (text := (await browser.get(address)).text):  # noqa: ASYNC110 - a page
            await asyncio.sleep(0.1)
    return text


@pytest.mark.parametrize("back", ["/inbox", ""])
async def test_what_takes_longer_is_said_until_it_is_done(
    stack: Stack, browser: Browsing, back: str
) -> None:
    launch = await start(stack)
    lead, other = await browser("lead.product"), await browser("deputy.product")
    form = {"key": "k" + launch["id"], "terms_digest": launch["steps"][0]["terms"]["digest"]}
    place = f"/launches/{launch['id']}/steps/product/sign"
    async with stack.without_worker():
        sent = await lead.post(place, data=form | ({"next": back} if back else {}))
        assert sent.status_code == 303
        where = sent.headers["location"]
        assert where.startswith(back or f"/launches/{launch['id']}")
        assert "This takes longer than usual" in (await lead.get(where)).text
        assert "This takes longer" not in (await other.get(where)).text, "it is another's command"
    await told(lead, where, "What took longer is carried out now.")
    assert (await step_of(stack, launch["id"]))["state"] == "signed"


async def test_a_late_refusal_is_told(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    lead = await browser("lead.product")
    place = f"/launches/{launch['id']}/steps/product/sign"
    form = {"terms_digest": "sha256:stale", "note": "都核对过了", "next": "/inbox"}
    async with stack.without_worker():
        sent = await lead.post(place, data=form)
    text = await told(lead, sent.headers["location"], "The terms have changed")
    assert "What took longer" not in text
    assert "都核对过了</textarea>" in text, "what was written with it"


async def test_a_draft_is_gone_once_its_launch_was_seen(stack: Stack, browser: Browsing) -> None:
    planner, form = await browser(PLANNER), filled()
    await planner.post("/launches/new/draft", data=form)
    async with stack.without_worker():
        sent = await planner.post("/launches/new", data=form)
    where = sent.headers["location"]
    assert form["draft"] in await kept_by(stack, PLANNER)
    await told(planner, where, "Open the launch")
    assert form["draft"] not in await kept_by(stack, PLANNER)


async def test_another_site_says_nothing(browser: Browsing) -> None:
    lead = await browser("lead.product")
    for site, is_said in (("same-origin", True), ("cross-site", False), ("none", False)):
        page = await lead.get("/inbox?done=stop", headers={"sec-fetch-site": site})
        assert ("The launch is stopped." in page.text) == is_said


async def test_nothing_is_said_that_anybody_else_made_up(browser: Browsing) -> None:
    lead = await browser("lead.product")
    for made_up in ("done=sign&of=<b>you%20won</b>", "done=<i>", "pending=none", "pending=%00"):
        text = (await lead.get(f"/inbox?{made_up}")).text
        assert "you won" not in text
        assert "carried out" not in text
