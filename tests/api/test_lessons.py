"""What a review would have done otherwise: a template version, once all that it touches agree."""

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count

import pytest
from temporalio.client import Client

from api.documents import LaunchPublic
from api.lessons import numbered
from api.postmortem_documents import LessonProposedPublic, LessonPublic
from api.routes.templates import TemplateList
from db import integrity, templates
from db.row import table_of
from db.tables import ReservationRow, TemplateRow
from domain.errors import WrongState
from domain.template import find_template
from tests.api.plans import plan
from tests.api.story import (
    Document,
    act,
    as_document,
    cancelled,
    code_of,
    shown,
    sign,
    signed_up_to,
    started,
    until,
)
from tests.postgres import Server
from tests.stack import Stack, running_stack

FACILITATOR = "facilitator"
DAYS = count(12)


def earlier(reason: str = "The plan came too late for the training.") -> Document:
    """Marketing is to deliver earlier than in any version before."""
    steps = [{"key": "marketing", "lead_time": f"{next(DAYS)}bd"}]
    return {"reason": reason, "steps": steps}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def stack(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    temporal: Client,
    postgres: Server,
) -> AsyncIterator[Stack]:
    """One of its own on each database: what is agreed here changes every launch after it."""
    given = {"database_url": postgres.create()} if request.param == "postgresql" else {}
    async with running_stack(tmp_path_factory.mktemp("lessons"), temporal, **given) as stack:
        yield stack


@pytest.fixture
async def launch(stack: Stack) -> str:
    """A run that was cancelled after a signature. Whatever was proposed before is over."""
    for lesson in as_document(await stack.get("/launches?kind=lesson&limit=100"))["items"]:
        if lesson["phase"] != "closed":
            over = await stack.post(
                f"/launches/{lesson['id']}/cancel", {"reason": "x"}, FACILITATOR
            )
            assert over.status_code == 200, over.text
    run = await signed_up_to(stack, await started(stack), "product")
    return str((await cancelled(stack, run))["id"])


async def propose(stack: Stack, launch: str, body: Document | None = None) -> Document:
    place = f"/launches/{launch}/postmortem/lessons"
    answer = await stack.post(place, body or earlier(), FACILITATOR)
    assert answer.status_code == 201, answer.text
    lesson = as_document(answer)
    LessonProposedPublic.model_validate(lesson)
    return lesson


async def standard(stack: Stack) -> Document:
    found = as_document(await stack.get("/templates"))
    TemplateList.model_validate(found)
    [one] = [t for t in found["items"] if t["standard"]]
    return Document(one)


async def agreed(stack: Stack, lesson: Document) -> Document:
    """All modules sign."""
    for place in lesson["modules"]:
        answer = await sign(stack, lesson, place["module"])
        assert answer.status_code == 200, answer.text
    return await shown(stack, lesson["launch"])


async def test_it_takes_effect_when_all_it_touches_have_signed(stack: Stack, launch: str) -> None:
    before = await standard(stack)
    lesson = await propose(stack, launch)
    assert [m["module"] for m in lesson["modules"]] == ["marketing", "communications"]
    assert lesson["based_on"] == before["name"]
    [change] = lesson["changes"]
    lead = change["after"]
    assert (change["step"], change["field"]) == ("marketing", "lead_time")
    LaunchPublic.model_validate(await shown(stack, lesson["launch"]))
    one = as_document(await sign(stack, lesson, "marketing"))
    assert one["phase"] == "committing"
    assert [w["for"] for w in one["waiting_on"]] == ["sign"], "who agreed owes nothing more"
    assert await standard(stack) == before
    closed = as_document(await sign(stack, lesson, "communications"))
    assert (closed["phase"], closed["outcome"]) == ("closed", "completed")
    after = await standard(stack)
    assert (after["name"], after["lesson"]) == (lesson["template"], lesson["launch"])
    leads = {step["key"]: step["lead_time"] for step in after["steps"]}
    assert leads["marketing"] == lead
    assert {key: lead for key, lead in leads.items() if key != "marketing"} == {
        step["key"]: step["lead_time"] for step in before["steps"] if step["key"] != "marketing"
    }
    assert (await integrity.verify(stack.database, lesson["launch"])).problems == ()


