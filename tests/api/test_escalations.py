from datetime import UTC, datetime, timedelta

import pytest

from tests.api.story import (
    Document,
    act,
    as_document,
    code_of,
    inbox,
    shown,
    started,
    step_of,
    until,
)
from tests.stack import Stack


async def raised(stack: Stack, launch: Document, step: str | None = "product") -> Document:
    body = {"reason": "nobody answers the phone"} | ({"step": step} if step else {})
    answer = await act(stack, launch, "escalations", body, "lead.product")
    assert answer.status_code == 201, answer.text
    escalation = as_document(answer)
    assert answer.headers["location"] == f"/api/v1/escalations/{escalation['id']}"
    return escalation


async def resolve(stack: Stack, escalation: Document, **body: str) -> Document:
    path = f"/escalations/{escalation['id']}/resolve"
    answer = await stack.post(path, {"reason": "settled by phone", **body}, "sponsor")
    assert answer.status_code == 200, answer.text
    return as_document(answer)


async def test_raised_by_hand_it_goes_to_the_sponsor(stack: Stack) -> None:
    launch = await started(stack)
    escalation = await raised(stack, launch)
    assert (escalation["cause"], escalation["level"]) == ("manual", 1)
    assert (escalation["state"], escalation["step"]) == ("open", "product")
    assert escalation["to"]["role"] == "sponsor"
    assert escalation["seq"] == (await shown(stack, launch["id"]))["seq"]
    found = as_document(await stack.get(f"/escalations/{escalation['id']}"))
    assert found == {name: value for name, value in escalation.items() if name != "seq"}
    waiting = await inbox(stack, "sponsor")
    assert ("escalation", launch["id"]) in {(item["kind"], item["launch"]) for item in waiting}


async def test_the_list_is_filtered_by_state_and_launch(stack: Stack) -> None:
    launch = await started(stack)
    first, second = await raised(stack, launch), await raised(stack, launch, None)
    await resolve(stack, first, resolution="dismiss")
    path = f"/escalations?launch={launch['id']}"
    found = as_document(await stack.get(path))["items"]
    assert [item["id"] for item in found] == [first["id"], second["id"]]
    still_open = as_document(await stack.get(f"{path}&state=open"))["items"]
    assert [item["id"] for item in still_open] == [second["id"]]
    page = as_document(await stack.get(f"{path}&limit=1"))
    assert page["next_cursor"]
    rest = as_document(await stack.get(f"{path}&limit=1&cursor={page['next_cursor']}"))
    assert [item["id"] for item in rest["items"]] == [second["id"]]


async def test_acknowledged_then_dismissed(stack: Stack) -> None:
    launch = await started(stack)
    escalation = await raised(stack, launch)
    path = f"/escalations/{escalation['id']}/acknowledge"
    taken_up = as_document(await stack.post(path, {"note": "I call them"}, "sponsor"))
    assert taken_up["state"] == "acknowledged"
    assert code_of(await stack.post(path, {}, "sponsor")) == "already_answered"
    settled = await resolve(stack, escalation, resolution="dismiss")
    assert (settled["state"], settled["resolution"]) == ("resolved", "dismiss")
    again = {"resolution": "dismiss", "reason": "x"}
    refused = await stack.post(f"/escalations/{escalation['id']}/resolve", again, "sponsor")
    assert code_of(refused) == "wrong_state"


async def test_its_own_thread_is_shown(stack: Stack) -> None:
    launch = await started(stack)
    escalation = await raised(stack, launch)
    path = f"/escalations/{escalation['id']}"
    said = await stack.post(f"{path}/comment", {"text": "the shops are asking"}, "frontline.city-a")
    assert said.status_code == 200, said.text
    taken_up = as_document(await stack.post(f"{path}/acknowledge", {"note": "on it"}, "sponsor"))
    assert taken_up["acknowledged_by"] == "sponsor"
    assert taken_up["acknowledged_until"] > taken_up["acknowledged_at"]
    await resolve(stack, escalation, resolution="dismiss")
    thread = as_document(await stack.get(path))["thread"]
    assert [(r["what"], r["by"], r["text"]) for r in thread] == [
        ("raised", "lead.product", "nobody answers the phone"),
        ("comment", "frontline.city-a", "the shops are asking"),
        ("acknowledged", "sponsor", "on it"),
        ("resolved", "sponsor", "settled by phone"),
    ]
    late = await stack.post(f"{path}/comment", {"text": "but"}, "frontline.city-a")
    assert code_of(late) == "wrong_state"
    stranger = await stack.post(f"{path}/comment", {"text": "hm"}, "frontline.city-b")
    assert code_of(stranger) == "not_yours"


