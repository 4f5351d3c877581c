"""A run that ended is played again in a browser, and its review keeps hostile text text."""

import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Persona
from tests.browser.site import API, PATIENCE, Site, plan
from tests.browser.test_hostile_text import CORPUS, assert_harmless

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def ended(site: Site) -> str:
    """A launch that was cancelled after a signature."""
    launch: str = site.start(plan())["id"]
    site.sign(launch, "product")
    site.do("planner.personal", f"{launch}/cancel", reason="over")
    patience = time.monotonic() + PATIENCE
    while site.see(launch)["phase"] != "closed":
        assert time.monotonic() < patience
        time.sleep(0.1)
    return launch


def moment(page: Page) -> int:
    return int(page.locator(".moment").get_attribute("data-seq") or 0)


def at(page: Page, seq: int) -> None:
    expect(page.locator(".moment")).to_have_attribute("data-seq", str(seq))


def test_a_run_is_played_stepped_and_jumped_through(ended: str, persona: Persona) -> None:
    page = persona("lead.marketing")
    page.goto(f"/launches/{ended}/replay")
    expect(page.locator(".done")).to_contain_text("Verified")
    last = int(page.locator("[data-player]").get_attribute("data-last") or 0)
    page.locator("body").press("ArrowRight")
    at(page, 2)
    page.locator("body").press("End")
    at(page, last)
    page.locator("body").press("ArrowLeft")
    at(page, last - 1)
    page.locator("[data-first]").click()
    at(page, 1)
    page.locator("[data-speed]").select_option("10")
    page.locator("[data-play]").click()
    at(page, last)
    expect(page.locator("[data-play]")).to_contain_text("Play")
    page.locator("[data-number]").fill("3")
    page.locator("[data-jump] button").click()
    at(page, 3)
    assert page.url.endswith("?at=3")
    text = page.locator("main").inner_text()
    assert "lead.product" not in text
    assert "commitment signed: Product" in text


def test_without_scripts_links_and_a_form_do_the_same(ended: str, persona: Persona) -> None:
    page = persona("lead.marketing", java_script_enabled=False)
    page.goto(f"/launches/{ended}/replay")
    assert page.locator("[data-play]").is_hidden()
    page.locator("[data-next]").click()
    assert moment(page) == 2
    page.locator("[data-number]").fill("4")
    page.locator("[data-jump] button").click()
    assert moment(page) == 4


def test_what_people_write_in_a_review_stays_text(site: Site, ended: str, persona: Persona) -> None:
    texts = list(CORPUS.values())
    content: dict[str, Any] = {
        "summary": "\n".join(texts),
        "surprises": "\n".join(texts),
        "factors": ["tool", "clash"],
        "factor_notes": {"tool": " ".join(texts)},
        "went_well": texts,
        "thanks": texts,
        "sides": {"customer": "\n".join(texts)},
    }
    with site.client("facilitator") as client:
        place = f"{API}/launches/{ended}/postmortem"
        assert client.patch(place, json=content).status_code == 200
        for text in texts:
            assert client.post(f"{place}/comments", json={"text": text}).status_code == 201
    for person in ("facilitator", "lead.marketing"):
        page = persona(person)
        page.goto(f"/launches/{ended}/postmortem")
        shown = page.locator("main").evaluate("e => e.textContent")
        assert all(text in shown for text in texts)
        assert_harmless(page)


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_reviews_are_for_everybody(ended: str, persona: Persona, locale: str, scheme: str) -> None:
    page = persona("facilitator", locale=locale, color_scheme=scheme, bypass_csp=True)
    places = ("postmortem", "replay", "what-if?act:product=decline")
    addresses = [f"/launches/{ended}/{place}" for place in places]
    for address in [*addresses, "/postmortems", "/actions", "/insights"]:
        page.set_viewport_size({"width": 1200, "height": 850})
        page.goto(address)
        page.evaluate(AXE)
        found = page.evaluate("axe.run().then(r => r.violations.map(v => v.id + v.nodes[0].html))")
        assert found == [], address
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
