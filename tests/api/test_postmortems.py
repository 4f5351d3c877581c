"""Post-mortems over HTTP: opened by themselves, written, published by two people, without names."""

import asyncio
import json
from typing import Any

import pytest

from api.postmortem_documents import PostMortemList, PostMortemPublic
from db import directory, postmortems
from tests.api.story import (
    Document,
    act,
    as_document,
    cancelled,
    code_of,
    signed_up_to,
    started,
    until,
)
from tests.stack import Stack

FACILITATOR = "facilitator"
FULL: dict[str, Any] = {
    "summary": "The plan came a day before the start.",
    "surprises": "Nobody saw that the posters were late.",
    "factors": ["late_plan", "missing_training"],
    "factor_notes": {"late_plan": "One day instead of ten."},
    "went_well": ["The hotline noticed first."],
    "thanks": ["The outlets, for staying open."],
    "sides": {"customer": "Waited.", "employee": "Was not trained."},
}


async def closed(stack: Stack) -> Document:
    """A launch that was cancelled after a signature."""
    return await cancelled(stack, await signed_up_to(stack, await started(stack), "product"))


@pytest.fixture
async def launch(stack: Stack) -> str:
    return str((await closed(stack))["id"])


async def shown(stack: Stack, launch: str, person: str = "lead.service") -> Document:
    answer = await stack.get(f"/launches/{launch}/postmortem", person)
    assert answer.status_code == 200, answer.text
    document = as_document(answer)
    PostMortemPublic.model_validate(document)
    assert document.keys() == set(PostMortemPublic.model_fields)
    return document


async def change(
    stack: Stack,
    launch: str,
    person: str = FACILITATOR,
    *,
    status: int = 200,
    **body: Any,  # noqa: ANN401 - JSON
) -> Document:
    answer = await stack.send("PATCH", f"/launches/{launch}/postmortem", body, person)
    assert answer.status_code == status, answer.text
    if status != 200:
        code_of(answer)
    return as_document(answer)


async def test_it_opens_by_itself_with_the_facts(stack: Stack, launch: str) -> None:
    found = await shown(stack, launch)
    assert (found["cause"], found["state"], found["version"]) == ("cancelled", "draft", 1)
    assert found["summary"] is None
    timeline = found["facts"]["timeline"]
    assert timeline[0]["event"] == "LaunchStarted"
    assert timeline[-1]["event"] == "LaunchClosed"
    events = as_document(await stack.get(f"/launches/{launch}/events"))["items"]
    assert [line["source"]["ledger"] for line in timeline] == [e["seq"] for e in events]


async def test_it_opens_for_no_other_run_but_on_request(stack: Stack) -> None:
    launch = (await cancelled(stack, await started(stack)))["id"]
    assert code_of(await stack.get(f"/launches/{launch}/postmortem")) == "no_such_postmortem"
    answer = await stack.post(f"/launches/{launch}/postmortem", {}, "lead.service")
    assert answer.status_code == 201, answer.text
    assert as_document(answer)["cause"] == "requested"
    again = await stack.post(f"/launches/{launch}/postmortem", {}, "sponsor")
    assert again.status_code == 200
    assert as_document(again)["seq"] == 1


async def test_an_open_launch_has_none(stack: Stack) -> None:
    launch = (await started(stack))["id"]
    answer = await stack.post(f"/launches/{launch}/postmortem", {}, FACILITATOR)
    assert (answer.status_code, code_of(answer)) == (409, "wrong_state")


async def test_a_run_that_failed_opens_one(stack: Stack) -> None:
    launch = await started(stack, policy={"repair_within": "PT0.5S"})
    await act(stack, launch, "product/decline", {"reason": "no"}, "lead.product")
    await until(stack, launch["id"], lambda now: now["phase"] == "closed")
    assert (await shown(stack, launch["id"]))["cause"] == "failed"


