"""A launch from its start to its end, every act by the page of whoever does it."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.browser.conftest import Persona
from tests.browser.desk import SEEN, card, expect_done, fill_and_send
from tests.browser.site import MODULES

ORGANISATION: Final = ZoneInfo("Asia/Shanghai")
RUNGS: Final = "PT0S lead notify\nPT1S head notify"


def started_by_form(planner: Page, code: str) -> str:
    """The address of a campaign that begins at a full minute in a while, with clocks of seconds."""
    start = (datetime.now(ORGANISATION) + timedelta(seconds=135)).replace(second=0)
    end = start + timedelta(minutes=10)
    fields = {
        "code": code,
        "title": "社会网点 充100送50",
        "window.start": f"{start:%Y-%m-%d}",
        "window.start_time": f"{start:%H:%M}",
        "window.end": f"{end:%Y-%m-%d}",
        "window.end_time": f"{end:%H:%M}",
        "policy.answer_within": "PT12S",
        "offers[0].key": "topup",
        "offers[0].product": "prepaid-topup",
        "offers[0].pay": "100.00",
        "offers[0].get": "50.00",
        "offers[0].currency": "CNY",
        "offers[0].segments[]": "consumer-prepaid",
        "policy.repair_within": "PT5M",
        "policy.gate_grace": "PT5M",
        **{f"steps[{at}].lead_time": "PT0S" for at in range(len(MODULES))},
        "steps[3].answer_within": "PT3S",
        "steps[3].ladder[]": RUNGS,
    }
    planner.goto("/launches/new")
    planner.locator("form.plan details").evaluate_all("all => all.forEach(one => one.open = true)")
    for name, text in fields.items():
        planner.locator(f"[name='{name}']").fill(text)
    planner.get_by_role("button", name="Start the launch").click()
    expect(planner.locator("#where")).to_contain_text(code)
    return planner.url


def test_a_campaign_from_request_to_live(persona: Persona) -> None:
    planner, code = persona("planner.personal"), f"T-{uuid4().hex[:8]}"
    here = started_by_form(planner, code)

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
    expect(planner.locator(".phase")).to_have_text("live", timeout=180_000)
