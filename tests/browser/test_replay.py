"""A failed launch told again: step by step, played, by keyboard, and without scripts."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Persona
from tests.browser.site import Site, instant, plan
from tests.browser.test_access import violations

PATIENCE = 60.0


@pytest.fixture(scope="module")
def failed(site: Site) -> str:
    """A launch that nobody but product signed: the gate stayed shut and it failed."""
    start = datetime.now(UTC) + timedelta(seconds=6)
    window = {"start": instant(start), "end": instant(start + timedelta(minutes=5))}
    policy = {"answer_within": "PT1S", "repair_within": "PT30S", "gate_grace": "PT2S"}
    launch: str = site.start(plan(window=window, policy=policy))["id"]
    site.sign(launch, "product")
    give_up = time.monotonic() + PATIENCE
    while site.see(launch)["phase"] != "closed" or not verified(site, launch):
        assert time.monotonic() < give_up
        time.sleep(0.5)
    assert site.see(launch)["outcome"] == "failed"
    return launch


def verified(site: Site, launch: str) -> bool:
    with site.client("facilitator") as client:
        return bool(client.get(f"/api/v1/launches/{launch}/replay").json()["verified"])


def shown(page: Page) -> int:
    return int(page.locator(".moment").get_attribute("data-seq") or 0)


def test_a_failed_launch_is_played_again(failed: str, persona: Persona) -> None:
    page = persona("facilitator")
    page.goto(f"/launches/{failed}/replay")
    expect(page.locator(".done")).to_contain_text("Verified")
    assert shown(page) == 1
    page.locator("[data-next]").click()
    expect(page.locator(".moment")).to_have_attribute("data-seq", "2")
    page.keyboard.press("End")
    expect(page.locator(".moment")).to_contain_text("launch closed")
    page.keyboard.press("Home")
    expect(page.locator(".moment")).to_have_attribute("data-seq", "1")
    page.locator("[data-speed]").select_option("10")
    page.locator("[data-play]").click()
    expect(page.locator(".moment")).to_contain_text("launch closed", timeout=20_000)


def test_a_replay_goes_without_scripts(failed: str, persona: Persona) -> None:
    page = persona("facilitator", java_script_enabled=False, locale="zh-CN")
    page.goto(f"/launches/{failed}/replay")
    page.locator("[data-next]").click()
    assert shown(page) == 2
    page.locator("[name='at']").fill("3")
    page.locator("[data-jump] button").click()
    assert shown(page) == 3


def test_a_review_names_nobody(failed: str, persona: Persona) -> None:
    page = persona("facilitator")
    for address in ("postmortem", "replay", "what-if"):
        page.goto(f"/launches/{failed}/{address}")
        text = page.locator("main").evaluate("e => e.textContent")
        for name in ("lead.product", "Product lead", "planner.personal"):
            assert name not in text, address


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_a_review_has_a_barrier(
    failed: str, persona: Persona, locale: str, scheme: str
) -> None:
    page = persona("facilitator", locale=locale, color_scheme=scheme, bypass_csp=True)
    found = {}
    for address in (
        f"/launches/{failed}/postmortem",
        f"/launches/{failed}/replay",
        f"/launches/{failed}/what-if",
        "/postmortems",
        "/insights",
        "/actions",
    ):
        page.goto(address)
        for details in page.locator("main details").all():
            details.evaluate("e => e.open = true")
        found[address] = violations(page)
        page.set_viewport_size({"width": 320, "height": 640})
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            found[address].append("wider than 320")
        page.set_viewport_size({"width": 1200, "height": 850})
    assert {address: what for address, what in found.items() if what} == {}
