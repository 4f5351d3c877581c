"""The page of a launch: every act goes the way of the API, and nothing that was written is lost."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from db import read_model
from db.row import table_of
from db.tables import LaunchRow
from tests.api.plans import plan
from tests.pages.conftest import Browsing
from tests.stack import Stack


async def start(stack: Stack) -> dict[str, Any]:
    answer = await stack.post("/launches", plan(), "planner.personal")
    assert answer.status_code == 201, answer.text
    launch: dict[str, Any] = answer.json()
    return launch


async def step_of(stack: Stack, launch: str, key: str = "product") -> dict[str, Any]:
    steps = (await stack.get(f"/launches/{launch}")).json()["steps"]
    found: dict[str, Any] = next(step for step in steps if step["key"] == key)
    return found


async def test_a_form_is_the_same_request_as_the_api_takes(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    lead = await browser("lead.product")
    digest = launch["steps"][0]["terms"]["digest"]
    form = {"key": "once-only", "as": "lead.product", "terms_digest": digest, "note": "好"}
    path = f"/launches/{launch['id']}/steps/product/sign"
    first, second = await lead.post(path, data=form), await lead.post(path, data=form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert len((await step_of(stack, launch["id"]))["signatures"]) == 1
    api = await stack.post(
        f"/launches/{launch['id']}/steps/product/sign",
        {"terms_digest": digest, "note": "好"},
        "lead.product",
        key="once-only",
    )
    assert api.status_code == 200
    other = await lead.post(path, data={**form, "note": "另一个"})
    assert other.status_code == 409
    assert "另一个" in other.text


async def test_who_may_not_is_refused_and_audited(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    form = {"reason": "不归我"}
    answer = await (await browser("lead.service")).post(
        f"/launches/{launch['id']}/steps/product/decline", data=form
    )
    assert answer.status_code == 403
    assert "不归我" in answer.text
    refused = (await stack.get(f"/launches/{launch['id']}/refusals", "sponsor")).json()["items"]
    assert [(one["person"], one["act"], one["code"]) for one in refused] == [
        ("lead.service", "decline", "not_yours")
    ]


async def test_local_times_and_unchanged_terms(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    before = launch["steps"][0]["terms"]
    due = datetime.fromisoformat(before["deliver_by"]) + timedelta(hours=8)
    form = {
        "terms.deliverable": before["deliverable"],
        "terms.conditions[]": "  一个测试用户\n\n限制写清楚  ",
        "terms.deliver_by": due.strftime("%Y-%m-%dT%H:%M"),
        "reason": "条件更清楚",
    }
    answer = await (await browser("lead.product")).post(
        f"/launches/{launch['id']}/steps/product/counter", data=form
    )
    assert answer.status_code == 303, answer.text
    terms = (await step_of(stack, launch["id"]))["terms"]
    assert terms["conditions"] == ["一个测试用户", "限制写清楚"]
    assert terms["deliver_by"] == before["deliver_by"]
    assert terms["version"] == 2


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_what_is_wrong_is_said_at_its_field(
    stack: Stack, browser: Browsing, lang: str
) -> None:
    launch = await start(stack)
    lead = await browser("lead.product", lang=lang)
    form = {"terms.deliver_by": "gestern", "reason": "留着这句话"}
    answer = await lead.post(f"/launches/{launch['id']}/steps/product/counter", data=form)
    assert answer.status_code == 422
    assert "留着这句话" in answer.text
    assert ("格式不正确" if lang == "zh" else "must be a day and a time") in answer.text


async def test_a_signature_on_a_condition(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    step = launch["steps"][0]
    by = datetime.fromisoformat(step["answer_by"]) + timedelta(hours=8)
    form = {
        "terms_digest": step["terms"]["digest"],
        "condition.fact": "名单已到",
        "condition.by": by.strftime("%Y-%m-%dT%H:%M:%S"),
    }
    answer = await (await browser("lead.product")).post(
        f"/launches/{launch['id']}/steps/product/sign-if", data=form
    )
    assert answer.status_code == 303, answer.text
    assert (await step_of(stack, launch["id"]))["condition"]["fact"] == "名单已到"


async def test_each_is_offered_what_is_theirs(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    everything = ("sign", "counter", "decline", "ask", "amend", "withdraw", "remind", "waive")
    expected = {
        "lead.product": {"sign", "counter", "decline", "ask"},
        "planner.personal": {"amend", "withdraw", "remind"},
        "sponsor": {"waive"},
        "lead.service": set(),
    }
    for person, theirs in expected.items():
        text = (await (await browser(person)).get(f"/launches/{launch['id']}?step=product")).text
        assert {act for act in everything if f'/steps/product/{act}"' in text} == theirs, person


async def test_a_first_load_is_small(stack: Stack, browser: Browsing) -> None:
    """Everything a browser fetches for a page, as it is sent: at most 60 KB."""
    launch = await start(stack)
    lead = await browser("lead.product", lang="zh")
    lead.headers["Accept-Encoding"] = "gzip"
    for address in ("/inbox", f"/launches/{launch['id']}?step=product"):
        page = await lead.get(address)
        assert page.headers["content-encoding"] == "gzip"
        files = sorted(set(re.findall(r'"(/static/[^"]+)"', page.text)))
        sizes = [(await lead.get(file)).num_bytes_downloaded for file in files]
        sizes.append(page.num_bytes_downloaded)
        assert len(sizes) > 5
        assert sum(sizes) <= 60_000, address


async def test_only_what_was_signed_so_is_verified(stack: Stack, browser: Browsing) -> None:
    """Another text, or another signature, under the digest that was signed."""
    launch, other = await start(stack), await start(stack)
    for one in (launch, other):
        body = {"terms_digest": one["steps"][0]["terms"]["digest"]}
        done = await stack.post(f"/launches/{one['id']}/steps/product/sign", body, "lead.product")
        assert done.status_code == 200
    lead = await browser("lead.product")
    here = f"/launches/{launch['id']}?step=product"
    assert "signature verified" in (await lead.get(here)).text
    text = await document_of(stack, launch["id"])
    stolen = (await document_of(stack, other["id"]))["steps"][0]["signatures"][0]["jws"]
    for forged in ("terms", "jws", "digest"):
        document = json.loads(json.dumps(text))
        step = document["steps"][0]
        if forged == "terms":
            step["terms"]["deliverable"] = "别的内容"
        elif forged == "jws":
            step["signatures"][0]["jws"] = stolen
        else:
            step["terms"]["digest"] = step["signatures"][0]["digest"] = "sha256:" + "0" * 64
        await put_document(stack, launch["id"], document)
        shown = (await lead.get(here)).text
        assert "signature does not verify" in shown, forged
        assert "signature verified" not in shown, forged
    await put_document(stack, launch["id"], text)
    assert "signature verified" in (await lead.get(here)).text


async def document_of(stack: Stack, launch: str) -> dict[str, Any]:
    async with stack.database.read() as session:
        document: dict[str, Any] = json.loads(str(await read_model.launch_text(session, launch)))
    return document


async def put_document(stack: Stack, launch: str, document: dict[str, Any]) -> None:
    """Write past everything that guards it."""
    table = table_of(LaunchRow)
    async with stack.database.write() as session:
        await session.execute(
            update(table).where(table.c.id == launch).values(document=json.dumps(document))
        )


async def test_a_refused_act_comes_back_as_that_act(stack: Stack, browser: Browsing) -> None:
    """Acts on the whole launch that share their names with acts on a step."""
    launch = await start(stack)
    planner = await browser("planner.personal")
    form = {"reason": " ", "at": "product"}
    answer = await planner.post(f"/launches/{launch['id']}/cancel", data=form)
    assert answer.status_code == 422
    opened = re.findall(r'<details [^>]*open data-shortcut="([^"]+)"', answer.text)
    assert opened == ["launch-cancel"]


async def test_a_term_that_was_emptied_is_gone(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    assert launch["steps"][0]["terms"]["conditions"]
    lead = await browser("lead.product")
    place = f"/launches/{launch['id']}/steps/product/counter"
    refused = await lead.post(place, data={"terms.deliverable": " ", "reason": "没有交付物"})
    assert refused.status_code == 422
    answer = await lead.post(place, data={"terms.conditions[]": "", "reason": "不设条件"})
    assert answer.status_code == 303, answer.text
    step = await step_of(stack, launch["id"])
    assert step["terms"]["conditions"] == []
    assert step["terms"]["deliverable"] == launch["steps"][0]["terms"]["deliverable"]


async def test_a_form_changes_what_was_changed_in_it(stack: Stack, browser: Browsing) -> None:
    """A condition of two lines stays one; what another changed meanwhile is not undone."""
    launch = await start(stack)
    here = f"/launches/{launch['id']}/steps/product"
    two_lines = {"terms": {"conditions": ["第一行\n第二行"]}, "reason": "写清楚"}
    assert (await stack.post(f"{here}/amend", two_lines, "planner.personal")).status_code == 200
    shown = (await step_of(stack, launch["id"]))["terms"]
    form = {
        "was": shown["digest"],
        "terms.deliverable": shown["deliverable"],
        "terms.conditions[]": "第一行\n第二行",
        "reason": "晚两天",
    }
    meanwhile = {"terms": {"deliverable": "新的交付物"}, "reason": "换了"}
    assert (await stack.post(f"{here}/amend", meanwhile, "planner.personal")).status_code == 200
    due = datetime.fromisoformat(shown["deliver_by"]) + timedelta(hours=8, days=-2)
    form["terms.deliver_by"] = due.strftime("%Y-%m-%dT%H:%M")
    answer = await (await browser("lead.product")).post(f"{here}/counter", data=form)
    assert answer.status_code == 303, answer.text
    terms = (await step_of(stack, launch["id"]))["terms"]
    assert terms["conditions"] == ["第一行\n第二行"]
    assert terms["deliverable"] == "新的交付物"
    assert terms["deliver_by"] < shown["deliver_by"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("terms.deliver_by", "Z"),
        ("terms.deliver_by", "tomorrowZ"),
        ("terms.quantities[0].quantity", "1" * 19),
        ("terms.quantities[0].quantity", "²"),
        ("terms.quantities", "foo"),
        ("terms.quantities[0].needed_by", "2026-12-10T10:00"),
        ("terms.quantities[0]", "x"),
        ("terms", "abc"),
        ("terms.deliver_by[]", "x"),
        ("terms.deliver_by", "0001-01-01T00:00"),
    ],
)
async def test_rubbish_is_refused_at_its_field(
    stack: Stack, browser: Browsing, name: str, text: str
) -> None:
    launch = await start(stack)
    form = {name: text, "terms.deliverable": "", "reason": "试试"}
    answer = await (await browser("lead.product")).post(
        f"/launches/{launch['id']}/steps/product/counter", data=form
    )
    assert answer.status_code in (400, 422)
    assert "试试" in answer.text


async def test_a_form_of_an_earlier_attempt_undoes_nothing(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    here = f"/launches/{launch['id']}/steps/product"
    old = launch["steps"][0]["terms"]
    form = {
        "was": old["digest"],
        "terms.deliverable": old["deliverable"],
        "terms.conditions[]": "\n".join([*old["conditions"], "再加一条"]),
        "reason": "还缺一条",
    }
    assert (await stack.post(f"{here}/withdraw", {"reason": "重来"}, "planner.personal")).is_success
    anew = {"terms": {"deliverable": "新的交付物"}, "reason": "换了"}
    assert (await stack.post(f"{here}/request", anew, "planner.personal")).is_success
    lead = await browser("lead.product")
    made_up = await lead.post(f"{here}/counter", data=form | {"was": "sha256:none"})
    assert made_up.status_code == 409
    assert "还缺一条" in made_up.text
    answer = await lead.post(f"{here}/counter", data=form)
    assert answer.status_code == 303
    terms = (await step_of(stack, launch["id"]))["terms"]
    assert terms["deliverable"] == "新的交付物"
    assert "再加一条" in terms["conditions"]


async def test_a_key_that_is_none_does_nothing(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    lead = await browser("lead.product")
    for key in ("a\0b", "k" * 201, "键"):
        form = {"key": key, "text": "问题"}
        answer = await lead.post(f"/launches/{launch['id']}/steps/product/ask", data=form)
        assert answer.status_code == 400
    assert (await step_of(stack, launch["id"]))["state"] == "requested"


async def test_earlier_versions_and_attempts_are_told(stack: Stack, browser: Browsing) -> None:
    launch = await start(stack)
    here = f"/launches/{launch['id']}/steps/product"
    change = {"terms": {"conditions": ["第二版的条件"]}, "reason": "写清楚"}
    assert (await stack.post(f"{here}/amend", change, "planner.personal")).status_code == 200
    assert (
        await stack.post(f"{here}/decline", {"reason": "人手不足"}, "lead.product")
    ).status_code == 200
    again = {"reason": "换了人"}
    assert (await stack.post(f"{here}/request", again, "planner.personal")).status_code == 200
    change = {"terms": {"deliverable": "第三版的内容"}, "reason": "更小"}
    assert (await stack.post(f"{here}/amend", change, "planner.personal")).status_code == 200
    lead = await browser("lead.product")
    text = (await lead.get(f"/launches/{launch['id']}?step=product")).text
    for said in (
        "Earlier versions",
        "Attempt 1: ✗",
        "人手不足",
        "第二版的条件",
        "第三版的内容",
        "更小",
    ):
        assert said.replace(": ✗", ":") in text, said


async def test_a_finding_is_waived_by_two_whose_it_is(stack: Stack, browser: Browsing) -> None:
    soon = (datetime.now(UTC) + timedelta(days=2)).date()
    window = {"start": str(soon), "end": str(soon + timedelta(days=9))}
    answer = await stack.post("/launches", plan(window=window), "planner.personal")
    launch = answer.json()
    [finding, *_] = launch["findings"]
    here = f"/launches/{launch['id']}"
    form = {"finding": finding["id"], "reason": "可以承受", "at": finding["step"]}

    async def offered(person: str) -> bool:
        page = await (await browser(person)).get(f"{here}?step={finding['step']}")
        return f'value="{finding["id"]}"' in page.text

    people = ("sponsor", "executive", "head.marketing", "planner.personal")
    assert [await offered(person) for person in people] == [True, False, False, False]
    assert (
        await (await browser("sponsor")).post(f"{here}/finding-waive", data=form)
    ).status_code == 303
    assert [await offered(person) for person in people] == [False, True, True, False]
    again = await (await browser("sponsor")).post(f"{here}/finding-waive", data=form)
    assert again.status_code == 403
    assert again.text.count('role="alert"') == 1
    assert "可以承受" in again.text
    assert (
        await (await browser("executive")).post(f"{here}/finding-waive", data=form)
    ).status_code == 303
    assert [await offered(person) for person in people] == [False] * 4


async def test_an_inbox_says_of_which_module_it_was_and_no_other_words(browser: Browsing) -> None:
    lead = await browser("lead.product")
    known = await lead.get("/inbox", params={"done": "sign", "of": "product"})
    assert re.search(r'class="done".*<small>Product</small>', known.text)
    forged = await lead.get("/inbox", params={"done": "sign", "of": "everything, and call 555"})
    assert 'class="done"' in forged.text
    assert "call 555" not in forged.text.partition("<main")[2]