async def test_the_record_is_written_and_published_by_two_people(stack: Stack, launch: str) -> None:
    written = await change(stack, launch, **FULL)
    assert written["scrubbed"] == []
    for field, value in FULL.items():
        if field != "sides":
            assert written[field] == value
    assert written["sides"] == {"company": None, "partner": None, **FULL["sides"]}
    await change(stack, launch, state="in_review")
    refused = await change(stack, launch, status=403, state="published")
    assert refused["code"] == "four_eyes"
    published = await change(stack, launch, "executive", state="published")
    assert published["state"] == "published"
    assert published["published_at"]
    [version] = published["versions"]
    assert version["summary"] == FULL["summary"]
    assert version["submitted_by"] != version["published_by"]
    stays = await change(stack, launch, status=409, summary="Other.")
    assert stays["code"] == "wrong_state"
    other = await change(stack, launch, state="draft", summary="Other.")
    assert (other["version"], other["summary"]) == (2, "Other.")
    assert other["versions"][0]["summary"] == FULL["summary"]


async def test_the_writer_is_shown_which_names_were_taken_out(stack: Stack, launch: str) -> None:
    async with stack.database.read() as session:
        people = {p.id: p for p in await directory.everybody(session)}
    lead = people["lead.product"]
    found = await change(
        stack, launch, summary=f"{lead.name.zh}和lead.product", thanks=[f"Dear {lead.name.en}"]
    )
    [alias] = {one["now"] for one in found["scrubbed"]}
    assert [(one["field"], one["was"]) for one in found["scrubbed"]] == [
        ("summary", lead.name.zh),
        ("summary", "lead.product"),
        ("thanks[0]", lead.name.en),
    ]
    assert found["summary"] == f"{alias}和{alias}"
    signer = next(x for x in found["facts"]["timeline"] if x["event"] == "CommitmentSigned")
    assert signer["actor"] == alias, "the same person has the same name in the whole report"


async def test_nobody_is_named_anywhere(stack: Stack) -> None:
    launch = await signed_up_to(stack, await started(stack, title="Für head.service"), "product")
    await act(stack, launch, "marketing/decline", {"reason": "Ask lead.channel"}, "lead.marketing")
    launch = await cancelled(stack, launch)
    await change(stack, launch["id"], **FULL)
    await stack.post(
        f"/launches/{launch['id']}/postmortem/comments", {"text": "frontline.city-a!"}, "sponsor"
    )
    listed = await stack.get("/postmortems")
    text = json.dumps(await shown(stack, launch["id"]), ensure_ascii=False) + listed.text
    async with stack.database.read() as session:
        people = await directory.everybody(session)
    for person in people:
        if "." in person.id:
            assert person.id not in text
            assert person.name.zh not in text


async def test_wording_gets_hints_in_both_languages(stack: Stack, launch: str) -> None:
    found = await change(stack, launch, summary="They should have known.", surprises="他失职了")
    assert [(hint["field"], hint["word"]) for hint in found["hints"]] == [
        ("summary", "should have"),
        ("surprises", "失职"),
    ]
    assert all(hint["say"]["en"] and hint["say"]["zh"] for hint in found["hints"])


async def test_names_are_revealed_for_a_reason_that_stays(stack: Stack, launch: str) -> None:
    place = f"/launches/{launch}/postmortem/reveal"
    assert code_of(await stack.post(place, {}, FACILITATOR)) == "invalid"
    assert code_of(await stack.post(place, {"reason": " "}, FACILITATOR)) == "invalid"
    assert code_of(await stack.post(place, {"reason": "x"}, "lead.product")) == "not_yours"
    before = (await shown(stack, launch))["seq"]
    answer = await stack.post(place, {"reason": "A customer complained."}, FACILITATOR)
    assert answer.status_code == 200, answer.text
    names = as_document(answer)["names"]
    found = await shown(stack, launch)
    signer = next(x for x in found["facts"]["timeline"] if x["event"] == "CommitmentSigned")
    assert names[signer["actor"]]["id"] == "lead.product"
    assert {who["id"] for who in names.values()} == {"lead.product", "planner.personal"}
    assert found["seq"] == before + 1
    async with stack.database.read() as session:
        last = (await postmortems.entries(session, launch))[-1]
        rows = await postmortems.rows(session, launch)
    assert (last.actor, last.event.kind) == (FACILITATOR, "NamesRevealed")
    assert not list(postmortems.damage(launch, rows))


