"""Whatever people write stays text: markup, scripts, bidi controls, homoglyphs."""

from typing import Any, Final

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Persona
from tests.browser.site import MODULES, Site, plan

CORPUS: Final = {
    "script": "<script>window.hostile=1</script>",
    "image": '"><img src=x onerror="window.hostile=1">',
    "attribute": "' autofocus onfocus=window.hostile=1 x='",
    "template": "{{ 7*7 }}{% raw %}${7*7}",
    "htmx": '<b hx-get="/sign-out" hx-trigger="load" hx-on:click="window.hostile=1">按我</b>',
    "svg": "<svg/onload=window.hostile=1><title>充100</title>",
    "close": "</textarea></script></title><script>window.hostile=1</script>",
    "bidi": "安全\u202egnp.exe\u202c \u2067已签署\u2069",
    "homoglyph": "ѕіɡnеd рrоduсt 已签署 ѕіɡnаtυrе",
    "url": "javascript:window.hostile=1",
}


@pytest.fixture(scope="module")
def launches(site: Site) -> dict[str, str]:
    """A launch for each text, which says it wherever people may write."""
    return {name: hostile(site, text) for name, text in CORPUS.items()}


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_what_people_write_stays_text(
    launches: dict[str, str], persona: Persona, locale: str
) -> None:
    page = persona("lead.marketing", locale=locale)
    for name, launch in launches.items():
        page.goto(f"/launches/{launch}?step=product")
        assert CORPUS[name] in page.locator("main").evaluate("e => e.textContent")
        assert_harmless(page)
    inbox = persona("sponsor", locale=locale)
    shown = inbox.locator("main").evaluate("e => e.textContent")
    assert all(text in shown for text in CORPUS.values())
    assert_harmless(inbox)


def hostile(site: Site, text: str) -> str:
    steps: list[dict[str, Any]] = [{"key": key, "lead_time": "PT0S"} for key in MODULES]
    steps[0] |= {"deliverable": text, "conditions": [text]}
    document = plan(title=text, theme=text[:64], steps=steps)
    document["offers"][0]["key_message"] = text
    launch: str = site.start(document)["id"]
    step = f"{launch}/steps/product"
    site.do("lead.product", f"{step}/ask", text=text)
    site.do("planner.personal", f"{step}/reply", text=text)
    site.do("lead.product", f"{step}/counter", terms={"conditions": [text, text]}, reason=text)
    digest = site.see(launch)["steps"][0]["terms"]["digest"]
    site.do("planner.personal", f"{step}/accept-counter", terms_digest=digest)
    site.do("lead.product", f"{step}/report", evidence=text)
    site.do("frontline.city-a", f"{launch}/stop", reason=text)
    return launch


def assert_harmless(page: Page) -> None:
    assert page.evaluate("window.hostile") is None
    assert page.locator("main img, main script, main [onload], main b[hx-get]").count() == 0
    assert page.locator("main a[href^='javascript']").count() == 0
    assert page.locator("main .said, main bdi").first.evaluate(
        "e => getComputedStyle(e).unicodeBidi"
    ) in (
        "isolate",
        "plaintext",
    )
