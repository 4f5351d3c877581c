"""One installation and one browser for all browser tests of a process.

Whatever a page asks for from elsewhere, and whatever goes wrong inside it, fails the test.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.browser.site import Site, running

QUIET: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome")
EXPECTED: Final = ("Failed to load resource", "htmx: htmx:error: Failed to fetch")
"""What is said of a refusal and of a connection that is cut; tests look at the page itself. A
script or a style that is not there is noticed by its answer.
"""
FIRST_ERROR: Final = 400

Persona = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if named is None:
        pytest.fail("there is no Chromium: `apt-get install chromium`, or name it in CHROMIUM")
    found = playwright.chromium.launch(executable_path=named, args=list(QUIET))
    yield found
    found.close()


@pytest.fixture
def wrong(site: Site) -> Iterator[list[str]]:
    """What pages of this test did that no page may do."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def opened(chromium: Browser, site: Site, wrong: list[str]) -> Iterator[Callable[..., Page]]:
    """A browser of its own, at no page yet."""
    contexts: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:  # noqa: ANN401 - Playwright's
        settings = {"locale": "en-GB", "viewport": {"width": 1200, "height": 850}, **options}
        context = chromium.new_context(base_url=site.url, **settings)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda said: (
                wrong.append(said.text)
                if said.type == "error" and not said.text.startswith(EXPECTED)
                else None
            ),
        )
        page.on(
            "response",
            lambda got: (
                wrong.append(f"{got.status} {got.url}")
                if got.status >= FIRST_ERROR and got.url.startswith(f"{site.url}/static/")
                else None
            ),
        )
        page.on(
            "request",
            lambda sent: (
                wrong.append(sent.url) if not sent.url.startswith((site.url, "data:")) else None
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def persona(opened: Callable[..., Page]) -> Persona:
    """A browser in which somebody is signed in, at their inbox."""

    def sign_in(person: str, **options: Any) -> Page:  # noqa: ANN401 - Playwright's
        page = opened(**options)
        page.goto("/sign-in")
        page.locator(f"button[value='{person}']").click()
        page.wait_for_url("**/inbox")
        return page

    return sign_in
