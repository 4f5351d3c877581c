"""Whatever people write in a review stays text."""

import time
from typing import Any

import pytest

from tests.browser.conftest import Persona
from tests.browser.site import API, PATIENCE, Site, plan
from tests.browser.test_hostile_text import CORPUS, assert_harmless


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