async def test_the_same_key_is_the_same_comment(stack: Stack, launch: str) -> None:
    place = f"/launches/{launch}/postmortem/comments"
    answers = await asyncio.gather(
        *(stack.post(place, {"text": "Once."}, "sponsor", key=f"c-{launch}") for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert [c["text"] for c in (await shown(stack, launch))["comments"]] == ["Once."]
    other = await stack.post(place, {"text": "Twice."}, "sponsor", key=f"c-{launch}")
    assert code_of(other) == "idempotency_mismatch"


async def test_people_who_write_at_once_lose_nothing(stack: Stack, launch: str) -> None:
    place = f"/launches/{launch}/postmortem/comments"
    people = ("sponsor", "executive", "lead.product", "lead.service", "planner.personal")
    answers = await asyncio.gather(*(stack.post(place, {"text": p[:3]}, p) for p in people))
    assert {answer.status_code for answer in answers} == {201}
    assert len((await shown(stack, launch))["comments"]) == len(people)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"factors": ["weather"]}, "factors[0]"),
        ({"factors": ["clash", "clash"]}, "factors[1]"),
        ({"factor_notes": {"weather": "x"}}, "factor_notes.weather"),
        ({"state": "done"}, "state"),
        ({"colour": "red"}, "colour"),
        ({"sides": {"weather": "x"}}, "sides.weather"),
        ({"summary": ""}, "summary"),
        ({"went_well": "x"}, "went_well"),
        ({"summary": "x", "factors": ["clash"], "state": "in_review"}, "factors"),
        ({}, "state"),
    ],
)
async def test_bad_input_is_named_and_changes_nothing(
    stack: Stack, launch: str, body: dict[str, Any], field: str
) -> None:
    before = await shown(stack, launch)
    problem = await change(stack, launch, status=422, **body)
    assert [error["field"] for error in problem["errors"]] == [field]
    assert await shown(stack, launch) == before


async def test_refusals_come_in_their_order(stack: Stack, launch: str) -> None:
    bare = await stack.request("PATCH", f"/launches/{launch}/postmortem", None)
    assert bare.status_code == 401
    assert (await change(stack, "nowhere", status=404, state=1))["code"] == "no_such_launch"
    nothing = (await cancelled(stack, await started(stack)))["id"]
    assert (await change(stack, nothing, status=404, state=1))["code"] == "no_such_postmortem"
    assert (await change(stack, launch, "lead.product", status=422, state=1))["code"] == "invalid"


async def test_a_refused_change_is_kept_in_the_audit(stack: Stack, launch: str) -> None:
    await change(stack, launch, "lead.product", status=403, summary="x")
    answer = await stack.get(f"/launches/{launch}/refusals", FACILITATOR)
    newest = as_document(answer)["items"][0]
    assert (newest["act"], newest["method"], newest["code"]) == (
        *("change-postmortem", "PATCH"),
        "not_yours",
    )


async def test_the_list_is_newest_first_a_page_at_a_time(stack: Stack) -> None:
    newest = [(await closed(stack))["id"] for _ in range(3)]
    await change(stack, newest[1], **FULL, state="in_review")
    seen: list[str] = []
    more = "/postmortems?limit=2"
    while len(seen) < 3:
        page = as_document(await stack.get(more))
        PostMortemList.model_validate(page)
        seen += [item["launch"] for item in page["items"]]
        more = f"/postmortems?limit=2&cursor={page['next_cursor']}"
    assert seen[:3] == newest[::-1]
    in_review = as_document(await stack.get("/postmortems?state=in_review"))["items"]
    assert newest[1] in {item["launch"] for item in in_review}
    assert {item["state"] for item in in_review} == {"in_review"}
    assert code_of(await stack.get("/postmortems?state=lost")) == "invalid"