async def test_extended(stack: Stack) -> None:
    launch = await started(stack)
    later = (datetime.now(UTC) + timedelta(days=9)).replace(microsecond=0)
    escalation = await raised(stack, launch)
    await resolve(stack, escalation, resolution="extend", answer_by=later.isoformat())
    now = step_of(await shown(stack, launch["id"]), "product")
    assert datetime.fromisoformat(now["answer_by"]) == later


async def test_reassigned(stack: Stack) -> None:
    launch = await started(stack)
    escalation = await raised(stack, launch)
    await resolve(stack, escalation, resolution="reassign", to="deputy.marketing")
    body = {"terms_digest": step_of(launch, "product")["terms"]["digest"]}
    former = await act(stack, launch, "product/sign", body, "lead.product")
    assert code_of(former) == "not_yours"
    signed = await act(stack, launch, "product/sign", body, "deputy.marketing")
    assert step_of(as_document(signed), "product")["state"] == "signed"


async def test_waived_by_a_second_person(stack: Stack) -> None:
    launch = await started(stack)
    escalation = await raised(stack, launch)
    first = await resolve(stack, escalation, resolution="waive")
    assert first["state"] == "open"
    body = {"resolution": "waive", "reason": "agreed"}
    path = f"/escalations/{escalation['id']}/resolve"
    assert code_of(await stack.post(path, body, "sponsor")) == "four_eyes"
    second = as_document(await stack.post(path, body, "executive"))
    assert second["state"] == "resolved"
    assert step_of(await shown(stack, launch["id"]), "product")["state"] == "waived"


async def test_cancelled(stack: Stack) -> None:
    launch = await started(stack)
    escalation = await raised(stack, launch, None)
    settled = await resolve(stack, escalation, resolution="cancel")
    assert settled["resolution"] == "cancel"
    ended = await until(stack, launch["id"], lambda now: now["phase"] == "closed")
    assert ended["outcome"] == "cancelled"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"resolution": "extend", "reason": "x"}, "answer_by"),
        ({"resolution": "extend", "reason": "x", "answer_by": "2020-01-01T00:00:00Z"}, "answer_by"),
        ({"resolution": "reassign", "reason": "x"}, "to"),
        ({"resolution": "reassign", "reason": "x", "to": "nobody"}, "to"),
        ({"resolution": "dismiss", "reason": "x", "to": "lead.product"}, "to"),
        ({"resolution": "postpone", "reason": "x"}, "window"),
        ({"resolution": "dismiss"}, "reason"),
    ],
)
async def test_resolutions_are_judged(stack: Stack, body: dict[str, str], field: str) -> None:
    launch = await started(stack)
    escalation = await raised(stack, launch)
    answer = await stack.post(f"/escalations/{escalation['id']}/resolve", body, "sponsor")
    assert code_of(answer) == "invalid"
    assert [error["field"] for error in as_document(answer)["errors"]] == [field]


async def test_an_escalation_names_a_step_of_its_launch(stack: Stack) -> None:
    launch = await started(stack)
    body = {"reason": "x", "step": "nowhere"}
    assert code_of(await act(stack, launch, "escalations", body, "sponsor")) == "no_such_step"


async def test_silence_escalates_by_the_clock(stack: Stack) -> None:
    launch = await started(stack, policy={"answer_within": "PT1S"})
    late = await until(stack, launch["id"], lambda now: now["open_escalations"] > 0)
    assert step_of(late, "product")["overdue"] is True
    assert step_of(late, "product")["escalation_level"] >= 1
    (escalation, *_) = as_document(await stack.get(f"/escalations?launch={launch['id']}"))["items"]
    assert escalation["cause"] == "overdue_answer"
    waiting = await inbox(stack, "lead.product")
    assert any(item["overdue"] and item["launch"] == launch["id"] for item in waiting)
