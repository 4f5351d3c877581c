"""Changing the plan of a launch by its form: only what somebody changed is sent."""

import html
import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.api.plans import plan
from tests.pages.conftest import Browsing
from tests.pages.forms import Page
from tests.stack import Stack

PLANNER = "planner.personal"


async def start(stack: Stack, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a plan's JSON
    answer = await stack.post("/launches", plan(**changes), PLANNER)
    assert answer.status_code == 201, answer.text
    launch: dict[str, Any] = answer.json()
    return launch


async def form_of(browser: httpx2.AsyncClient, address: str) -> dict[str, str]:
    """The fields of the form as a browser would send them."""
    page = Page.of((await browser.get(address)).text)
    return page.form(address.partition("?")[0]).filled


async def seen(stack: Stack, launch: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await stack.get(f"/launches/{launch['id']}")).json()
    return found


async def sign(stack: Stack, launch: dict[str, Any], step: str) -> None:
    digest = next(one["terms"]["digest"] for one in launch["steps"] if one["key"] == step)
    path = f"/launches/{launch['id']}/steps/{step}/sign"
    done = await stack.post(path, {"terms_digest": digest}, f"lead.{step}")
    assert done.status_code == 200, done.text


async def test_only_what_was_changed_is_sent(stack: Stack, browser: Browsing) -> None:
    resources = [{"pool": "sms", "quantity": 10, "step": "marketing"}]
    launch = await start(stack, resources=resources, theme="十周年")
    here = f"/launches/{launch['id']}/plan"
    planner = await browser(PLANNER)
    form = await form_of(planner, here)
    assert form["offers[0].pay"] == "100.00"
    changed = {"offers[0].pay": "99.00", "theme": "", "reason": "价格有误"}
    answer = await planner.post(here, data=form | changed)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"/launches/{launch['id']}?done=amend-plan"
    after = await seen(stack, launch)
    [amendment] = after["amendments"]
    assert {one["field"] for one in amendment["changes"]} == {"offers", "theme"}
    assert after["plan"]["offers"][0]["pay"] == "99.00"
    assert after["plan"]["theme"] is None
    assert after["plan"]["window"] == launch["plan"]["window"]
    assert after["plan"]["resources"] == launch["plan"]["resources"]
    page = (await planner.get(answer.headers["location"])).text
    assert "The plan is changed." in page
    assert "价格有误" in page
    assert "pay 99.00, get 50.00 CNY" in page


async def test_sent_twice_it_is_done_once(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    here = f"/launches/{launch['id']}/plan"
    planner = await browser(PLANNER)
    form = await form_of(planner, here) | {"title": "换个名称", "reason": "更清楚"}
    answers = [(await planner.post(here, data=form)).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert len((await seen(stack, launch))["amendments"]) == 1


async def test_two_people_do_not_undo_each_other(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    here = f"/launches/{launch['id']}/plan"
    planner = await browser(PLANNER)
    form = await form_of(planner, here)
    meanwhile = {"plan": {"theme": "十周年", "regions": ["city-b"]}, "reason": "定了主题"}
    done = await stack.post(f"/launches/{launch['id']}/amend", meanwhile, PLANNER)
    assert done.status_code == 200, done.text

    clash = form | {"regions[]": "city-a\ncity-b", "title": "换个名称", "reason": "两地"}
    refused = await planner.post(here, data=clash)
    assert refused.status_code == 409
    assert "The plan changed while you wrote" in refused.text
    assert "city-a\ncity-b</textarea>" in refused.text
    assert 'value="换个名称"' in refused.text
    assert 'value="十周年"' in refused.text
    assert "两地</textarea>" in refused.text
    assert "定了主题" in refused.text, "why somebody changed the regions"
    assert '<ins><span class="said">city-b</span></ins>' in refused.text
    assert len((await seen(stack, launch))["amendments"]) == 1

    was = re.search(r'name="was" value="([^"]*)"', refused.text)
    assert was is not None
    again = clash | {"theme": "十周年", "was": html.unescape(was[1])}
    assert (await planner.post(here, data=again)).status_code == 303
    after = (await seen(stack, launch))["plan"]
    assert (after["title"], after["theme"]) == ("换个名称", "十周年")
    assert after["regions"] == ["city-a", "city-b"]


async def test_what_cannot_be_is_said_at_its_field(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    here = f"/launches/{launch['id']}/plan"
    planner = await browser(PLANNER, lang="zh")
    form = await form_of(planner, here)
    wrong = {"offers[0].pay": "很多", "window.end": "2020-01-01", "reason": "试试"}
    refused = await planner.post(here, data=form | wrong)
    assert refused.status_code == 422
    found = set(re.findall(r'data-wrong="([^"]*)"', refused.text))
    assert found == {"offers[0].pay", "window.end"}
    assert 'value="很多"' in refused.text
    assert "客户支付 (1)" in refused.text
    nothing = await planner.post(here, data=form | {"reason": "没有修改"})
    assert nothing.status_code == 422
    assert "没有修改</textarea>" in nothing.text
    for was in ("", "[]", '{"title": 1}', "{"):
        assert (await planner.post(here, data=form | {"was": was})).status_code == 400
    assert (await seen(stack, launch))["amendments"] == []


async def test_another_row_is_there_without_scripts(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    here = f"/launches/{launch['id']}/plan"
    planner = await browser(PLANNER)
    form = await form_of(planner, here) | {"title": "还在写", "more": "offers"}
    page = await planner.post(here, data=form)
    assert page.status_code == 200
    assert 'value="还在写"' in page.text
    assert 'name="offers[2].key"' in page.text
    assert (await seen(stack, launch))["amendments"] == []


@pytest.mark.parametrize("person", ["lead.product", "sponsor"])
async def test_the_plan_is_its_planners(stack: Stack, browser: Browsing, person: str) -> None:
    launch = await start(stack)
    here = f"/launches/{launch['id']}/plan"
    planner, other = await browser(PLANNER), await browser(person)
    form = await form_of(planner, here) | {"title": "x", "reason": "x"}
    assert (await other.get(here)).status_code == 403
    assert (await other.post(here, data=form | {"as": person})).status_code == 403
    assert here not in (await other.get(f"/launches/{launch['id']}")).text
    assert (await planner.get("/launches/no-such/plan")).status_code == 404
    stopped = await stack.post(f"/launches/{launch['id']}/stop", {"reason": "缺货"}, "sponsor")
    assert stopped.status_code == 200
    assert (await planner.get(here)).headers["location"] == f"/launches/{launch['id']}"
    refused = await planner.post(here, data=form)
    assert refused.status_code == 409
    assert "stopped" in refused.text
    assert 'name="title" value="x"' in refused.text


async def test_a_suggestion_is_offered_and_taken(stack: Stack, browser: Browsing) -> None:
    """By the lead as a counter-offer, by the planner as a change: the finding is cleared."""
    soon = date.today() + timedelta(days=2)  # noqa: DTZ011 - any near day will do
    launch = await start(stack, window={"start": str(soon), "end": str(soon + timedelta(days=9))})
    await sign(stack, launch, "product")
    found = (await seen(stack, launch))["findings"]
    [finding, *_] = [one for one in found if one["state"] == "open"]
    wanted, step = finding["suggested_counter"]["plan"], finding["step"]
    here = f"/launches/{launch['id']}"

    lead = await browser(f"lead.{step}")
    page = (await lead.get(f"{here}?step={step}")).text
    assert "What would clear it" in page
    sent = re.search(r'name="plan" value="([^"]*)"', page)
    assert sent is not None
    assert json.loads(html.unescape(sent[1])) == wanted
    form = {"plan": html.unescape(sent[1]), "reason": "来不及", "as": f"lead.{step}", "key": "one"}
    broken = await lead.post(f"{here}/steps/{step}/suggest", data=form | {"plan": "{"})
    assert broken.status_code == 422
    assert "来不及" in broken.text
    answer = await lead.post(f"{here}/steps/{step}/suggest", data=form)
    assert answer.status_code == 303, answer.text
    [after] = [one for one in (await seen(stack, launch))["steps"] if one["key"] == step]
    assert (after["state"], after["counter"]["plan"]) == ("countered", wanted)

    planner = await browser(PLANNER)
    for place in ("/inbox", f"{here}?step={step}"):
        assert "What changes in the plan" in (await planner.get(place)).text
    prefilled = await form_of(planner, f"{here}/plan?finding={finding['id']}")
    assert (await planner.get(f"{here}/plan?finding=none")).status_code == 404
    answer = await planner.post(f"{here}/plan", data=prefilled | {"reason": "推迟"})
    assert answer.status_code == 303, answer.text
    after = await seen(stack, launch)
    assert after["plan"]["window"] == wanted["window"]
    assert finding["id"] not in [one["id"] for one in after["findings"] if one["state"] == "open"]


async def test_somebody_stands_in_for_the_planner(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    planner = await browser(PLANNER)
    until = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    form = {"to": "planner.product", "until": until, "reason": "出差", "key": "k", "as": PLANNER}
    answer = await planner.post(f"/launches/{launch['id']}/delegate", data=form | {"until": ""})
    assert answer.status_code == 422
    assert "出差" in answer.text
    answer = await planner.post(f"/launches/{launch['id']}/delegate", data=form)
    assert answer.status_code == 303, answer.text
    stand_in = await browser("planner.product")
    assert (await stand_in.get(f"/launches/{launch['id']}/plan")).status_code == 200


async def test_a_suggestion_that_is_over_gives_back_what_was_written(
    stack: Stack, browser: Browsing
) -> None:
    """Two of one module offer it, and each finding has a form of its own."""
    soon = date.today() + timedelta(days=2)  # noqa: DTZ011 - any near day will do
    launch = await start(stack, window={"start": str(soon), "end": str(soon + timedelta(days=9))})
    await sign(stack, launch, "product")
    found = [one for one in (await seen(stack, launch))["findings"] if one["state"] == "open"]
    assert len(found) > 1
    [finding, *_], here = found, f"/launches/{launch['id']}"
    step = finding["step"]
    form = {"plan": json.dumps(finding["suggested_counter"]["plan"]), "at": finding["id"]}
    lead, deputy = await browser(f"lead.{step}"), await browser(f"deputy.{step}")
    refused = await lead.post(f"{here}/steps/{step}/suggest", data=form | {"reason": " "})
    assert refused.status_code == 422
    assert refused.text.count('role="alert"') == 1
    place = f"{here}/steps/{step}/suggest"
    assert (await lead.post(place, data=form | {"reason": "一"})).status_code == 303
    late = await deputy.post(place, data=form | {"reason": "我也这么想"})
    assert late.status_code == 409
    assert "我也这么想</textarea>" in late.text
    assert late.text.count('role="alert"') == 1


@pytest.mark.parametrize(
    "was", ['{"window.start": "0001-01-01", "window.start_time": "00:00"}', '{"offers": "x"}']
)
async def test_no_rubbish_breaks_the_form(stack: Stack, browser: Browsing, was: str) -> None:
    launch = await start(stack)
    here = f"/launches/{launch['id']}/plan"
    planner = await browser(PLANNER)
    form = await form_of(planner, here) | {"was": was, "reason": "x"}
    assert (await planner.post(here, data=form)).status_code in (409, 422)
