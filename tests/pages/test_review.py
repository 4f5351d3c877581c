"""Reviews as pages: a record written and published by two, a run replayed and asked about."""

import re
from typing import get_args

import httpx2
import pytest

import api.pages.whatif
from api import replays
from api.office import Office
from api.pages.replay import never_signed
from api.verification import Objection, Speaks
from api.whatif import WhatIf, what_if_of
from domain.words.review import OBJECTIONS
from tests.api.story import Document, cancelled, shown, signed_up_to, started
from tests.pages.conftest import Browsing
from tests.pages.forms import Page
from tests.stack import Stack


@pytest.fixture
async def launch(stack: Stack) -> Document:
    """A launch that was cancelled after a signature, so that its post-mortem is open."""
    return await cancelled(stack, await signed_up_to(stack, await started(stack), "product"))


async def sent(browser: httpx2.AsyncClient, page: str, act: str, **fields: str) -> httpx2.Response:
    """The form of this act as the page has it, filled in and sent."""
    hidden = hidden_in((await browser.get(page)).text, f"{page}/{act}")
    return await browser.post(f"{page}/{act}", data={**hidden, **fields})


def hidden_in(text: str, action: str) -> dict[str, str]:
    """What the form to this address sends besides what is filled in."""
    return {
        one.name: one.value for one in Page.of(text).form(action).fields if one.kind == "hidden"
    }


async def test_a_record_is_written_and_published_by_two(
    stack: Stack, browser: Browsing, launch: Document
) -> None:
    page = f"/launches/{launch['id']}/postmortem"
    writer, reader = await browser("facilitator"), await browser("sponsor")
    written = {
        "summary": "<b>The plan</b> came late because lead.product waited.",
        "factor:late_plan": "on",
        "note:late_plan": "One day instead of ten.",
    }
    refused = await sent(writer, page, "change", **written, state="in_review")
    assert refused.status_code == 422
    assert "there is never a single cause" in refused.text
    assert "&lt;b&gt;The plan&lt;/b&gt;" in refused.text
    answer = await sent(
        writer, page, "change", **written, **{"factor:shortage": "on"}, state="in_review"
    )
    assert answer.status_code == 303, answer.text
    assert "names=1" in answer.headers["location"]
    own = await sent(writer, page, "change", state="published")
    assert own.status_code == 403
    assert (await sent(reader, page, "change", state="published")).status_code == 303
    text = (await reader.get(page)).text
    assert "<b>The plan" not in text
    assert "lead.product" not in text
    record = (await stack.get(page, "sponsor")).json()
    assert (record["state"], record["factors"]) == ("published", ["late_plan", "shortage"])
    assert record["factor_notes"] == {"late_plan": "One day instead of ten."}


async def test_what_somebody_else_changed_is_not_overwritten(
    stack: Stack, browser: Browsing, launch: Document
) -> None:
    page = f"/launches/{launch['id']}/postmortem"
    writer = await browser("facilitator")
    hidden = hidden_in((await writer.get(page)).text, f"{page}/change")
    await stack.send("PATCH", page, {"thanks": ["The outlets."]}, "facilitator")
    refused = await writer.post(f"{page}/change", data={**hidden, "summary": "Mine."})
    assert refused.status_code == 409
    assert "Mine." in refused.text
    again = await sent(writer, page, "change", summary="Mine.", thanks="The outlets.")
    assert again.status_code == 303
    record = (await stack.get(page, "facilitator")).json()
    assert (record["summary"], record["thanks"]) == ("Mine.", ["The outlets."])


async def test_names_are_told_for_a_reason_and_to_few(browser: Browsing, launch: Document) -> None:
    page = f"/launches/{launch['id']}/postmortem"
    assert "/reveal" not in (await (await browser("lead.product")).get(page)).text
    told = await sent(await browser("executive"), page, "reveal", reason="A claim.")
    assert told.status_code == 200
    assert "lead.product" in told.text


async def test_follow_ups_are_asked_for(stack: Stack, browser: Browsing, launch: Document) -> None:
    page = f"/launches/{launch['id']}/postmortem"
    writer = await browser("facilitator")
    fields = {"module": "service", "deliverable": "Train the hotline.", "deliver_by": "2001-01-01"}
    refused = await sent(writer, page, "actions", **fields)
    assert refused.status_code == 422
    assert "Train the hotline." in refused.text
    asked = await sent(writer, page, "actions", **(fields | {"deliver_by": "2099-01-01"}))
    assert asked.status_code == 422  # More than ten years away.
    year = int(launch["window"]["start"][:4]) + 2
    asked = await sent(writer, page, "actions", **(fields | {"deliver_by": f"{year}-01-01"}))
    assert asked.status_code == 303
    lesson = {"reason": "Ten days were not enough.", "lead_time:marketing": "9bd"}
    assert (await sent(writer, page, "lessons", **lesson)).status_code == 303
    record = (await stack.get(page, "facilitator")).json()
    assert [one["deliverable"] for one in record["actions"]] == ["Train the hotline."]
    changes = [(c["step"], c["field"], c["after"]) for c in record["lessons"][0]["changes"]]
    assert changes == [("marketing", "lead_time", "9bd")]


