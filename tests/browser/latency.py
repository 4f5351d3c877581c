"""How long it takes until one browser shows what somebody did in another, printed."""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.desk import SEEN
from tests.browser.site import MODULES, plan, running

ROUNDS: Final = 10


def main() -> None:
    named = next(filter(None, map(shutil.which, CHROMIUM)), None)
    seen: dict[str, list[float]] = {"launch page": [], "inbox": []}
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=named, args=list(QUIET))
        page = browser.new_context(base_url=site.url).new_page()
        page.goto("/sign-in")
        page.locator("button[value='lead.marketing']").click()
        for number in range(ROUNDS):
            launch = site.start(plan())
            for place, address in (("inbox", "/inbox"), ("launch page", None)):
                page.goto(address or f"/launches/{launch['id']}?step=product")
                page.wait_for_timeout(1_000)
                if place == "inbox":
                    site.sign(launch["id"], MODULES[0])
                    shown = page.locator("article.card").filter(has_text=launch["code"])
                else:
                    text = f"round {number}"
                    path = f"{launch['id']}/steps/{MODULES[1]}/ask"
                    site.do("deputy.marketing", path, text=text)
                    shown = page.locator("#record").get_by_text(text)
                since = time.perf_counter()
                expect(shown).to_be_visible(timeout=SEEN)
                seen[place].append(time.perf_counter() - since)
        browser.close()
    for place, times in seen.items():
        middle, most = statistics.median(times), max(times)
        sys.stdout.write(f"{place:12} median {middle:.2f} s, most {most:.2f} s of {ROUNDS}\n")


if __name__ == "__main__":
    main()
