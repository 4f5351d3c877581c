"""What a review asks of a module: asked, countered, declined, signed, accepted as anything else is;
listed until it is done.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.documents import LaunchPublic
from api.postmortem_documents import ActionList, ActionPublic, ActionRequestedPublic
from db import integrity
from domain.canonical import rfc3339
from tests.api.story import (
    Document,
    act,
    as_document,
    cancelled,
    code_of,
    inbox,
    shown,
    sign,
    signed_up_to,
    started,
    until,
)
from tests.stack import Stack

FACILITATOR = "facilitator"
WISH: dict[str, Any] = {
    "module": "service",
    "deliverable": "Training is booked with the plan.",
    "deliver_by": str((datetime.now(UTC) + timedelta(days=30)).date()),
}


@pytest.fixture
async def launch(stack: Stack) -> str:
    """A run that was cancelled after a signature."""
    run = await signed_up_to(stack, await started(stack), "product")
    return str((await cancelled(stack, run))["id"])


async def requested(stack: Stack, launch: str, **wish: object) -> Document:
    answer = await stack.post(f"/launches/{launch}/postmortem/actions", WISH | wish, FACILITATOR)
    assert answer.status_code == 201, answer.text
    action = as_document(answer)
    assert answer.headers["location"] == f"/api/v1/launches/{action['id']}"
    ActionRequestedPublic.model_validate(action)
    return action


async def published(stack: Stack, launch: str) -> None:
    """The review, written by the facilitator and published by the executive."""
    said = {"summary": "Late.", "factors": ["late_plan", "tool"], "state": "in_review"}
    for body, person in ((said, FACILITATOR), ({"state": "published"}, "executive")):
        answer = await stack.send("PATCH", f"/launches/{launch}/postmortem", body, person)
        assert answer.status_code == 200, answer.text


async def listed(stack: Stack, launch: str, state: str = "open") -> list[Document]:
    """The actions of this run in the list of all."""
    found = as_document(await stack.get(f"/actions?state={state}&limit=100"))
    ActionList.model_validate(found)
    return [item for item in found["items"] if item["postmortem"] == launch]


async def of_review(stack: Stack, launch: str) -> list[Document]:
    return list(as_document(await stack.get(f"/launches/{launch}/postmortem"))["actions"])


async def test_it_is_a_launch_of_one_step_without_window_and_gate(
    stack: Stack, launch: str
) -> None:
    action = await requested(stack, launch)
    assert (action["launch"], action["postmortem"]) == (action["id"], launch)
    assert (action["module"], action["state"], action["overdue"]) == ("service", "requested", False)
    now = await shown(stack, action["launch"])
    LaunchPublic.model_validate(now)
    assert (now["kind"], now["review_of"]) == ("action", launch)
    assert (now["window"], now["gate"]) == (None, None)
    assert (now["planner"], now["sponsor"]) == (FACILITATOR, "sponsor")
    [step] = now["steps"]
    assert (step["module"], step["customer"]) == ("service", "planner")
    waiting = await inbox(stack, "lead.service")
    assert [item["kind"] for item in waiting if item["launch"] == action["id"]] == ["sign"]
    assert [found["id"] for found in await of_review(stack, launch)] == [action["id"]]
    ActionPublic.model_validate((await of_review(stack, launch))[0])


async def test_lists_of_launches_have_it_only_where_it_is_asked_for(
    stack: Stack, launch: str
) -> None:
    action = await requested(stack, launch)
    campaigns = as_document(await stack.get("/launches"))["items"]
    assert {item["kind"] for item in campaigns} == {"campaign"}
    actions = as_document(await stack.get("/launches?kind=action"))["items"]
    assert action["id"] in {item["id"] for item in actions}
    assert {item["kind"] for item in actions} == {"action"}
    assert (await stack.get("/launches?kind=other")).status_code == 422


async def test_what_is_delivered_and_accepted_closes_it(stack: Stack, launch: str) -> None:
    action = await requested(stack, launch)
    assert (await sign(stack, action, "service")).status_code == 200
    report = await act(
        stack, action, "service/report", {"evidence": "It is booked."}, "deputy.service"
    )
    assert report.status_code == 200, report.text
    accepted = await act(stack, action, "service/accept", {}, FACILITATOR)
    assert accepted.status_code == 200, accepted.text
    now = as_document(accepted)
    assert (now["phase"], now["outcome"]) == ("closed", "completed")
    refused = await act(stack, action, "service/report", {"evidence": "Again."}, "lead.service")
    assert code_of(refused) == "launch_closed"
    assert (await stack.get(f"/launches/{action['id']}/postmortem")).status_code == 404


async def test_a_refusal_closes_it(stack: Stack, launch: str) -> None:
    action = await requested(stack, launch)
    declined = await act(stack, action, "service/decline", {"reason": "No room."}, "lead.service")
    now = as_document(declined)
    assert (now["phase"], now["outcome"]) == ("closed", "cancelled")
    reviewed = await stack.post(f"/launches/{action['id']}/postmortem", {}, FACILITATOR)
    assert (reviewed.status_code, as_document(reviewed)["cause"]) == (201, "requested")
    assert (await integrity.verify(stack.database, action["id"])).problems == ()


async def test_a_waiver_by_two_people_closes_it(stack: Stack, launch: str) -> None:
    action = await requested(stack, launch)
    reason = {"reason": "Not needed."}
    opened = await act(stack, action, "service/waive", reason, "sponsor")
    assert opened.status_code == 200, opened.text
    now = as_document(await act(stack, action, "service/waive", reason, "executive"))
    assert (now["phase"], now["outcome"]) == ("closed", "completed")


async def test_a_promise_taken_back_closes_it(stack: Stack, launch: str) -> None:
    action = await requested(stack, launch)
    await sign(stack, action, "service")
    revoked = await act(stack, action, "service/revoke", {"reason": "No room."}, "lead.service")
    assert revoked.status_code == 200, revoked.text
    now = await until(stack, action["id"], lambda now: now["phase"] == "closed")
    assert now["outcome"] == "cancelled"
    assert (await integrity.verify(stack.database, action["id"])).problems == ()


async def test_it_is_negotiated(stack: Stack, launch: str) -> None:
    action = await requested(stack, launch)
    later = rfc3339(datetime.now(UTC) + timedelta(days=300))
    offer = {"terms": {"deliver_by": later}, "reason": "More time."}
    countered = await act(stack, action, "service/counter", offer, "lead.service")
    assert countered.status_code == 200, countered.text
    [step] = as_document(countered)["steps"]
    accept = {"terms_digest": step["terms"]["digest"]}
    agreed = await act(stack, action, "service/accept-counter", accept, FACILITATOR)
    assert as_document(agreed)["steps"][0]["state"] == "signed"
    [found] = await of_review(stack, launch)
    assert (found["state"], found["deliver_by"]) == ("signed", later)


@pytest.mark.parametrize(
    ("name", "body", "person"),
    [
        ("amend", {"plan": {"theme": "x"}, "reason": "x"}, FACILITATOR),
        (
            "amend",
            {
                "plan": {
                    "window": {"start": "2050-01-01T00:00:00Z", "end": "2050-02-01T00:00:00Z"}
                },
                "reason": "x",
            },
            FACILITATOR,
        ),
        ("amend", {"plan": {"window": {"end": "2050-02-01"}}, "reason": "x"}, FACILITATOR),
        ("service/counter", {"plan": {"regions": []}, "reason": "x"}, "lead.service"),
    ],
)
async def test_it_has_no_plan_to_change(
    stack: Stack, launch: str, name: str, body: Document, person: str
) -> None:
    action = await requested(stack, launch)
    refused = await act(stack, action, name, body, person)
    assert refused.status_code == 422, refused.text
    assert (await shown(stack, action["id"]))["seq"] == action["seq"]


async def test_it_is_stopped_and_goes_on(stack: Stack, launch: str) -> None:
    action = await requested(stack, launch)
    assert (await act(stack, action, "stop", {"reason": "x"}, "lead.service")).status_code == 200
    assert (await act(stack, action, "resume", {"reason": "x"}, "sponsor")).status_code == 200
    assert (await sign(stack, action, "service")).status_code == 200


async def test_open_and_overdue_ones_of_published_reviews_are_listed(
    stack: Stack, launch: str
) -> None:
    first = await requested(stack, launch)
    soon = rfc3339(datetime.now(UTC) + timedelta(seconds=2))
    late = await requested(stack, launch, module="product", deliver_by=soon)
    assert await listed(stack, launch) == [], "a review that is not published"
    await published(stack, launch)
    await sign(stack, late, "product")
    overdue = await until_listed(stack, launch, "overdue")
    assert [(item["id"], item["overdue"]) for item in overdue] == [(late["id"], True)]
    assert {item["id"] for item in await listed(stack, launch)} == {first["id"], late["id"]}
    await act(stack, first, "service/decline", {"reason": "No."}, "lead.service")
    assert [item["id"] for item in await listed(stack, launch)] == [late["id"]]
    assert [item["id"] for item in await listed(stack, launch, "closed")] == [first["id"]]
    assert (await stack.get("/actions?state=lost")).status_code == 422


async def until_listed(stack: Stack, launch: str, state: str) -> list[Document]:
    for _ in range(200):
        found = await listed(stack, launch, state)
        if found:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(state)


async def test_its_title_is_one_short_line(stack: Stack, launch: str) -> None:
    action = await requested(stack, launch, deliverable=f"First.\n{'word ' * 300}")
    title = (await shown(stack, action["id"]))["title"]
    assert title.startswith("First. word")
    assert len(title) <= 100
    assert "\n" not in title


async def test_nobody_is_named_in_it(stack: Stack, launch: str) -> None:
    named = await requested(stack, launch, deliverable="lead.service trains the deputy.product")
    assert [(n["field"], n["was"]) for n in named["scrubbed"]] == [
        ("deliverable", "lead.service"),
        ("deliverable", "deputy.product"),
    ]
    said = str(await shown(stack, named["id"]))
    assert "deputy.product" not in said
    await published(stack, launch)
    assert "lead.service" not in str(await listed(stack, launch))


@pytest.mark.parametrize(
    ("wish", "path"),
    [
        ({"module": "sales"}, "module"),
        ({"module": None}, "module"),
        ({"deliverable": " "}, "deliverable"),
        ({"deliver_by": "soon"}, "deliver_by"),
        ({"deliver_by": "2020-01-01"}, "deliver_by"),
        ({"deliver_by": "2999-01-01"}, "deliver_by"),
        ({"owner": "me"}, "owner"),
    ],
)
async def test_bad_input_is_named_and_asks_for_nothing(
    stack: Stack, launch: str, wish: Document, path: str
) -> None:
    answer = await stack.post(f"/launches/{launch}/postmortem/actions", WISH | wish, FACILITATOR)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in as_document(answer)["errors"]] == [path]
    assert await of_review(stack, launch) == []


async def test_refusals(stack: Stack, launch: str) -> None:
    place = f"/launches/{launch}/postmortem/actions"
    assert code_of(await stack.post(place, WISH, "lead.product")) == "not_yours"
    assert code_of(await stack.post("/launches/none/postmortem/actions", WISH, FACILITATOR))
    running = (await started(stack))["id"]
    missing = await stack.post(f"/launches/{running}/postmortem/actions", WISH, FACILITATOR)
    assert (missing.status_code, code_of(missing)) == (404, "no_such_postmortem")
    assert await of_review(stack, launch) == []


async def test_the_same_key_asks_once(stack: Stack, launch: str) -> None:
    place = f"/launches/{launch}/postmortem/actions"
    answers = [await stack.post(place, WISH, FACILITATOR, key="once") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].text == answers[1].text
    assert len(await of_review(stack, launch)) == 1
    other = await stack.post(place, WISH | {"module": "product"}, FACILITATOR, key="once")
    assert code_of(other) == "idempotency_mismatch"
