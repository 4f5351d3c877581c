"""The page of a launch: every act goes the way of the API, and nothing that was written is lost."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.api.plans import plan
from tests.pages.conftest import Browsing
from tests.stack import Stack


async def start(stack: Stack) -> dict[str, Any]:
    answer = await stack.post("/launches", plan(), "planner.personal")
    assert answer.status_code == 201, answer.text
    launch: dict[str, Any] = answer.json()
    return launch


async def step_of(stack: Stack, launch: str, key: str = "product") -> dict[str, Any]:
    steps = (await stack.get(f"/launches/{launch}")).json()["steps"]
    found: dict[str, Any] = next(step for step in steps if step["key"] == key)
    return found


async def test_a_form_is_the_same_request_as_the_api_takes(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    lead = await browser("lead.product")
    digest = launch["steps"][0]["terms"]["digest"]
    form = {"key": "once-only", "as": "lead.product", "terms_digest": digest, "note": "好"}
    path = f"/launches/{launch['id']}/steps/product/sign"
    first, second = await lead.post(path, data=form), await lead.post(path, data=form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert len((await step_of(stack, launch["id"]))["signatures"]) == 1
    api = await stack.post(
        f"/launches/{launch['id']}/steps/product/sign",
        {"terms_digest": digest, "note": "好"},
        "lead.product",
        key="once-only",
    )
    assert api.status_code == 200
    other = await lead.post(path, data={**form, "note": "另一个"})
    assert other.status_code == 409
    assert "另一个" in other.text


async def test_who_may_not_is_refused_and_audited(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    form = {"reason": "不归我"}
    answer = await (await browser("lead.service")).post(
        f"/launches/{launch['id']}/steps/product/decline", data=form
    )
    assert answer.status_code == 403
    assert "不归我" in answer.text
    refused = (await stack.get(f"/launches/{launch['id']}/refusals", "sponsor")).json()["items"]
    assert [(one["person"], one["act"], one["code"]) for one in refused] == [
        ("lead.service", "decline", "not_yours")
    ]


async def test_local_times_and_unchanged_terms(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    before = launch["steps"][0]["terms"]
    due = datetime.fromisoformat(before["deliver_by"]) + timedelta(hours=8)
    form = {
        "terms.deliverable": before["deliverable"],
        "terms.conditions[]": "  一个测试用户\n\n限制写清楚  ",
        "terms.deliver_by": due.strftime("%Y-%m-%dT%H:%M"),
        "reason": "条件更清楚",
    }
    answer = await (await browser("lead.product")).post(
        f"/launches/{launch['id']}/steps/product/counter", data=form
    )
    assert answer.status_code == 303, answer.text
    terms = (await step_of(stack, launch["id"]))["terms"]
    assert terms["conditions"] == ["一个测试用户", "限制写清楚"]
    assert terms["deliver_by"] == before["deliver_by"]
    assert terms["version"] == 2


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_what_is_wrong_is_said_at_its_field(
    stack: Stack, browser: Browsing, lang: str
) -> None:
    launch = await start(stack)
    lead = await browser("lead.product", lang=lang)
    form = {"terms.deliver_by": "gestern", "reason": "留着这句话"}
    answer = await lead.post(f"/launches/{launch['id']}/steps/product/counter", data=form)
    assert answer.status_code == 422
    assert "留着这句话" in answer.text
    assert ("格式不正确" if lang == "zh" else "must be a day and a time") in answer.text


async def test_a_signature_on_a_condition(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    step = launch["steps"][0]
    by = datetime.fromisoformat(step["answer_by"]) + timedelta(hours=8)
    form = {
        "terms_digest": step["terms"]["digest"],
        "condition.fact": "名单已到",
        "condition.by": by.strftime("%Y-%m-%dT%H:%M:%S"),
    }
    answer = await (await browser("lead.product")).post(
        f"/launches/{launch['id']}/steps/product/sign-if", data=form
    )
    assert answer.status_code == 303, answer.text
    assert (await step_of(stack, launch["id"]))["condition"]["fact"] == "名单已到"


async def test_each_is_offered_what_is_theirs(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    everything = ("sign", "counter", "decline", "ask", "amend", "withdraw", "remind", "waive")
    expected = {
        "lead.product": {"sign", "counter", "decline", "ask"},
        "planner.personal": {"amend", "withdraw", "remind"},
        "sponsor": {"waive"},
        "lead.service": set(),
    }
    for person, theirs in expected.items():
        text = (await (await browser(person)).get(f"/launches/{launch['id']}?step=product")).text
        assert {act for act in everything if f'/steps/product/{act}"' in text} == theirs, person


async def test_a_first_load_is_small(stack: Stack, browser: Browsing) -> None:
    """Everything a browser fetches for a page, as it is sent: at most 60 KB."""
    launch = await start(stack)
    lead = await browser("lead.product", lang="zh")
    lead.headers["Accept-Encoding"] = "gzip"
    for address in ("/inbox", f"/launches/{launch['id']}?step=product"):
        page = await lead.get(address)
        assert page.headers["content-encoding"] == "gzip"
        files = sorted(set(re.findall(r'"(/static/[^"]+)"', page.text)))
        sizes = [(await lead.get(file)).num_bytes_downloaded for file in files]
        sizes.append(page.num_bytes_downloaded)
        assert len(sizes) > 5
        assert sum(sizes) <= 60_000, address


async def test_an_inbox_says_of_which_module_it_was_and_no_other_words(browser: Browsing) -> None:
    lead = await browser("lead.product")
    known = await lead.get("/inbox", params={"done": "sign", "of": "product"})
    assert re.search(r'class="done".*<small>Product</small>', known.text)
    forged = await lead.get("/inbox", params={"done": "sign", "of": "everything, and call 555"})
    assert 'class="done"' in forged.text
    assert "call 555" not in forged.text.partition("<main")[2]
