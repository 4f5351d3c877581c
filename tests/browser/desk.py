"""What people do with pages: find what waits for them, read it, and push a button."""

from typing import Final

from playwright.sync_api import Locator, Page, expect

SEEN: Final = 15_000
"""Milliseconds that are waited for what others did; how long it takes until it is shown is printed
by `python -m tests.browser.latency`.
"""


def card(page: Page, code: str, step: str = "") -> Locator:
    """The card of a launch in an inbox."""
    page.goto("/inbox")
    found = page.locator("article.card").filter(has_text=code)
    return found.filter(has=page.locator(f"form[action*='/steps/{step}/']")) if step else found


def fill_and_send(place: Locator, act: str, **fields: str) -> None:
    """Open the form of an act, fill it in, and send it."""
    form = place.locator(f"form[data-act='{act}']").first
    for outer in ("details[data-open]", f"details[data-shortcut$='{act}']"):
        found = place.locator(outer)
        if found.count() and found.first.get_attribute("open") is None:
            found.first.locator("summary").first.click()
    for name, text in fields.items():
        form.locator(f"[name='{name}']").fill(text)
    form.get_by_role("button").click()


def begin(page: Page, launch: str, act: str, text: str) -> Locator:
    """The reason of an act on the step `product`, written on the page of its launch, not sent."""
    page.goto(f"/launches/{launch}?step=product")
    page.locator(f"details[data-shortcut='{act}'] > summary").click()
    reason = page.locator(f"form[data-act='{act}'] [name='reason']")
    reason.fill(text)
    return reason


def expect_done(page: Page, words: str) -> None:
    expect(page.locator(".done")).to_contain_text(words)
