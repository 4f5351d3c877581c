"""Every refused attempt leaves a row: who, what, which rule."""

import pytest

from db import audit
from db.audit import RefusedAct
from tests.api.plans import plan
from tests.api.story import PLANNER, act, code_of, sign, started
from tests.stack import Stack


async def newest(stack: Stack, person: str) -> RefusedAct:
    async with stack.database.read() as session:
        (row,) = await audit.newest(session, person=person, limit=1)
    return row


@pytest.mark.parametrize(
    ("person", "name", "body", "code"),
    [
        ("lead.product", "product/sign", b"{", "malformed"),
        ("lead.product", "product/sign", b"x" * 70_000, "too_large"),
        ("lead.product", "nowhere/sign", b"{}", "no_such_step"),
        ("lead.product", "product/approve", b"{}", "no_such_act"),
        ("lead.product", "product/sign", b"{}", "invalid"),
        ("lead.channel", "product/sign", b'{"terms_digest": "x"}', "not_yours"),
        (PLANNER, "product/sign", b'{"terms_digest": "x"}', "four_eyes"),
        ("lead.product", "product/sign", b'{"terms_digest": "x"}', "terms_changed"),
        ("lead.product", "product/report", b'{"evidence": "x"}', "wrong_state"),
        ("sponsor", "finding-waive", b'{"finding": "x", "reason": "x"}', "no_such_finding"),
    ],
)
async def test_refused_acts(stack: Stack, person: str, name: str, body: bytes, code: str) -> None:
    launch = await started(stack)
    step, _, verb = name.rpartition("/")
    where = f"/launches/{launch['id']}" + (f"/steps/{step}/{verb}" if step else f"/{verb}")
    answer = await stack.post(where, body, person)
    assert code_of(answer) == code
    row = await newest(stack, person)
    assert (row.person, row.method, row.path) == (person, "POST", f"/api/v1{where}")
    assert (row.act, row.launch, row.step) == (verb, launch["id"], step or None)
    assert (row.status, row.code) == (answer.status_code, code)
    assert row.detail == answer.json()["detail"]


async def test_refused_starts(stack: Stack) -> None:
    body = plan()
    await stack.post("/launches", body, "frontline.city-b")
    assert (await newest(stack, "frontline.city-b")).code == "not_yours"
    await stack.post("/launches", plan(title=None), "planner.product")
    assert (await newest(stack, "planner.product")).code == "invalid"
    await stack.post("/launches", body, PLANNER)
    await stack.post("/launches", body, "planner.product")
    assert (await newest(stack, "planner.product")).code == "code_taken"


async def test_refused_checks(stack: Stack) -> None:
    for body, code in ((plan(title=None), "invalid"), (plan(), "not_yours")):
        await stack.post("/launches/check", body, "frontline.city-a")
        row = await newest(stack, "frontline.city-a")
        assert (row.act, row.code, row.path) == ("check", code, "/api/v1/launches/check")


async def test_a_key_used_for_something_else(stack: Stack) -> None:
    launch = await started(stack)
    await sign(stack, launch, "product", "deputy.product", key="audited")
    other = {"text": "x"}
    await act(stack, launch, "product/ask", other, "deputy.product", key="audited")
    row = await newest(stack, "deputy.product")
    assert (row.code, row.act) == ("idempotency_mismatch", "ask")


async def test_a_repeated_refusal_is_one_row(stack: Stack) -> None:
    launch = await started(stack)
    for _ in range(3):
        await sign(stack, launch, "product", "head.channel", key="again")
    async with stack.database.read() as session:
        rows = await audit.newest(session, person="head.channel", launch=launch["id"])
    assert [row.code for row in rows] == ["not_yours"]


async def test_what_succeeds_is_not_in_it(stack: Stack) -> None:
    launch = await started(stack)
    await sign(stack, launch, "product")
    async with stack.database.read() as session:
        assert await audit.newest(session, launch=launch["id"]) == ()
