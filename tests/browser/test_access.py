"""Everybody can use the pages: by keyboard, with assistive technology, on a phone, in the dark."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from api.sessions import COOKIE
from tests.browser.conftest import Persona
from tests.browser.desk import card
from tests.browser.site import MODULES, Site, instant, plan

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = "() => axe.run(document, {resultTypes: ['violations']})"
PAGES = (
    "/inbox",
    "/launches",
    "/launches?q=there-is-none",
    "/launches/new",
    "/launches/{launch}/plan",
    "/nowhere",
    "/organisation",
    "/organisation/people",
    "/organisation/rules",
    "/organisation/calendar",
    "/tokens",
    "/escalations",
    "/escalations?state=resolved",
    "/escalations/{escalation}",
    "/launches/{launch}",
    "/launches/{launch}?step=service",
)
OF_ADMINISTRATORS = (
    "/organisation/people",
    "/organisation/people?edit=lead.product",
    "/organisation/rules",
    "/organisation/calendar",
    "/organisation/edit",
)


def furnished(site: Site) -> dict[str, str]:
    """A launch with findings, versions of its terms, a changed plan and an escalation."""
    soon = datetime.now(UTC) + timedelta(days=2)
    window = {"start": instant(soon), "end": instant(soon + timedelta(days=9))}
    steps = [{"key": key, "lead_time": "1bd"} for key in MODULES]
    launch = site.start(plan(window=window, steps=steps))["id"]
    change = {"deliverable": "少一个套餐"}
    site.do("planner.personal", f"{launch}/steps/product/amend", terms=change, reason="更小")
    site.do("planner.personal", f"{launch}/amend", plan={"theme": "十周年"}, reason="定了主题")
    raised = site.do("planner.personal", f"{launch}/escalations", reason="谁来定？")
    return {"launch": launch, "escalation": raised["id"]}


def violations(page: Page) -> list[str]:
    """What axe-core finds, a line each."""
    page.add_script_tag(path=str(AXE))
    found = page.evaluate(RULES)["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_barrier(site: Site, persona: Persona, locale: str, scheme: str) -> None:
    known = furnished(site)
    page = persona("planner.personal", locale=locale, color_scheme=scheme, bypass_csp=True)
    found = {}
    for address in PAGES:
        page.goto(address.format(**known))
        for details in page.locator("main details").all():
            details.evaluate("e => e.open = true")
        found[address] = violations(page)
    page.goto(f"/launches/{known['launch']}")
    page.locator("details[data-shortcut='launch-stop'] > summary").click()
    page.locator("form[data-act='stop'] textarea").fill("还没发出")
    page.context.clear_cookies(name=COOKIE)
    page.locator("form[data-act='stop'] button").click()
    page.locator("[role='status'].note").wait_for()
    found["signed out while writing"] = violations(page)
    page.locator("button[value='planner.personal']").click()
    expect(page.locator("textarea[name='reason']")).to_have_value("还没发出")
    found["signed in again"] = violations(page)
    assert {address: what for address, what in found.items() if what} == {}


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_a_phone_scrolls_down_only(site: Site, persona: Persona, locale: str) -> None:
    known = furnished(site)
    phone = {"width": 320, "height": 640}
    for person, addresses in (("planner.personal", PAGES), ("admin", OF_ADMINISTRATORS)):
        page = persona(person, locale=locale, viewport=phone)
        for address in addresses:
            page.goto(address.format(**known))
            for details in page.locator("main details").all():
                details.evaluate("e => e.open = true")
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_sign_counter_and_stop_by_keyboard(site: Site, persona: Persona) -> None:
    launch = site.start(plan())
    page = persona("lead.product")
    mine = card(page, launch["code"], "product")
    reach(page, mine)
    page.keyboard.press("c")
    expect(mine.locator("form[data-act='counter'] textarea").first).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("少一个套餐")
    tab_to(page, "form[data-act='counter'] textarea[name='reason']")
    page.keyboard.type("人手不足")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_be_focused()

    other = site.start(plan())
    mine = card(page, other["code"], "product")
    reach(page, mine)
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("Signed")

    page.goto(f"/launches/{other['id']}")
    tab_to(page, "details[data-shortcut='launch-stop'] > summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("网点没有准备好")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#where")).to_contain_text("网点没有准备好")


def reach(page: Page, wanted: Locator) -> None:
    """Press `j` until the card has the focus."""
    for _ in range(30):
        page.keyboard.press("j")
        if wanted.evaluate("e => e === document.activeElement"):
            return
    pytest.fail("the card is not reached")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"{selector} is not reached by Tab")