async def test_a_run_is_replayed_without_names(browser: Browsing, launch: Document) -> None:
    place = f"/launches/{launch['id']}/replay"
    reader = await browser("lead.marketing")
    frames = (await reader.get(f"/api/v1{place}")).json()["frames"]
    seq = next(one["seq"] for one in frames if one["event"] == "CommitmentSigned")
    page = (await reader.get(f"{place}?at={seq}")).text
    assert f'data-seq="{seq}" data-words="commitment signed: Product"' in page
    assert "✓ Verified" in page
    assert f'href="{place}?at={seq + 1}" data-next' in page
    main = page.partition("<main")[2]
    assert "lead.product" not in main
    assert "Product lead" not in main.replace("(Product lead)", "")
    batch = (await reader.get(f"{place}/moments?start=2")).text
    assert (
        re.findall(r'data-seq="(\d+)"', batch) == [str(n) for n in range(2, len(frames) + 1)][:20]
    )


async def test_another_answer_is_laid_beside_the_recorded_one(
    browser: Browsing, launch: Document
) -> None:
    place = f"/launches/{launch['id']}/what-if"
    reader = await browser("planner.personal")
    page = (await reader.get(place, params={"act:product": "decline"})).text
    assert "What is different" in page
    assert re.search(r"Product</th><td>ends</td><td [^>]*>[^<]*cancelled</td>", page)
    wrong = await reader.get(place, params={"answer_within:product": "soon"})
    assert wrong.status_code == 422
    assert "<strong>Product</strong>" in wrong.text
    assert 'value="soon"' in wrong.text


async def test_looking_at_what_if_tries_nothing(
    stack: Stack, browser: Browsing, launch: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a question about a closed run is work, and no look at the page is an act refused."""
    worked: list[str] = []

    async def counted(office: Office, launch: str, body: WhatIf) -> Document:
        worked.append(launch)
        return await what_if_of(office, launch, body)

    monkeypatch.setattr(api.pages.whatif, "what_if_of", counted)
    going = (await started(stack))["id"]
    reader, asked = await browser("planner.personal"), {"act:product": "decline"}
    for launch_id, given in ((going, {}), (going, asked), (launch["id"], {})):
        page = await reader.get(f"/launches/{launch_id}/what-if", params=given)
        assert page.status_code == 200
        assert "What is different" not in page.text
    assert worked == []
    place = f"/launches/{launch['id']}/what-if"
    assert (await reader.get(place, params={"answer_at:product": "soon"})).status_code == 422
    assert (await reader.get(place, params={"signers:product": "7"})).status_code == 422
    assert (await reader.get(place, params=asked)).status_code == 200
    assert set(worked) == {launch["id"]}
    for launch_id in (going, launch["id"]):
        assert (await stack.get(f"/launches/{launch_id}/refusals", "sponsor")).json()["items"] == []


async def test_a_closed_run_without_one_can_be_reviewed(stack: Stack, browser: Browsing) -> None:
    launch = await cancelled(stack, await started(stack))
    reader = await browser("lead.channel", lang="zh")
    assert launch["code"] in (await reader.get("/postmortems")).text
    page = f"/launches/{launch['id']}/postmortem"
    assert "尚无复盘" in (await reader.get(page)).text
    assert (await sent(reader, page, "open")).status_code == 303
    assert "应请求开启" in (await reader.get(page)).text
    assert (await shown(stack, launch["id"]))["phase"] == "closed"


async def test_figures_and_actions_are_shown(browser: Browsing, launch: Document) -> None:
    reader = await browser("sponsor")
    figures = await reader.get("/insights")
    assert (figures.status_code, "Median time to answer" in figures.text) == (200, True)
    assert (await reader.get("/insights?from=2026-02-30")).status_code == 422
    assert (await reader.get("/actions?state=closed")).status_code == 200
    export = await reader.get(f"/launches/{launch['id']}/postmortem/export?form=html")
    assert export.headers["content-disposition"].startswith("attachment")


def test_what_was_deemed_never_looks_signed() -> None:
    """A frame says `signed` of it; a signature, and another end, say otherwise."""
    story = [
        ("CommitmentRequested", "requested", False),
        ("CommitmentDeemed", "signed", True),
        ("DeliveryReported", "reported", True),
        ("CommitmentCancelled", "cancelled", False),
        ("CommitmentRequested", "requested", False),
        ("CommitmentDeemed", "signed", True),
        ("CommitmentSigned", "signed", False),
    ]
    frames = [{"event": name, "step": "a", "chain": {"a": state}} for name, state, _ in story]
    assert ["a" in found for found in never_signed(frames)] == [is_so for *_, is_so in story]


@pytest.mark.parametrize(("lang", "words"), [("en", "tell different things"), ("zh", "不一致")])
async def test_why_a_replay_is_not_verified_is_said_in_words(
    stack: Stack,
    browser: Browsing,
    launch: Document,
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    words: str,
) -> None:
    assert set(get_args(Speaks)) == set(OBJECTIONS)
    told = Objection("differs", "the ledger has it, the replay does not", 3)
    monkeypatch.setattr(replays, "first_objection", lambda *_: told)
    reader = await browser("lead.product", lang=lang)
    text = (await reader.get(f"/launches/{launch['id']}/replay")).text
    assert words in text
    assert "Entry 3: the ledger has it" in text
