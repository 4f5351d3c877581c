"""What was written when a session ended: named as in its form, and sent on whole."""

import re
from datetime import UTC, datetime
from html import unescape

import httpx2
import pytest

from api.pages.forms import Form
from api.pages.render import environment
from api.problems import Problem
from db import access
from tests.api.story import started
from tests.pages.conftest import Browsing
from tests.pages.forms import Page
from tests.pages.test_launch import start, step_of
from tests.stack import Stack

PASSWORD = "correct horse battery"
FIELD = re.compile(
    r'<label>([^<]*)<textarea name="([^"]+)"[^>]*>\n([^<]*)</textarea></label>'
    r'|<input type="(hidden|checkbox)" name="([^"]+)" value="([^"]*)"'
)
TYPED = (
    *("code", "title", "department", "regions[]", "window.start", "window.end_time", "theme"),
    *("offers[0].key", "offers[0].pay", "offers[1].segments[]", "resources[0].pool"),
    *("resources[0].needed_by", "steps[5].key", "steps[0].deliverable", "steps[1].ladder[]"),
    *("policy.silence", "audience.size", "contact.channel", "template"),
    *("ratings[0].score", "terms.quantities[0].quantity", "terms.conditions[]", "condition.by"),
    *("person.id", "person.roles[0]", "person.name.zh", "blackout.channels[]", "override.date"),
    *("summary", "sides.partner", "factor:late_plan", "note:late_plan", "went_well", "thanks"),
    *("module", "deliverable", "conditions", "lead_time:product", "signers:channel", "silence"),
    *("reason", "text", "note", "evidence", "link", "to", "until", "resolution", "label", "days"),
)
MADE = {
    "seen": "d1",
    "checked": "d2",
    "do": "save",
    "editing": "lead.product",
    "state": "in_review",
    "terms_digest": "sha256:0",
    "finding": "f1",
    "fact": "the stock is there",
    "plan": '{"theme": "x"}',
    "ratings[0].condition": "on time",
    "terms.quantities[0].pool": "gift-phone",
    "steps[0].key": "product",
    "steps[7].own": "1",
    "was": "{}",
    "at": "3",
}
"""Fields that a page made; `steps[0]` is one of the template's."""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_field_has_a_name_people_know(lang: str) -> None:
    label_of = environment("zh" if lang == "zh" else "en").globals["label_of"]
    raw = [name for name in TYPED if label_of(name) == name]  # type: ignore[operator]  # our own
    assert raw == []


def test_a_field_is_told_from_its_like() -> None:
    label_of = environment("en").globals["label_of"]
    said = [label_of(name) for name in ("offers[0].pay", "offers[1].pay", "lead_time:product")]  # type: ignore[operator]  # our own
    assert said == ["Customer pays (1)", "Customer pays (2)", "Lead time (product)"]


def test_only_what_a_person_wrote_counts_as_written() -> None:
    fields = {**MADE, "steps[7].key": "legal", "reason": "ours", "note": " "}
    assert Form(fields).written == {"steps[7].key": "legal", "reason": "ours"}


async def resumed(stack: Stack, nobody: httpx2.AsyncClient, fields: dict[str, str]) -> str:
    """The page after somebody signed in again who was sending these fields."""
    now = datetime.now(UTC)
    async with stack.database.write() as session:
        secret = await access.invite(session, "head.channel", days=3, now=now)
    await nobody.post(f"/welcome/{secret}", data={"password": PASSWORD, "again": PASSWORD})
    await nobody.post("/sign-out")
    lost = await nobody.post("/launches/x/steps/product/ask", data=fields)
    assert lost.status_code == 401
    form = lost.text.partition('action="/sign-in"')[2].partition("</form>")[0]
    kept = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    known = {unescape(name): unescape(value) for name, value in kept}
    answer = await nobody.post(
        "/sign-in", data={**known, "person": "head.channel", "password": PASSWORD}
    )
    assert answer.status_code == 200
    return answer.text.partition("<main")[2].partition("</main>")[0]


async def test_a_form_is_resumed_by_its_names(stack: Stack, browser: Browsing) -> None:
    typed = {name: f"\n<{name}>" for name in TYPED}
    fields = {**MADE, **typed, "steps[5].own": "1", "reason": ""}
    text = await resumed(stack, await browser(None), fields)
    shown, sent = {}, {}
    for label, name, value, kind, other, own in FIELD.findall(text):
        key = unescape(name or other)
        sent[key] = unescape(value or own)
        if kind != "hidden":
            shown[key] = unescape(label)
    assert sent.items() >= fields.items()
    assert shown.keys() == typed.keys() - {"reason"}
    assert [name for name, label in shown.items() if label == name] == []


async def test_what_has_no_form_any_more_is_shown_by_its_names(
    stack: Stack, browser: Browsing
) -> None:
    launch = await started(stack)
    lead = await browser("lead.product")
    form = {
        "key": "k",
        "ratings[0].condition": "on time",
        "ratings[0].score": "4",
        "note": "fine",
    }
    answer = await lead.post(f"/launches/{launch['id']}/steps/product/accept", data=form)
    assert answer.status_code in (403, 409)
    shown = answer.text.partition("What you wrote, to copy:")[2]
    assert "Rating, 1 to 5 (1)<textarea readonly" in shown
    assert "ratings[0]" not in shown
    assert "on time" not in shown


async def test_what_came_at_a_bad_moment_is_there_to_be_sent_again(
    stack: Stack, browser: Browsing, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch = await start(stack)
    lead = await browser("lead.product")
    place = f"/launches/{launch['id']}/steps/product/decline"
    form = {"key": f"k{launch['id']}", "as": "lead.product", "reason": "人手不足"}

    async def unavailable(*_: object, **__: object) -> None:
        raise Problem(503, "unavailable", "The database does not answer.")

    with monkeypatch.context() as patch:
        patch.setattr("api.pages.launch.act_on_step", unavailable)
        answer = await lead.post(place, data=form)
    assert answer.status_code == 503
    assert "人手不足</textarea>" in answer.text
    again = Page.of(answer.text).form(place)
    assert {name: again.filled[name] for name in form} == form
    assert (await lead.post(place, data=again.filled)).status_code == 303
    assert (await step_of(stack, launch["id"]))["state"] == "declined"


async def test_what_was_sent_nowhere_is_there_to_copy(browser: Browsing) -> None:
    lead = await browser("lead.product")
    answer = await lead.post("/launches/no-such/stop", data={"reason": "写了很久"})
    assert answer.status_code == 404
    assert "写了很久</textarea>" in answer.text


async def test_a_password_is_not_shown_again(browser: Browsing) -> None:
    lead = await browser("lead.product")
    form = {"current": "never shown", "note": "x"}
    answer = await lead.post("/launches/no-such/stop", data=form)
    assert answer.status_code == 404
    assert "never shown" not in answer.text
    assert "<textarea" not in answer.text
