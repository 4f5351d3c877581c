"""Starting a launch by its form: checked while it is filled in, and nothing typed is ever lost."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.conftest import Persona
from tests.browser.site import Site, plan


def fill(page: Page, code: str, *, ahead: int) -> None:
    """The least a launch needs, with an offer; its window starts in so many days."""
    start = datetime.now(UTC) + timedelta(days=ahead)
    for name, text in (
        ("code", code),
        ("title", "开学季 宽带送流量"),
        ("window.start", start.strftime("%Y-%m-%d")),
        ("window.end", (start + timedelta(days=20)).strftime("%Y-%m-%d")),
        ("regions[]", "city-a\ncity-b"),
        ("offers[0].key", "broadband"),
        ("offers[0].product", "broadband"),
        ("offers[0].pay", "99.00"),
        ("offers[0].get", "20.00"),
        ("offers[0].currency", "CNY"),
        ("offers[0].segments[]", "consumer-prepaid"),
    ):
        page.locator(f"[name='{name}']").fill(text)


def test_a_planner_starts_a_launch(site: Site, persona: Persona) -> None:
    page, code = persona("planner.personal"), f"F-{uuid4().hex[:8]}"
    page.goto("/launches/new")
    fill(page, code, ahead=3)
    expect(page.locator("#checked .finding").first).to_be_visible()
    expect(page.locator("#checked table")).to_contain_text("Customer service")
    fill(page, code, ahead=60)
    expect(page.locator("#checked .done")).to_be_visible()
    page.get_by_role("button", name="Start the launch").click()
    expect(page.locator("#where")).to_contain_text(code)
    [started] = [one for one in site.listed() if one["code"] == code]
    assert started["plan"]["offers"][0]["segments"] == ["consumer-prepaid"]
    assert started["plan"]["regions"] == ["city-a", "city-b"]


def test_a_plan_that_cannot_be_keeps_every_word(site: Site, persona: Persona) -> None:
    taken = site.start(plan())["code"]
    page = persona("planner.personal", java_script_enabled=False, locale="zh-CN")
    page.goto("/launches/new")
    fill(page, taken, ahead=60)
    page.locator("[name='offers[0].pay']").fill("很多")
    page.get_by_role("button", name="发起", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("客户支付 (1)")
    expect(page.locator("[name='offers[0].pay']")).to_have_attribute("aria-invalid", "true")
    page.locator("[name='offers[0].pay']").fill("99.00")
    page.get_by_role("button", name="发起", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("编号已被使用")
    expect(page.locator("[name='title']")).to_have_value("开学季 宽带送流量")


def test_a_launch_is_started_from_a_past_one(site: Site, persona: Persona) -> None:
    past = site.start(plan())
    page = persona("planner.personal")
    page.goto(f"/launches/{past['id']}")
    page.get_by_role("link", name="Start from this one").click()
    expect(page.locator("[name='title']")).to_have_value(past["title"])
    expect(page.locator("[name='offers[0].pay']")).to_have_value("100.00")
    expect(page.locator("[name='code']")).not_to_have_value(past["code"])


def test_a_draft_waits_for_its_writer_alone(site: Site, persona: Persona) -> None:
    page = persona("planner.product")
    page.goto("/launches/new")
    code = f"D-{uuid4().hex[:8]}"
    fill(page, code, ahead=60)
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.locator("main > .done")).to_contain_text("only you see it")
    draft = page.url
    expect(page.locator("[name='code']")).to_have_value(code)
    other = persona("planner.personal")
    answer = other.goto(draft)
    assert answer is not None
    assert answer.status == 404
    page.get_by_role("button", name="Start the launch").click()
    expect(page.locator("#where")).to_contain_text(code)
    page.goto("/launches/new")
    expect(page.locator(".drafts")).to_have_count(0)


def test_errors_come_to_their_fields_and_leave_the_focus(site: Site, persona: Persona) -> None:
    page = persona("planner.personal")
    page.goto("/launches/new")
    fill(page, f"F-{uuid4().hex[:8]}", ahead=60)
    pay = page.locator("[name='offers[0].pay']")
    pay.press("End")
    pay.press_sequentially("x")
    expect(pay).to_have_attribute("aria-invalid", "true")
    expect(pay).to_be_focused()
    expect(pay).to_have_value("99.00x")
    # Nobody has come to this one yet: it is only empty.
    expect(page.locator("[name='contact.channel']")).not_to_have_attribute("aria-invalid", "true")
    pay.press("Backspace")
    pay.press("Enter")
    expect(pay).not_to_have_attribute("aria-invalid", "true")
    expect(pay).to_be_focused()
    assert page.url.endswith("/launches/new")


def test_another_offer_is_there_at_once(site: Site, persona: Persona) -> None:
    page, code = persona("planner.personal"), f"F-{uuid4().hex[:8]}"
    page.goto("/launches/new")
    fill(page, code, ahead=60)
    page.get_by_role("button", name="Add an offer").click()
    expect(page.locator("[name='offers[1].key']")).to_be_focused()
    expect(page.locator("[name='offers[0].pay']")).to_have_value("99.00")
    for name, text in (("key", "x"), ("product", "x"), ("pay", "1"), ("get", "1")):
        page.locator(f"[name='offers[1].{name}']").fill(text)
    page.locator("[name='offers[1].currency']").fill("CNY")
    expect(page.locator("#checked table")).to_be_visible()
    page.get_by_role("button", name="Start the launch").click()
    expect(page.locator("#where")).to_contain_text(code)
    [started] = [one for one in site.listed() if one["code"] == code]
    assert [offer["key"] for offer in started["plan"]["offers"]] == ["broadband", "x"]


def test_what_was_typed_is_a_draft_without_asking(site: Site, persona: Persona) -> None:
    page, code = persona("planner.enterprise"), f"D-{uuid4().hex[:8]}"
    page.goto("/launches/new")
    fill(page, code, ahead=60)
    expect(page.locator("#checked")).to_contain_text("Saved as a draft")
    page.goto("/launches/new")
    page.locator("details", has=page.locator(".drafts")).locator("summary").click()
    page.locator(".drafts a").first.click()
    expect(page.locator("[name='code']")).to_have_value(code)


def test_a_plan_changes_where_it_was_changed(site: Site, persona: Persona) -> None:
    """What the form shows of the rest comes back as it was, also two lines and a nought."""
    offers = [{**plan()["offers"][0], "key_message": "第一行\n第二行"}]
    launch = site.start(plan(offers=offers, audience={"size": 0}))
    page = persona("planner.personal")
    page.goto(f"/launches/{launch['id']}")
    page.get_by_role("link", name="Change the plan").click()
    page.locator("[name='title']").fill("换个名称")
    page.locator("[name='reason']").fill("更清楚")
    page.get_by_role("button", name="Change the plan").click()
    expect(page.locator(".done")).to_contain_text("The plan is changed.")
    [amendment] = site.see(launch["id"])["amendments"]
    assert [change["field"] for change in amendment["changes"]] == ["title"]


def test_another_template_brings_its_steps(site: Site, persona: Persona) -> None:
    """The steps are drawn anew when it is chosen, with what was written for them."""
    page = persona("planner.personal")
    page.goto("/launches/new")
    fill(page, f"F-{uuid4().hex[:8]}", ahead=60)
    steps = page.locator("#steps")
    page.locator("form.plan details").evaluate_all("all => all.forEach(one => one.open = true)")
    written = steps.locator("[name='steps[0].deliverable']")
    written.fill("只做一个套餐")
    template = page.locator("[name='template']")
    template.evaluate(
        "e => { e.add(new Option('v1', 'standard-launch@1')); e.value = 'standard-launch@1'; }"
    )
    steps.evaluate("e => e.querySelector('summary').textContent = 'as it was'")
    template.dispatch_event("change")
    expect(steps.locator("summary").first).to_have_text("What each module owes")
    expect(written).to_have_value("只做一个套餐")
    expect(written).to_be_visible()
