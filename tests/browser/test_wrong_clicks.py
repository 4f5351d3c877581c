"""What people do to pages that nobody meant them to, and what comes of it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from api.sessions import COOKIE
from tests.browser.conftest import Persona
from tests.browser.desk import SEEN, begin, card, expect_done, fill_and_send
from tests.browser.site import Site, plan


def signatures(site: Site, launch: str) -> int:
    return len(site.see(launch)["steps"][0]["signatures"])


def test_a_double_click_signs_once(site: Site, persona: Persona) -> None:
    launch = site.start(plan())
    page = persona("lead.product")
    mine = card(page, launch["code"], "product")
    mine.locator("details[data-open] > summary").click()
    mine.locator("form[data-act='sign'] button").dblclick()
    expect_done(page, "Signed")
    assert signatures(site, launch["id"]) == 1


def test_going_back_after_signing_shows_what_is_so_now(site: Site, persona: Persona) -> None:
    launch = site.start(plan())
    page = persona("lead.product")
    page.goto(f"/launches/{launch['id']}?step=product")
    fill_and_send(page.locator("#acts"), "sign")
    expect_done(page, "Signed")
    page.go_back()
    expect(page.locator("form[data-act='sign']")).to_have_count(0)
    expect(page.locator("#step-now")).to_contain_text("signed")


def test_terms_that_changed_are_shown_and_asked_again(site: Site, persona: Persona) -> None:
    launch = site.start(plan())
    page = persona("lead.product", java_script_enabled=False)
    page.goto(f"/launches/{launch['id']}?step=product")
    site.do(
        "planner.personal",
        f"{launch['id']}/steps/product/amend",
        terms={"deliverable": "只配置一个套餐"},
        reason="范围缩小",
    )
    fill_and_send(page.locator("#acts"), "sign")
    expect(page.get_by_role("alert").first).to_contain_text("changed")
    expect(page.locator("table.changes").first).to_contain_text("只配置一个套餐")
    assert signatures(site, launch["id"]) == 0
    fill_and_send(page.locator("#acts"), "sign")
    expect_done(page, "Signed")


def test_a_session_that_ends_in_a_counter_loses_nothing(site: Site, persona: Persona) -> None:
    launch = site.start(plan())
    page = persona("lead.product")
    mine = card(page, launch["code"], "product")
    mine.locator("details[data-open] > summary").click()
    end_session(page.context)
    fill_and_send(mine, "counter", **{"terms.deliverable": "少一个套餐", "reason": "人手不足"})
    expect(page.get_by_role("status")).to_contain_text("What you wrote is kept")
    page.locator("button[value='lead.product']").click()
    expect(page.locator("textarea[name='reason']")).to_have_value("人手不足")
    page.get_by_role("button", name="Send it now").click()
    expect_done(page, "counter-offer is with the planner")
    assert site.see(launch["id"])["steps"][0]["terms"]["deliverable"] == "少一个套餐"


def test_two_people_in_one_browser_are_told_apart(site: Site, persona: Persona) -> None:
    launch = site.start(plan())
    page = persona("lead.product")
    page.goto(f"/launches/{launch['id']}?step=product")
    other = page.context.new_page()
    other.goto("/sign-in")
    other.locator("button[value='deputy.product']").click()
    other.wait_for_url("**/inbox")
    fill_and_send(page.locator("#acts"), "sign")
    expect(page.get_by_role("alert").first).to_contain_text("Somebody else is signed in")
    assert signatures(site, launch["id"]) == 0


def test_everything_goes_without_scripts(site: Site, persona: Persona) -> None:
    launch = site.start(plan())
    page = persona("lead.product", java_script_enabled=False)
    fill_and_send(card(page, launch["code"], "product"), "decline", reason="没有人手")
    expect_done(page, "Declined")


def test_what_is_typed_stays_while_the_launch_moves(site: Site, persona: Persona) -> None:
    launch = site.start(plan())
    page = persona("lead.product")
    reason = begin(page, launch["id"], "decline", "还在写")
    site.do("deputy.product", f"{launch['id']}/steps/product/ask", text="哪天开始？")
    expect(page.locator("#record")).to_contain_text("哪天开始？", timeout=SEEN)
    expect(reason).to_have_value("还在写")
    assert reason.evaluate("e => e === document.activeElement")


def test_a_lost_connection_is_said_and_comes_back(site: Site, persona: Persona) -> None:
    launch = site.start(plan())
    page = persona("planner.personal")
    page.route(re.compile(r"/stream"), lambda route: route.abort())
    page.goto(f"/launches/{launch['id']}")
    expect(page.locator("[data-lost]")).to_be_visible()
    page.unroute(re.compile(r"/stream"))
    site.sign(launch["id"], "product")
    expect(page.locator("#where")).to_contain_text("1 of 5", timeout=20_000)
    expect(page.locator("[data-lost]")).to_be_hidden()


def test_a_page_that_is_open_when_its_session_ends_stays(site: Site, persona: Persona) -> None:
    launch = site.start(plan())
    page = persona("lead.product")
    reason = begin(page, launch["id"], "decline", "还在写")
    end_session(page.context)
    site.do("deputy.product", f"{launch['id']}/steps/product/ask", text="哪天开始？")
    expect(page.locator("[data-signed-out]")).to_be_visible(timeout=5_000)
    expect(page.locator("#where")).to_contain_text(launch["code"])
    expect(reason).to_have_value("还在写")


def test_a_part_that_cannot_be_drawn_anew_is_told(site: Site, persona: Persona) -> None:
    launch = site.start(plan())
    page = persona("lead.product")
    page.goto(f"/launches/{launch['id']}?step=product")
    drawn_anew = re.compile(rf"/launches/{launch['id']}\?step=product$")
    refused = {"status": 204, "headers": {"HX-Trigger": "not-drawn"}}
    page.route(drawn_anew, lambda route: route.fulfill(**refused))
    site.do("deputy.product", f"{launch['id']}/steps/product/ask", text="哪天开始？")
    expect(page.locator("[data-not-drawn]")).to_be_visible(timeout=SEEN)
    page.unroute(drawn_anew)
    site.do("deputy.product", f"{launch['id']}/steps/product/ask", text="真的吗？")
    expect(page.locator("#record")).to_contain_text("真的吗？", timeout=SEEN)
    expect(page.locator("[data-not-drawn]")).to_be_hidden()


def test_an_inbox_fills_by_itself(site: Site, persona: Persona) -> None:
    launch = site.start(plan())
    page = persona("lead.marketing")
    waiting = page.locator("article.card").filter(has_text=launch["code"])
    expect(waiting).to_have_count(0)
    site.sign(launch["id"], "product")
    expect(waiting).to_have_count(1, timeout=SEEN)


def test_what_belongs_to_another_choice_is_not_sent(site: Site, persona: Persona) -> None:
    launch = site.start(plan())["id"]
    raised = site.do("lead.product", f"{launch}/escalations", step="product", reason="谁来定？")
    later = datetime.now(UTC) + timedelta(days=7)
    page = persona("sponsor")
    page.goto(f"/escalations/{raised['id']}")
    page.locator("details[data-shortcut='resolve'] > summary").click()
    form = page.locator("form[data-act='resolve']")
    form.locator("[name='resolution']").select_option("extend")
    form.locator("[name='answer_by']").fill(f"{later:%Y-%m-%dT%H:%M}")
    form.locator("[name='resolution']").select_option("dismiss")
    form.locator("[name='reason']").fill("已经说清楚")
    form.get_by_role("button").click()
    expect_done(page, "Settled")


def test_forms_stay_with_their_acts_while_offers_change(site: Site, persona: Persona) -> None:
    """What is typed for an act that is over is set aside; every other form is the one it says."""
    launch = site.start(plan())
    page = persona("lead.product")
    begin(page, launch["id"], "counter", "还在写")
    site.do("deputy.product", f"{launch['id']}/steps/product/sign", terms_digest=digest(launch))
    aside = page.locator("[data-set-aside]")
    expect(aside).to_be_visible(timeout=SEEN)
    expect(aside.locator("[name='reason']")).to_have_value("还在写")
    acts = page.locator("#acts")
    expect(acts.locator(".primary form")).to_have_attribute("data-act", "report")
    offered = acts.locator("details[data-shortcut]")
    assert offered.count() > 1
    for more in offered.all():
        expect(more.locator("form")).to_have_attribute(
            "data-act", str(more.get_attribute("data-shortcut"))
        )


def test_what_is_typed_in_an_inbox_is_not_lost(site: Site, persona: Persona) -> None:
    launch = site.start(plan())
    page = persona("lead.product")
    mine = card(page, launch["code"], "product")
    mine.locator("details[data-open] > summary").click()
    mine.locator("details[data-shortcut='counter'] > summary").click()
    mine.locator("form[data-act='counter'] [name='reason']").fill("还在写")
    site.do("deputy.product", f"{launch['id']}/steps/product/sign", terms_digest=digest(launch))
    aside = page.locator("[data-set-aside]")
    expect(aside).to_be_visible(timeout=SEEN)
    expect(aside.locator("[name='reason']")).to_have_value("还在写")


def test_a_refused_text_stays_while_the_launch_moves(site: Site, persona: Persona) -> None:
    launch = site.start(plan())
    page = persona("lead.product")
    begin(page, launch["id"], "counter", "没有改动")
    form = page.locator("form[data-act='counter']")
    form.get_by_role("button").click()
    expect(form.get_by_role("alert")).to_be_visible()
    site.do("deputy.product", f"{launch['id']}/steps/product/ask", text="哪天开始？")
    expect(page.locator("#talk")).to_contain_text("哪天开始？", timeout=SEEN)
    expect(form.locator("[name='reason']")).to_have_value("没有改动")
    expect(form.get_by_role("alert")).to_be_visible()


def test_a_stop_by_somebody_else_offers_to_resume(site: Site, persona: Persona) -> None:
    launch = site.start(plan())
    page = persona("sponsor")
    page.goto(f"/launches/{launch['id']}")
    site.do("frontline.city-a", f"{launch['id']}/stop", reason="缺货")
    expect(page.locator("#whole form[data-act='resume']")).to_have_count(1, timeout=SEEN)
    expect(page.locator("#whole form[data-act='stop']")).to_have_count(0)


@pytest.mark.parametrize("status", [502, 401])
def test_a_stream_that_is_refused_is_said(site: Site, persona: Persona, status: int) -> None:
    launch = site.start(plan())
    page = persona("planner.personal")
    page.route(re.compile(r"/stream"), lambda route: route.fulfill(status=status, body="<p>no</p>"))
    page.goto(f"/launches/{launch['id']}")
    lost, out = page.locator("[data-lost]"), page.locator("[data-signed-out]")
    expect(out if status == 401 else lost).to_be_visible()
    expect(lost if status == 401 else out).to_be_hidden()
    page.unroute(re.compile(r"/stream"))
    if status == 502:
        site.sign(launch["id"], "product")
        expect(page.locator("#where")).to_contain_text("1 of 5", timeout=SEEN)
        expect(lost).to_be_hidden()


def test_what_a_proxy_says_is_not_drawn(site: Site, persona: Persona) -> None:
    launch = site.start(plan())
    page = persona("lead.product")
    page.goto(f"/launches/{launch['id']}?step=product")
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(route.request.url)
        route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>")

    page.route(re.compile(r"step=product"), refuse)
    site.do("deputy.product", f"{launch['id']}/steps/product/ask", text="哪天开始？")
    while not refused:
        page.wait_for_timeout(100)
    expect(page.locator("[data-not-drawn]")).to_be_visible()
    expect(page.locator("#where")).to_contain_text(launch["code"])
    expect(page.locator("#acts .primary form")).to_have_count(1)
    page.unroute(re.compile(r"step=product"))
    expect(page.locator("#talk")).to_contain_text("哪天开始？", timeout=SEEN)
    expect(page.locator("[data-not-drawn]")).to_be_hidden()


def digest(launch: dict[str, Any]) -> str:
    found: str = launch["steps"][0]["terms"]["digest"]
    return found


def test_a_script_that_is_missing_is_noticed(
    site: Site, opened: Callable[..., Page], wrong: list[str]
) -> None:
    """By these tests: a page goes on without it and looks well."""
    page = opened()
    gone = f"{site.url}/static/none/js/page.js"
    page.route(re.compile(r"/js/page\.js$"), lambda route: route.fulfill(status=404))
    page.goto("/sign-in")
    page.unroute(re.compile(r"/js/page\.js$"))
    with page.expect_response(gone):
        page.evaluate("async (url) => { await fetch(url); }", gone)
    [first, second] = wrong
    assert first.startswith("404 ")
    assert first.endswith("/js/page.js")
    assert second == f"404 {gone}"
    wrong.clear()


def end_session(context: BrowserContext) -> None:
    context.clear_cookies(name=COOKIE)
