"""The first minutes of an installation, in a browser: empty, then with the sample, then with people
who choose their passwords.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import Site, running
from tests.browser.test_access import violations

PASSWORD = "correct horse battery"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Site]:
    with running(tmp_path, "--no-demo") as found:
        yield found


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_an_empty_installation_is_put_to_use(empty: Site, chromium: Browser, locale: str) -> None:
    context = chromium.new_context(base_url=empty.url, locale=locale, bypass_csp=True)
    page = context.new_page()
    page.goto("/")
    assert violations(page) == []
    for name in ("password", "again"):
        page.locator(f"[name='{name}']").fill(PASSWORD)
    page.locator("form[action='/sample'] button").click()
    page.wait_for_url("**/organisation?done=sample")
    found = {}
    for address in (
        *("/organisation", "/organisation/people?edit=lead.service", "/organisation/rules"),
        *("/organisation/calendar", "/organisation/edit", "/tokens", "/launches", "/inbox"),
    ):
        page.goto(address)
        page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
        found[address] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    assert {address: what for address, what in found.items() if what} == {}
    choose_password(page, chromium, locale, empty)
    context.close()


def choose_password(admin: Page, chromium: Browser, locale: str, site: Site) -> None:
    """An invitation, followed by whom it is for."""
    admin.goto("/organisation/people")
    admin.locator("button[form='invite'][value='lead.service']").click()
    link = admin.locator(".token, code", has_text="/welcome/").first.inner_text()
    invited = chromium.new_context(base_url=site.url, locale=locale, bypass_csp=True)
    page = invited.new_page()
    page.goto(link.strip())
    assert violations(page) == []
    for name in ("password", "again"):
        page.locator(f"[name='{name}']").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url(lambda url: "/welcome/" not in url)
    page.goto("/inbox")
    expect(page.locator("#inbox-title")).to_be_visible()
    page.locator("details.dropdown > summary").click()
    page.locator("form[action='/sign-out'] button").click()
    page.locator("[name='person']").fill("lead.service")
    page.locator("[name='password']").fill(PASSWORD)
    page.locator("form[action='/sign-in'] button").first.click()
    expect(page.locator("#inbox-title")).to_be_visible()
    invited.close()
