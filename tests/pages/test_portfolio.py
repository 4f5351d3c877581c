"""The portfolio: filtered in words, drawn and told, and what it says where there is nothing."""

import re
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx2
import pytest
from temporalio.client import Client

from tests.api.plans import plan
from tests.pages.conftest import Browsing, let_in
from tests.pages.test_launch import start
from tests.stack import Stack, running_stack


@pytest.fixture(scope="module")
async def empty(tmp_path_factory: pytest.TempPathFactory, temporal: Client) -> AsyncIterator[Stack]:
    async with running_stack(tmp_path_factory.mktemp("empty"), temporal) as stack:
        yield stack


def options(text: str, name: str) -> list[str]:
    chosen = text.partition(f'<select name="{name}">')[2].partition("</select>")[0]
    return re.findall(r"<option[^>]*>([^<]*)</option>", chosen)


async def test_filters_are_those_of_the_api(stack: Stack, browser: Browsing) -> None:
    word = uuid4().hex[:12]
    mine = plan(title=f"{word} 一", department="personal")
    other = plan(title=f"{word} 二", department="elsewhere")
    for one in (mine, other):
        assert (await stack.post("/launches", one, "planner.personal")).status_code == 201
    reader = await browser("lead.product")
    text = (await reader.get("/launches", params={"q": word})).text
    assert all(text.count(f">{one['title']}<") == 1 for one in (mine, other))
    assert text.count('class="run committing') == 2
    assert "elsewhere" in options(text, "department"), "nobody plans for it any more"
    only = {"q": word, "department": "elsewhere", "phase": "committing", "module": "product"}
    text = (await reader.get("/launches", params=only)).text
    assert other["title"] in text
    assert mine["title"] not in text
    none = (await reader.get("/launches", params={**only, "phase": "live"})).text
    assert "No launch is like this." in none
    assert "Show all" in none


async def test_a_bar_leads_to_its_launch_and_says_where_it_stands(
    stack: Stack, browser: Browsing
) -> None:
    launch = await start(stack)
    reader = await browser("lead.product", lang="zh")
    text = (await reader.get("/launches", params={"q": launch["code"]})).text
    bar = re.search(rf'<a href="/launches/{launch["id"]}" aria-label="([^"]*)">', text)
    assert bar is not None
    assert bar[1].startswith(f"{launch['code']} · 承诺中"), bar[1]


@pytest.mark.parametrize("wrong", ["phase=flying", "cursor=none", "q=%00"])
async def test_a_filter_that_is_none_is_refused(browser: Browsing, wrong: str) -> None:
    answer = await (await browser("lead.product")).get(f"/launches?{wrong}")
    assert answer.status_code == 422
    assert "What you can do" in answer.text


@pytest.mark.parametrize("person", ["planner.personal", "lead.product"])
async def test_nothing_yet_is_explained(empty: Stack, person: str) -> None:
    async with httpx2.AsyncClient(base_url=empty.base_url, timeout=30) as reader:
        await let_in(reader, empty, person)
        text = (await reader.get("/launches", headers={"Accept-Language": "en"})).text
    assert "A launch is a campaign on its way" in text
    plans = person.startswith("planner")
    assert ("Start a launch" in text) == plans
    assert ("Only planners start launches" in text) != plans