async def test_new_launches_start_from_it_and_old_versions_stay(stack: Stack, launch: str) -> None:
    before = await standard(stack)
    lesson = await propose(stack, launch)
    await agreed(stack, lesson)
    new = await started(stack)
    assert new["plan"]["template"] == lesson["template"]
    old = await started(stack, template=before["name"])
    assert old["plan"]["template"] == before["name"]
    unknown = await stack.post(
        "/launches", plan(template="standard-launch@999"), "planner.personal"
    )
    assert unknown.status_code == 422


async def test_one_refusal_leaves_everything_as_it_is(stack: Stack, launch: str) -> None:
    before = await standard(stack)
    lesson = await propose(stack, launch)
    await sign(stack, lesson, "marketing")
    declined = await act(
        stack, lesson, "communications/decline", {"reason": "Too long."}, "lead.communications"
    )
    assert declined.status_code == 200, declined.text
    now = await until(stack, lesson["launch"], lambda now: now["phase"] == "closed")
    assert now["outcome"] == "cancelled"
    assert (await integrity.verify(stack.database, lesson["launch"])).problems == ()
    assert await standard(stack) == before
    again = await propose(stack, launch)
    assert again["template"] != lesson["template"], "no number is used twice"


async def test_the_policy_touches_everybody_and_a_new_step_its_own(
    stack: Stack, launch: str
) -> None:
    lesson = await propose(
        stack, launch, {"reason": "Silence took too long.", "policy": {"answer_within": "1bd"}}
    )
    assert len(lesson["modules"]) == 5
    await act(stack, lesson, "cancel", {"reason": "x"}, FACILITATOR)
    await until(stack, lesson["id"], lambda now: now["phase"] == "closed")
    step = {
        "key": "training",
        "module": "service",
        "after": ["marketing"],
        "customer": "channel",
        "deliverable": "Everybody at the outlets is trained.",
        "lead_time": "4bd",
    }
    added = await propose(stack, launch, {"reason": "Nobody was trained.", "steps": [step]})
    assert {m["module"] for m in added["modules"]} == {"service", "channel"}
    assert {c["before"] for c in added["changes"]} == {None}
    await agreed(stack, added)
    assert "training" in [s["key"] for s in (await standard(stack))["steps"]]
    assert "training" in [s["key"] for s in (await started(stack))["steps"]]
    sooner = {"reason": "Earlier.", "steps": [{"key": "training", "lead_time": "5bd"}]}
    await agreed(stack, await propose(stack, launch, sooner))


async def test_the_review_shows_it_without_names(stack: Stack, launch: str) -> None:
    lesson = await propose(stack, launch, earlier("lead.channel said so"))
    assert [(n["field"], n["was"]) for n in lesson["scrubbed"]] == [("reason", "lead.channel")]
    review = as_document(await stack.get(f"/launches/{launch}/postmortem"))
    [found] = review["lessons"]
    LessonPublic.model_validate(found)
    assert found["template"] == lesson["template"]
    assert "lead.channel" not in str(review)
    assert review["actions"] == []


async def test_two_at_once_are_not_agreed_upon(stack: Stack, launch: str) -> None:
    await propose(stack, launch)
    place = f"/launches/{launch}/postmortem/lessons"
    refused = await stack.post(place, earlier(), FACILITATOR)
    assert (refused.status_code, code_of(refused)) == (409, "wrong_state")


