"""The organisation on its pages: shown to everybody, changed by administrators, by the rules of its
file, and never over somebody else's head.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from api.intake.organisation_dump import organisation_document, organisation_text
from api.pages.forms import LARGEST_FORM
from db import audit, directory
from domain.organisation import Name, Organisation, Person
from tests.api.story import act, cancelled, started
from tests.pages.conftest import Browsing
from tests.stack import DEMO, Stack

EDIT, PEOPLE = "/organisation/edit", "/organisation/people"
RULES, CALENDAR = "/organisation/rules", "/organisation/calendar"
TEXT = organisation_text(DEMO)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture(autouse=True)
async def as_it_was(stack: Stack) -> AsyncIterator[None]:
    """Others use the installation after these tests."""
    yield
    async with stack.database.write() as session:
        await directory.save(session, DEMO)


async def now(stack: Stack) -> Organisation:
    async with stack.database.read() as session:
        found = await directory.load(session)
    assert found is not None
    return found


def fields(page: str, **changes: str) -> dict[str, str]:
    """The hidden fields every form of a page has, and what somebody fills in."""
    hidden = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("seen", "checked")
    }
    known = {name: unescape(match[1]) for name, match in hidden.items() if match}
    return {**known, "key": uuid4().hex, **changes}


async def checked(admin: httpx2.AsyncClient, text: str) -> tuple[httpx2.Response, dict[str, str]]:
    """A text that was looked at, and the form that would save it."""
    opened = await admin.get(EDIT)
    answer = await admin.post(EDIT, data=fields(opened.text, text=text, do="check"))
    return answer, fields(answer.text, text=text, do="save")


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_everybody_sees_it_and_no_form(browser: Browsing, lang: str) -> None:
    lead = await browser("lead.product", lang=lang)
    for path in ("/organisation", PEOPLE, RULES, CALENDAR):
        page = (await lead.get(path)).text
        assert "textarea" not in page, path
        assert 'name="do"' not in page, path
    name = "产品负责人" if lang == "zh" else "Product lead"
    assert name in (await lead.get(PEOPLE)).text
    assert "gift-phone" in (await lead.get(RULES)).text


async def test_only_administrators_change_it(stack: Stack, browser: Browsing) -> None:
    lead = await browser("lead.product")
    places = (EDIT, PEOPLE, f"{PEOPLE}/remove", f"{PEOPLE}/invite", RULES, CALENDAR)
    assert (await lead.get(EDIT)).status_code == 403
    for path in places:
        form = {"key": uuid4().hex, "text": TEXT, "do": "save", "person.id": "admin"}
        assert (await lead.post(path, data=form)).status_code == 403, path
    async with stack.database.read() as session:
        rows = await audit.newest(session, person="lead.product", limit=20)
    assert set(places) <= {row.path for row in rows if row.code == "not_yours"}
    assert await now(stack) == DEMO


async def test_a_text_is_checked_then_saved(stack: Stack, browser: Browsing) -> None:
    admin = await browser("admin")
    text = TEXT.replace("capacity: 1000,", "capacity: 900,").replace("18:00", "17:30")
    answer, form = await checked(admin, text)
    assert all(one in answer.text for one in ("gift-phone", "900", "17:30"))
    assert await now(stack) == DEMO
    done = await admin.post(EDIT, data=form)
    assert (done.status_code, done.headers["location"]) == (303, "/organisation?done=saved")
    assert (await now(stack)).identity.cutoff == "17:30"
    again = await admin.post(EDIT, data=form)
    assert again.status_code == 303


async def test_what_is_saved_was_looked_at(stack: Stack, browser: Browsing) -> None:
    """A text that was touched after the check is shown once more."""
    admin = await browser("admin")
    _, form = await checked(admin, TEXT.replace("18:00", "17:30"))
    answer = await admin.post(EDIT, data={**form, "text": TEXT.replace("18:00", "16:30")})
    assert answer.status_code == 200
    assert "16:30" in answer.text
    assert await now(stack) == DEMO


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_every_mistake_is_named(stack: Stack, browser: Browsing, lang: str) -> None:
    admin = await browser("admin", lang=lang)
    text = TEXT.replace("Asia/Shanghai", "Mars").replace("lead:product", "lead:prodct")
    answer, _ = await checked(admin, text)
    assert answer.status_code == 422
    assert "organisation.zone" in answer.text
    assert "people[3].roles[0]" in answer.text
    assert "lead:prodct" in answer.text, "what was written is kept"
    broken, _ = await checked(admin, "people: [")
    assert (broken.status_code, "line 1" in broken.text) == (422, True)
    assert await now(stack) == DEMO


async def test_nobody_is_overwritten_unseen(stack: Stack, browser: Browsing) -> None:
    one, other = await browser("admin"), await browser("admin")
    _, mine = await checked(one, TEXT.replace("18:00", "17:30"))
    _, theirs = await checked(other, TEXT.replace("capacity: 1000,", "capacity: 900,"))
    assert (await other.post(EDIT, data=theirs)).status_code == 303
    refused = await one.post(EDIT, data=mine)
    assert refused.status_code == 409
    day = {"override.date": "2027-03-06", "override.working": "true", "do": "add"}
    short = await one.post(CALENDAR, data=fields("", seen=mine["seen"], **day))
    assert (short.status_code, 'value="2027-03-06"' in short.text) == (409, True)
    assert all(text in refused.text for text in ("900", "1000", "17:30"))
    assert (await now(stack)).identity.cutoff == "18:00"
    knowing = fields(refused.text, text=mine["text"], do="save")
    assert (await one.post(EDIT, data=knowing)).status_code == 303
    assert (await now(stack)).identity.cutoff == "17:30"


async def test_a_person_comes_changes_and_goes(stack: Stack, browser: Browsing) -> None:
    admin = await browser("admin")
    page = (await admin.get(PEOPLE)).text
    person = {
        "person.id": "new.person",
        "person.name.en": "Somebody <script>alert(1)</script>",
        "person.name.zh": "某人",
        "person.roles[3]": "deputy:product",
        "person.regions[]": "city-a\ncity-c",
    }
    form = fields(page, **person)
    assert (await admin.post(PEOPLE, data=form)).status_code == 303
    assert (await admin.post(PEOPLE, data=form)).status_code == 303, "sent twice, done once"
    added = (await now(stack)).person("new.person")
    assert added is not None
    assert added.roles == ("deputy:product", "frontline:city-a", "frontline:city-c")
    page = (await admin.get(PEOPLE, params={"edit": "new.person"})).text
    assert "<script>alert" not in page
    changed = fields(page, **{**person, "editing": "new.person", "person.roles[3]": "planner"})
    assert (await admin.post(PEOPLE, data=changed)).status_code == 303
    assert "planner" in (await now(stack)).person("new.person").roles  # type: ignore[union-attr]
    page = (await admin.get(PEOPLE)).text
    asked = await admin.post(f"{PEOPLE}/remove", data=fields(page, **{"person.id": "new.person"}))
    assert (await now(stack)).person("new.person") is not None, "shown first"
    text = organisation_text(DEMO)
    saved = await admin.post(EDIT, data=fields(asked.text, text=text, do="save"))
    assert saved.status_code == 303
    assert await now(stack) == DEMO


async def test_a_short_form_obeys_the_rules_of_the_file(stack: Stack, browser: Browsing) -> None:
    admin = await browser("admin")
    page = (await admin.get(PEOPLE)).text
    wrong: dict[str, Any] = {
        "person.id": "lead.product",
        "person.name.en": "Twice",
        "person.email": "none",
        "person.roles[0]": "lead:nothing",
    }
    answer = await admin.post(PEOPLE, data=fields(page, **wrong))
    assert answer.status_code == 422
    assert 'value="Twice"' in answer.text
    assert all(
        text in answer.text for text in ("already the id", "Name in Chinese", "mail address")
    )
    days = {"blackout.from": "2027-03-09", "blackout.to": "2027-03-02", "do": "add"}
    answer = await admin.post(RULES, data=fields(page, **days))
    assert (answer.status_code, "Last day" in answer.text) == (422, True)
    assert await now(stack) == DEMO


async def test_the_last_administrator_does_not_go_by_a_slip(
    stack: Stack, browser: Browsing
) -> None:
    admin = await browser("admin")
    page = (await admin.get(PEOPLE)).text
    form = {"editing": "admin", "person.name.en": "Administrator", "person.name.zh": "管理员"}
    answer = await admin.post(PEOPLE, data=fields(page, **form))
    assert answer.status_code == 200
    assert "Nobody would be administrator" in answer.text
    assert await now(stack) == DEMO


async def test_days_and_blackouts_come_and_go(stack: Stack, browser: Browsing) -> None:
    admin = await browser("admin")
    blackout = {"blackout.from": "2027-03-01", "blackout.to": "2027-03-05"}
    blackout["blackout.reason"] = "stocktaking"
    override = {"override.date": "2027-03-06", "override.working": "true"}
    for path, given in ((RULES, blackout), (CALENDAR, override)):
        page = (await admin.get(path)).text
        assert (await admin.post(path, data=fields(page, do="add", **given))).status_code == 303
    assert "stocktaking" in (await admin.get(RULES)).text
    assert (await now(stack)).identity.overrides[-1].working
    for path, given in ((RULES, blackout), (CALENDAR, override)):
        page = (await admin.get(path)).text
        assert (await admin.post(path, data=fields(page, do="remove", **given))).status_code == 303
    assert await now(stack) == DEMO


async def stocktakings(stack: Stack) -> list[tuple[str, ...]]:
    """The channels of every blackout for a stocktaking."""
    known = organisation_document(await now(stack))["blackouts"]
    return [tuple(one["channels"]) for one in known if one["reason"] == "stocktaking"]


async def test_a_blackout_goes_and_its_namesakes_stay(stack: Stack, browser: Browsing) -> None:
    """Same days, same reason: other channels, fewer of them, or all."""
    admin = await browser("admin")
    days = {"blackout.from": "2027-03-01", "blackout.to": "2027-03-05"}
    for channels in ("sms", "sms\napp", "", "app"):
        given = {**days, "blackout.reason": "stocktaking", "blackout.channels[]": channels}
        form = fields((await admin.get(RULES)).text, do="add", **given)
        assert (await admin.post(RULES, data=form)).status_code == 303
    for gone, left in (
        ("sms", {("sms", "app"), (), ("app",)}),
        ("", {("sms", "app"), ("app",)}),
        ("sms\napp", {("app",)}),
    ):
        page = (await admin.get(RULES)).text
        forms = re.findall(r'<form[^>]*action="/organisation/rules".*?</form>', page, re.DOTALL)
        sent = [dict(HIDDEN.findall(form)) for form in forms if "stocktaking" in form]
        [form] = [one for one in sent if one["blackout.channels[]"] == gone]
        form = {name: unescape(value) for name, value in form.items()}
        assert (await admin.post(RULES, data={**form, "do": "remove"})).status_code == 303
        assert set(await stocktakings(stack)) == left


async def test_of_two_same_blackouts_one_goes(stack: Stack, browser: Browsing) -> None:
    admin = await browser("admin")
    given = {"blackout.from": "2027-03-01", "blackout.to": "2027-03-05"}
    given["blackout.reason"] = "stocktaking"
    for doing, number in (("add", 1), ("add", 2), ("remove", 1), ("remove", 0)):
        form = fields((await admin.get(RULES)).text, do=doing, **given)
        assert (await admin.post(RULES, data=form)).status_code == 303
        assert len(await stocktakings(stack)) == number


async def test_an_invitation_is_shown_once(browser: Browsing) -> None:
    admin, nobody = await browser("admin"), await browser(None)
    form = {"key": uuid4().hex, "person.id": "deputy.service"}
    first = await admin.post(f"{PEOPLE}/invite", data=form)
    link = re.search(r"http://127\.0\.0\.1:\d+(/welcome/[\w-]+)", first.text)
    assert link is not None
    assert "deputy.service" in (await nobody.get(link[1])).text
    again = await admin.post(f"{PEOPLE}/invite", data=form)
    assert (again.status_code, "/welcome/" in again.text) == (200, False)
    assert (await nobody.get(link[1])).status_code == 200
    unknown = {"key": uuid4().hex, "person.id": "no\0body"}
    assert (await admin.post(f"{PEOPLE}/invite", data=unknown)).status_code == 404


async def test_who_stands_in_is_shown(stack: Stack, browser: Browsing) -> None:
    launch = await started(stack)
    until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    given = {"to": "deputy.channel", "until": until, "reason": "away"}
    done = await act(stack, launch, "product/delegate", given, "lead.product")
    assert done.status_code == 200, done.text
    anybody = await browser("frontline.city-a")
    page = (await anybody.get("/organisation")).text
    row = page[page.index(launch["code"]) :].partition("</tr>")[0]
    assert "Product lead" in row
    assert "Channel deputy" in row
    await cancelled(stack, launch)
    assert launch["code"] not in (await anybody.get("/organisation")).text


async def test_a_large_organisation_fits(stack: Stack, browser: Browsing) -> None:
    many = tuple(Person(f"p.{n}", Name("Somebody", "某一位同事")) for n in range(1000))
    text = organisation_text(replace(DEMO, people=(*DEMO.people, *many)))
    assert len(text) > 64 * 1024
    answer, _ = await checked(await browser("admin"), text)
    assert answer.status_code == 200
    assert "p.999" in answer.text
    lead = await browser("lead.product")
    refused = await lead.post(EDIT, data=fields("", text=text, do="check"))
    assert refused.status_code == 403


async def test_a_form_that_is_too_large_is_told_its_own_limit(browser: Browsing) -> None:
    admin = await browser("admin", lang="zh")
    refused = await admin.post(EDIT, data=fields("", text="x" * (LARGEST_FORM + 1), do="check"))
    assert refused.status_code == 413
    assert str(LARGEST_FORM) in refused.text
    assert "64 KiB" not in refused.text
