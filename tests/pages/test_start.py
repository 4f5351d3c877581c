"""Starting a launch without scripts: errors at their fields, drafts, and past launches."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest

from api.pages.start_past import codes_after
from api.pages.start_sheet import rows_of, sheet_of, step_rows
from api.replies import BASE
from db import drafts
from tests.pages.conftest import Browsing
from tests.stack import Stack

PLANNER, OTHER = "planner.personal", "planner.product"
TYPING = {"HX-Request": "true"}


def filled(**more: str) -> dict[str, str]:
    """The fields of a plan that can be started."""
    start = datetime.now(UTC).date() + timedelta(days=90)
    return {
        "key": uuid4().hex,
        "as": PLANNER,
        "draft": uuid4().hex,
        "code": f"P-{uuid4().hex[:8]}",
        "title": "开学季",
        "department": "personal",
        "sponsor": "sponsor",
        "template": "standard-launch",
        "window.start": start.isoformat(),
        "window.end": (start + timedelta(days=20)).isoformat(),
        **more,
    }


def at_fields(page: str) -> dict[str, str]:
    """What is said to be wrong, by the names of the fields."""
    found = re.findall(r'<span hidden data-wrong="([^"]*)">([^<]*)</span>', page)
    return {unescape(name): unescape(text) for name, text in found}


def value_of(page: str, name: str) -> str:
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page)
    assert found is not None, name
    return unescape(found[1])


async def kept_by(stack: Stack, person: str) -> Mapping[str, Mapping[str, str]]:
    async with stack.database.read() as session:
        return {one.id: one.fields for one in await drafts.of_person(session, person)}


def test_errors_lead_to_the_rows_they_were_typed_in() -> None:
    sheet = sheet_of(
        {
            "offers[0].key": " ",
            "offers[2].key": "late",
            "steps[0].key": "product",
            "steps[3].key": "channel",
            "steps[3].signers": "9",
            "steps[7].own": "1",
            "steps[8].own": "1",
            "steps[8].key": "legal",
            "audience.size": "1" * 30,
        }
    )
    assert sheet.plan["offers"] == [{"key": "late"}]
    assert sheet.plan["steps"] == [
        {"key": "channel", "signers": 9},
        {"key": "legal", "after": []},
    ]
    assert sheet.plan["audience"] == {"size": "1" * 30}
    assert sheet.field_of("offers[0].segments[1]") == "offers[2].segments[]"
    assert sheet.field_of("steps[0].signers") == "steps[3].signers"
    assert sheet.field_of("steps[1].after[0]") == "steps[8].after[]"
    assert sheet.field_of("steps.product.lead_time") == "steps[0].lead_time"
    assert sheet.field_of("regions[4]") == "regions[]"
    assert sheet.field_of("window") == "window.start"


def test_steps_keep_their_words_when_the_template_is_another() -> None:
    fields = {"steps[0].key": "product", "steps[1].key": "launch", "steps[1].signers": "2"}
    rows = step_rows(fields, ("review", "product"))
    assert rows.template == {"review": 2, "product": 0}
    assert rows.own == (1, 3)


def test_no_name_of_a_field_makes_a_page_without_end() -> None:
    assert rows_of({"offers[999999999].key": "x", "offers[²].key": "x"}, "offers") == (0,)
    assert rows_of({"offers[999].key": "x"}, "offers") == (999,)


def test_a_code_counts_on() -> None:
    assert next(codes_after("TOPUP")) == "TOPUP-2"
    assert next(codes_after("TOPUP-9")) == "TOPUP-10"
    assert len(next(codes_after("X" * 64))) <= 64


async def test_a_refusal_stands_at_its_field(stack: Stack, browser: Browsing) -> None:
    planner = await browser(PLANNER)
    wrong = filled(**{"offers[1].key": "a", "offers[1].pay": "lots"})
    answer = await planner.post("/launches/new", data=wrong)
    assert answer.status_code == 422
    assert {"offers[1].pay", "offers[1].product"} <= at_fields(answer.text).keys()
    assert value_of(answer.text, "offers[1].pay") == "lots"
    assert value_of(answer.text, "title") == "开学季"

    right = filled()
    assert (await planner.post("/launches/new", data=right)).status_code == 303
    again = await planner.post("/launches/new", data=filled(code=right["code"]))
    assert again.status_code == 409
    assert at_fields(again.text).keys() == {"code"}


async def test_what_is_typed_is_kept_until_the_launch_starts(
    stack: Stack, browser: Browsing
) -> None:
    planner, form = await browser(PLANNER), filled()
    checked = await planner.post("/launches/new/check", data=form, headers=TYPING)
    assert checked.status_code == 200
    assert "Saved as a draft" in checked.text
    assert (await kept_by(stack, PLANNER))[form["draft"]]["code"] == form["code"]
    quiet = await planner.post("/launches/new/check", data=filled())
    assert "Saved as a draft" not in quiet.text
    opened = await planner.get("/launches/new", params={"draft": form["draft"]})
    assert value_of(opened.text, "code") == form["code"]
    assert value_of(opened.text, "draft") == form["draft"]
    started = await planner.post("/launches/new", data=form)
    assert started.headers["location"].startswith("/launches/")
    assert form["draft"] not in await kept_by(stack, PLANNER)
    late = await planner.post("/launches/new/check", data=form, headers=TYPING)
    assert late.status_code == 200
    assert form["draft"] not in await kept_by(stack, PLANNER), "it came after the start"
    only_a_step = {name: form[name] for name in ("key", "as")} | {
        "draft": uuid4().hex,
        "steps[0].key": "product",
        "steps[0].deliverable": "只写了这一句",
    }
    await planner.post(
        "/launches/new/check", data=only_a_step | {"key": uuid4().hex}, headers=TYPING
    )
    assert only_a_step["draft"] in await kept_by(stack, PLANNER)


async def test_a_draft_outlasts_a_start_that_may_still_be_refused(
    stack: Stack, browser: Browsing
) -> None:
    planner, form = await browser(PLANNER), filled()
    await planner.post("/launches/new/draft", data=form)
    async with stack.without_worker():
        waiting = await planner.post("/launches/new", data=form)
        assert waiting.headers["location"].startswith("/inbox?pending=")
    assert form["draft"] in await kept_by(stack, PLANNER)


async def test_a_draft_is_its_writers_alone(stack: Stack, browser: Browsing) -> None:
    mine, theirs, form = await browser(PLANNER), await browser(OTHER), filled()
    assert (await mine.post("/launches/new/draft", data=form)).status_code == 303
    opened = await theirs.get("/launches/new", params={"draft": form["draft"]})
    assert opened.status_code == 404
    same = {**form, "as": OTHER, "title": "not yours"}
    saved = await theirs.post("/launches/new/draft", data=same)
    assert saved.status_code == 303
    assert form["draft"] not in saved.headers["location"]
    await theirs.post("/launches/new/draft/forget", data={"draft": form["draft"], "as": OTHER})
    assert (await kept_by(stack, PLANNER))[form["draft"]]["title"] == "开学季"

    # The page was opened by somebody else who used this browser before.
    strange = {**form, "draft": uuid4().hex}
    assert (await theirs.post("/launches/new/draft", data=strange)).status_code == 409
    await theirs.post("/launches/new/check", data=strange, headers=TYPING)
    assert strange["draft"] not in await kept_by(stack, OTHER)


async def test_fifty_drafts_are_enough(stack: Stack, browser: Browsing) -> None:
    planner = await browser("planner.enterprise")
    mine = {"as": "planner.enterprise"}
    ids = [uuid4().hex for _ in range(drafts.MOST)]
    async with stack.database.write() as session:
        for one in ids:
            await drafts.save(session, mine["as"], one, {"title": one}, now=datetime.now(UTC))
    full = await planner.post("/launches/new/draft", data=filled(**mine, title="one more"))
    assert full.status_code == 409
    assert "Too many drafts" in full.text
    assert value_of(full.text, "title") == "one more"
    typed = await planner.post("/launches/new/check", data=filled(**mine), headers=TYPING)
    assert "Not saved as a draft: Too many drafts" in typed.text
    assert "At the latest" in typed.text, "the plan is checked all the same"
    known = filled(**mine, draft=ids[0], title="changed")
    assert (await planner.post("/launches/new/draft", data=known)).status_code == 303
    await planner.post("/launches/new/draft/forget", data={"draft": ids[1], **mine})
    kept = await kept_by(stack, mine["as"])
    assert (len(kept), kept[ids[0]]["title"]) == (drafts.MOST - 1, "changed")


@pytest.mark.parametrize("place", ["/launches/new/check", "/launches/new/draft"])
async def test_who_plans_nothing_is_told_who_does(
    stack: Stack, browser: Browsing, place: str
) -> None:
    lead = await browser("lead.product")
    page = await lead.get("/launches/new")
    assert "Only planners start launches" in page.text
    assert 'name="code"' not in page.text
    assert (await lead.post(place, data=filled(**{"as": "lead.product"}))).status_code == 403
    assert await kept_by(stack, "lead.product") == {}


async def test_a_past_launch_is_planned_anew(stack: Stack, browser: Browsing) -> None:
    planner = await browser(PLANNER)
    form = filled(
        **{
            "policy.repair_within": "4bd",
            "steps[4].key": "service",
            "steps[4].signers": "2",
            "steps[5].own": "1",
            "steps[5].key": "legal",
            "steps[5].module": "product",
            "steps[5].deliverable": "An opinion",
            "steps[5].lead_time": "4bd",
        }
    )
    started = await planner.post("/launches/new", data=form)
    assert started.status_code == 303, at_fields(started.text)
    past = started.headers["location"].rpartition("/")[2]
    plan = (await stack.http.get(f"{BASE}/launches/{past}", headers=bearer(stack))).json()["plan"]
    assert [s["after"] for s in plan["steps"] if s["key"] == "legal"] == [[]]

    page = (await planner.get("/launches/new", params={"from": past})).text
    assert "Its dates are moved" in page
    assert "are left out" not in page
    assert value_of(page, "code") == f"{form['code']}-2"
    assert value_of(page, "policy.repair_within") == "4bd"
    assert value_of(page, "policy.answer_within") == ""
    assert value_of(page, "steps[4].signers") == "2"
    assert value_of(page, "steps[3].signers") == ""
    assert value_of(page, "steps[5].key") == "legal"
    first, last = (date.fromisoformat(value_of(page, f"window.{end}")) for end in ("start", "end"))
    assert (last - first).days == 20
    assert abs(first - date.fromisoformat(form["window.start"])) <= timedelta(days=4)
    assert (await planner.get("/launches/new", params={"from": "no-such"})).status_code == 404


async def test_hours_and_ladders_are_said_and_taken_along(stack: Stack, browser: Browsing) -> None:
    planner = await browser(PLANNER)
    form = filled(
        **{
            "window.start_time": "09:30",
            "policy.ladder[]": "PT1H head\n1bd sponsor reassign",
            "steps[0].key": "product",
            "steps[0].remind_before": "PT2H",
            "steps[0].ladder[]": "nobody",
        }
    )
    refused = await planner.post("/launches/new", data=form)
    assert refused.status_code == 422
    assert list(at_fields(refused.text)) == ["steps[0].ladder[]"]
    form |= {"steps[0].ladder[]": "PT1H head\n1bd nobody"}
    refused = await planner.post("/launches/new", data=form)
    assert list(at_fields(refused.text)) == ["steps[0].ladder[]"]
    form |= {"steps[0].ladder[]": "PT0S lead", "window.start_time": "half past"}
    refused = await planner.post("/launches/new", data=form)
    assert list(at_fields(refused.text)) == ["window.start"]
    started = await planner.post("/launches/new", data=form | {"window.start_time": "09:30"})
    assert started.status_code == 303, at_fields(started.text)
    past = started.headers["location"].rpartition("/")[2]
    plan = (await stack.http.get(f"{BASE}/launches/{past}", headers=bearer(stack))).json()["plan"]
    assert plan["window"]["start"].endswith("T01:30:00Z")
    assert [rung["to"] for rung in plan["policy"]["ladder"]] == ["head", "sponsor"]

    page = (await planner.get("/launches/new", params={"from": past})).text
    assert "are left out" not in page
    assert value_of(page, "window.start_time") == "09:30"
    assert value_of(page, "window.end_time") == ""
    assert value_of(page, "steps[0].remind_before") == "PT2H"
    assert "PT1H head notify\n1bd sponsor reassign</textarea>" in page
    assert "PT0S lead notify</textarea>" in page


async def test_another_row_is_there_without_scripts(browser: Browsing) -> None:
    planner = await browser(PLANNER)
    page = (await planner.get("/launches/new")).text
    assert 'name="offers[1].key"' not in page
    more = await planner.post("/launches/new/check", data=filled(more="offers"))
    assert 'name="offers[1].key"' in more.text


def bearer(stack: Stack) -> dict[str, str]:
    return {"Authorization": f"Bearer {stack.tokens[PLANNER]}"}
