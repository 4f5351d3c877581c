"""A launch from its start to its end, every act by the page of whoever does it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import Persona
from tests.browser.desk import SEEN, card, expect_done, fill_and_send
from tests.browser.site import MODULES, Site, instant, plan

RUNGS = [
    {"after": "PT0S", "to": "lead", "do": "notify"},
    {"after": "PT1S", "to": "head", "do": "notify"},
]


def test_a_campaign_from_request_to_live(  # noqa: PLR0915 - it is one story
    site: Site, persona: Persona
) -> None:
    start = datetime.now(UTC) + timedelta(seconds=75)
    window = {"start": instant(start), "end": instant(start + timedelta(seconds=60))}
    steps: list[dict[str, Any]] = [{"key": key, "lead_time": "PT0S"} for key in MODULES]
    steps[3] |= {"answer_within": "PT3S", "ladder": RUNGS}
    policy = {"answer_within": "PT12S", "repair_within": "PT5M", "gate_grace": "PT5M"}
    launch = site.start(plan(window=window, steps=steps, policy=policy))
    code, here = launch["code"], f"/launches/{launch['id']}"

    product = persona("lead.product")
    fill_and_send(card(product, code, "product"), "sign", note="配置完成")
    expect_done(product, "Signed")

    marketing = persona("lead.marketing", locale="zh-CN")
    mine = card(marketing, code, "marketing")
    fill_and_send(
        mine,
        "counter",
        **{"terms.deliverable": "目标客户名单与一句话卖点", "reason": "名单先行"},
    )
    expect_done(marketing, "反提案已提交发起方")

    planner = persona("planner.personal")
    offered = card(planner, code, "marketing")
    expect(offered).to_contain_text("名单先行")
    fill_and_send(offered, "accept-counter")
    expect_done(planner, "the offered terms hold")

    communications = persona("lead.communications")
    fill_and_send(card(communications, code, "communications"), "sign")
    expect_done(communications, "Signed")

    head = persona("head.channel")
    expect(head.locator("#waiting")).to_contain_text(code, timeout=15_000)
    channel = persona("lead.channel")
    late = card(channel, code, "channel")
    expect(late).to_contain_text("overdue", timeout=15_000)
    fill_and_send(late, "sign")
    expect_done(channel, "Signed")

    service = persona("lead.service")
    service.goto(f"{here}?step=service")
    frontline = persona("frontline.city-a")
    frontline.goto(here)
    fill_and_send(frontline.locator("aside"), "stop", reason="网点还没有培训")
    expect_done(frontline, "stopped")
    expect(service.locator("#where")).to_contain_text("网点还没有培训", timeout=SEEN)

    sponsor = persona("sponsor")
    sponsor.goto(here)
    fill_and_send(sponsor.locator("aside"), "resume", reason="培训完毕")
    expect_done(sponsor, "goes on")

    fill_and_send(card(service, code, "service"), "sign")
    expect_done(service, "Signed")

    pages = dict(zip(MODULES, (product, marketing, communications, channel, service), strict=True))
    customers = {**dict(pairwise(MODULES)), "service": "planner"}
    everybody = {**pages, "planner": planner}
    for module, page in pages.items():
        fill_and_send(card(page, code, module), "report", evidence="已交付，见附件")
        expect(page.locator(".done")).to_be_visible()
        judge = everybody[customers[module]]
        fill_and_send(card(judge, code, module), "accept")
        expect(judge.locator(".done")).to_be_visible()
    planner.goto(here)
    expect(planner.locator(".phase")).to_have_text("live", timeout=90_000)
