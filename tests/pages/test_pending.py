"""Acts that take longer than anybody waits: said, kept, and told how they ended."""

import asyncio

import httpx2
import pytest

from tests.pages.conftest import Browsing
from tests.pages.test_launch import start, step_of
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
    async with stack.without_worker():
        sent = await lead.post(place, data={"terms_digest": "sha256:stale", "next": "/inbox"})
    text = await told(lead, sent.headers["location"], "The terms have changed")
    assert "What took longer" not in text


async def test_nothing_is_said_that_anybody_else_made_up(browser: Browsing) -> None:
    lead = await browser("lead.product")
    for made_up in ("done=sign&of=<b>you%20won</b>", "done=<i>", "pending=none", "pending=%00"):
        text = (await lead.get(f"/inbox?{made_up}")).text
        assert "you won" not in text
        assert "carried out" not in text
