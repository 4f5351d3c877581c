"""Escalations on pages: listed, taken up, talked about, settled."""

from datetime import datetime, timedelta

from tests.pages.conftest import Browsing
from tests.pages.test_launch import start, step_of
from tests.stack import Stack


async def raised(stack: Stack) -> tuple[str, str]:
    """A launch and an escalation of it, put to the sponsor."""
    launch = (await start(stack))["id"]
    body = {"step": "product", "reason": "谁来定？"}
    answer = await stack.post(f"/launches/{launch}/escalations", body, "lead.product")
    assert answer.status_code == 201, answer.text
    return launch, answer.json()["id"]


async def test_a_sponsor_takes_up_comments_and_settles(stack: Stack, browser: Browsing) -> None:
    launch, escalation = await raised(stack)
    sponsor = await browser("sponsor")
    assert escalation in (await sponsor.get("/escalations")).text
    page = f"/escalations/{escalation}"
    assert "谁来定？" in (await sponsor.get(page)).text
    for act, form in (("take-up", {"note": "今天"}), ("comment", {"text": "问过了"})):
        assert (await sponsor.post(f"{page}/{act}", data=form)).status_code == 303
    nothing = {"resolution": "extend", "reason": "再给两天"}
    missing = await sponsor.post(f"{page}/resolve", data=nothing)
    assert missing.status_code == 422
    assert "再给两天" in missing.text
    before = (await step_of(stack, launch))["answer_by"]
    later = datetime.fromisoformat(before) + timedelta(days=2)
    more = {**nothing, "answer_by": later.strftime("%Y-%m-%dT%H:%M")}
    done = await sponsor.post(f"{page}/resolve", data=more)
    assert done.status_code == 303, done.text
    assert (await step_of(stack, launch))["answer_by"] > before
    assert escalation not in (await sponsor.get("/escalations")).text
    assert escalation in (await sponsor.get("/escalations?state=resolved")).text


async def test_who_may_not_settle_is_not_asked_to(stack: Stack, browser: Browsing) -> None:
    _, escalation = await raised(stack)
    lead = await browser("lead.product", lang="zh")
    text = (await lead.get(f"/escalations/{escalation}")).text
    assert f"/escalations/{escalation}/comment" in text
    assert f"/escalations/{escalation}/resolve" not in text
    form = {"resolution": "dismiss", "reason": "不管了"}
    answer = await lead.post(f"/escalations/{escalation}/resolve", data=form)
    assert answer.status_code == 403


async def test_only_ways_that_are_theirs_are_offered(stack: Stack, browser: Browsing) -> None:
    _, escalation = await raised(stack)
    ways = ("extend", "reassign", "waive", "postpone", "cancel", "dismiss")
    theirs = {"sponsor": set(ways), "executive": set(ways) - {"cancel"}}
    for person, expected in theirs.items():
        text = (await (await browser(person)).get(f"/escalations/{escalation}")).text
        assert {way for way in ways if f'<option value="{way}"' in text} == expected, person