async def test_what_was_agreed_meanwhile_is_not_overwritten(stack: Stack, launch: str) -> None:
    await agreed(stack, await propose(stack, launch))
    async with stack.database.read() as session:
        latest = find_template("standard-launch", await templates.load(session))
    assert latest is not None
    office = stack.app.state.office
    with pytest.raises(WrongState, match="another version since"):
        await numbered(office, latest)
    assert (await numbered(office, replace(latest, version=latest.version + 1))).version > 1


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"reason": " "}, {"reason", "(document)"}),
        ({"reason": "x"}, {"(document)"}),
        ({"reason": "x", "template": "other"}, {"template"}),
        ({"reason": "x", "steps": [{"key": "marketing", "deliver_by": "2030-01-01"}]}, None),
        ({"reason": "x", "steps": [{"key": "marketing", "silence": "deemed"}]}, None),
        ({"reason": "x", "steps": [{"key": "training", "module": "sales"}]}, None),
        ({"reason": "x", "steps": [{"key": "product", "after": ["service"]}]}, None),
        ({"reason": "x", "policy": {"answer_within": "PT0S"}}, {"policy.answer_within"}),
        ({"reason": "x", "offers": []}, {"offers"}),
    ],
)
async def test_bad_input_is_named_and_proposes_nothing(
    stack: Stack, launch: str, body: Document, fields: set[str] | None
) -> None:
    answer = await stack.post(f"/launches/{launch}/postmortem/lessons", body, FACILITATOR)
    assert answer.status_code == 422, answer.text
    found = {error["field"] for error in as_document(answer)["errors"]}
    assert found
    assert fields is None or found <= fields
    assert as_document(await stack.get(f"/launches/{launch}/postmortem"))["lessons"] == []


async def test_nothing_but_signatures_lets_it_take_effect(stack: Stack, launch: str) -> None:
    before = await standard(stack)
    lesson = await propose(stack, launch)
    now = await shown(stack, lesson["launch"])
    terms = {"terms": {"conditions": ["only half of it"]}, "reason": "x"}
    soon = "2100-01-01T00:00:00Z"
    condition = {"fact": "ready", "by": soon}
    signed = {"terms_digest": now["steps"][0]["terms"]["digest"], "condition": condition}
    raised = as_document(
        await act(
            stack, lesson, "escalations", {"step": "marketing", "reason": "x"}, "lead.marketing"
        )
    )
    for name, body, person in (
        ("marketing/counter", terms, "lead.marketing"),
        ("marketing/amend", terms, FACILITATOR),
        ("marketing/sign", signed, "lead.marketing"),
        ("marketing/waive", {"reason": "x"}, "sponsor"),
    ):
        refused = await act(stack, lesson, name, body, person)
        assert (refused.status_code, code_of(refused)) == (409, "wrong_state"), name
    for way in ({"resolution": "waive"}, {"resolution": "reassign", "to": "executive"}):
        body = {**way, "reason": "x"}
        refused = await stack.post(f"/escalations/{raised['id']}/resolve", body, "sponsor")
        assert (refused.status_code, code_of(refused)) == (409, "wrong_state")
    assert await standard(stack) == before


async def test_what_a_key_was_refused_it_stays_refused(stack: Stack, launch: str) -> None:
    lesson = await propose(stack, launch)
    place, body = f"/launches/{launch}/postmortem/lessons", earlier()
    first = await stack.post(place, body, FACILITATOR, key="refused")
    await act(stack, lesson, "cancel", {"reason": "x"}, FACILITATOR)
    await until(stack, lesson["id"], lambda now: now["phase"] == "closed")
    again = await stack.post(place, body, FACILITATOR, key="refused")
    assert (first.status_code, again.status_code) == (409, 409)
    assert first.text == again.text
    other = await stack.post(place, earlier(), FACILITATOR, key="refused")
    assert code_of(other) == "idempotency_mismatch"


async def test_a_version_that_no_launch_agreed_upon_is_found_and_taken_out(
    stack: Stack, launch: str
) -> None:
    before = await standard(stack)
    lesson = await propose(stack, launch)
    await agreed(stack, lesson)
    made = table_of(TemplateRow)
    async with stack.database.write() as session:
        held = await templates.stored(session, lesson["launch"])
        assert held is not None
        reserved = {"code": "forged", "launch": "forged", "person": "x", "at": held["since"]}
        await session.execute(table_of(ReservationRow).insert(), reserved)
        forged = {**held, "version": held["version"] + 50, "launch": "forged"}
        await session.execute(made.insert(), forged)
    found = (await integrity.verify(stack.database)).problems
    assert [(p.launch, p.kind) for p in found] == [("forged", "read_model")]
    await integrity.rebuild(stack.database)
    assert (await integrity.verify(stack.database)).problems == ()
    assert (await standard(stack))["name"] == lesson["template"] != before["name"]


async def test_only_facilitators_propose(stack: Stack, launch: str) -> None:
    place = f"/launches/{launch}/postmortem/lessons"
    assert code_of(await stack.post(place, earlier(), "lead.marketing")) == "not_yours"
