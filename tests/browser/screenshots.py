"""Pictures of every page: both languages, light and dark, desktop and phone.

`make screenshots` writes them to `build/screenshots`, and those the README shows to `docs/images`.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.site import API, SOURCES, Site, instant, plan, running

SIZES: Final = {"desktop": (1280, 800), "phone": (360, 740)}
LANGUAGES: Final = {"en": "en-GB", "zh": "zh-CN"}
SCHEMES: Final = ("light", "dark")
ALL: Final = SOURCES / "build" / "screenshots"
SHOWN: Final = SOURCES / "docs" / "images"
IN_README: Final = ("inbox-en-light-desktop", "launch-zh-dark-desktop")


def main() -> None:
    shutil.rmtree(ALL, ignore_errors=True)
    ALL.mkdir(parents=True)
    named = next(filter(None, map(shutil.which, CHROMIUM)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=named, args=list(QUIET))
        for options in ((), ("--no-demo",)):
            with tempfile.TemporaryDirectory() as folder, running(Path(folder), *options) as site:
                take_all(browser, site, {"first-run": ("", "/")} if options else prepare(site))
        browser.close()
    SHOWN.mkdir(exist_ok=True)
    for name in IN_README:
        shutil.copy(ALL / f"{name}.png", SHOWN / f"{name}.png")
    sys.stdout.write(f"{len(list(ALL.iterdir()))} pictures in {ALL.relative_to(SOURCES)}\n")


def take_all(browser: Browser, site: Site, pages: Mapping[str, tuple[str, str]]) -> None:
    """Each page in every look."""
    for lang, scheme, size in product(LANGUAGES, SCHEMES, SIZES):
        for name, (person, address) in pages.items():
            path = ALL / f"{name}-{lang}-{scheme}-{size}.png"
            take(browser, site, person, address, path, (lang, scheme, size))


def prepare(site: Site) -> dict[str, tuple[str, str]]:
    """The sample launch some way on its way, and which page is whose."""
    with site.client("admin") as client:
        launch = client.get("/api/v1/launches").json()["items"][0]["id"]
    site.do("lead.product", f"{launch}/steps/product/ask", text="测试用户由谁提供？")
    site.do("planner.personal", f"{launch}/steps/product/reply", text="市场部提供两个测试号码。")
    site.sign(launch, "product")
    question = {"step": "marketing", "reason": "两批名单都来得及吗？"}
    raised = site.do("planner.personal", f"{launch}/escalations", **question)
    begun(site, "开学季 宽带送流量", days=20)
    fresh = begun(site, "政企 充100送30", days=45)
    change = {"deliverable": "目标客户名单与一句话卖点，分两批交付"}
    site.do(
        "lead.marketing",
        f"{launch}/steps/marketing/counter",
        terms=change,
        reason="第二批名单要等数据",
    )
    return {
        **reviews(site),
        "sign-in": ("", "/sign-in"),
        "welcome": ("", invitation(site)),
        "inbox": ("planner.personal", "/inbox"),
        "inbox-lead": ("lead.product", "/inbox"),
        "inbox-empty": ("planner.enterprise", "/inbox"),
        "start": ("planner.personal", f"/launches/new?from={launch}"),
        "plan": ("planner.personal", f"/launches/{launch}/plan"),
        "organisation": ("admin", "/organisation"),
        "people": ("admin", "/organisation/people"),
        "rules": ("admin", "/organisation/rules"),
        "calendar": ("admin", "/organisation/calendar"),
        "edit": ("admin", "/organisation/edit"),
        "tokens": ("admin", "/tokens"),
        "portfolio": ("planner.personal", "/launches"),
        "portfolio-nothing": ("planner.personal", "/launches?q=zzz"),
        "escalations": ("sponsor", "/escalations"),
        "escalation": ("sponsor", f"/escalations/{raised['id']}"),
        "launch": ("planner.personal", f"/launches/{launch}?step=marketing"),
        "launch-lead": ("lead.product", f"/launches/{fresh}?step=product"),
        "not-found": ("planner.personal", "/nowhere"),
    }


def begun(site: Site, title: str, *, days: int) -> str:
    """A launch that nobody has answered yet; its window starts in so many days."""
    start = datetime.now(UTC) + timedelta(days=days)
    window = {"start": instant(start), "end": instant(start + timedelta(days=30))}
    policy = {"answer_within": "1bd", "repair_within": "3bd", "gate_grace": "1bd"}
    launch: str = site.start(plan(title=title, window=window, policy=policy))["id"]
    return launch


def invitation(site: Site) -> str:
    """The address an invitation leads to."""
    command = ("person", "invite", "lead.service", "--data-dir", str(site.folder))
    done = subprocess.run(
        [sys.executable, "-m", "cli", *command],
        cwd=SOURCES,
        capture_output=True,
        text=True,
        check=True,
    )
    return "/welcome/" + done.stdout.partition("/welcome/")[2].split()[0]


def reviews(site: Site) -> dict[str, tuple[str, str]]:
    """A launch that ended after two signatures, and what its review has to show."""
    launch = site.start(plan())["id"]
    site.sign(launch, "product")
    site.sign(launch, "marketing")
    site.do("planner.personal", f"{launch}/cancel", reason="方案下达太晚")
    while site.see(launch)["phase"] != "closed":
        time.sleep(0.1)
    here = f"/launches/{launch}"
    with site.client("facilitator") as client:
        written = {
            "summary": "方案在上线前一天下达，一线本应提前培训。",
            "factors": ["late_plan", "missing_training"],
        }
        client.patch(f"{API}{here}/postmortem", json=written)
    return {
        "postmortem-edit": ("facilitator", f"{here}/postmortem"),
        "postmortem": ("lead.service", f"{here}/postmortem"),
        "postmortems": ("lead.service", "/postmortems"),
        "replay": ("lead.service", f"{here}/replay?at=9"),
        "what-if": ("lead.service", f"{here}/what-if?act:marketing=decline"),
        "actions": ("facilitator", "/actions"),
        "insights": ("sponsor", "/insights"),
    }


def take(
    browser: Browser,
    site: Site,
    person: str,
    address: str,
    path: Path,
    look: tuple[str, str, str],
) -> None:
    lang, scheme, size = look
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=site.url,
        locale=LANGUAGES[lang],
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": height},
    )
    page = context.new_page()
    if person:
        page.goto("/sign-in")
        page.locator(f"button[value='{person}']").click()
        page.wait_for_url("**/inbox")
    page.goto(address)
    page.screenshot(path=path, full_page=True)
    context.close()


if __name__ == "__main__":
    main()
