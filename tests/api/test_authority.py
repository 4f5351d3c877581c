from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.routing import iter_route_contexts

from api.replies import BASE
from db import access, directory
from tests.api.authority import (
    ACTS,
    ASKS,
    AUDITS,
    FINDING,
    OPEN,
    OWN,
    READS,
    RECORDS,
    STARTS,
    UNKNOWN_ACTS,
)
from tests.api.plans import plan
from tests.api.story import Document, act, as_document, cancelled, code_of, started
from tests.stack import Stack


@pytest.fixture(scope="module")
async def places(stack: Stack) -> dict[str, str]:
    """A launch that is closed and knows an escalation and a finding: whoever is let through changes
    nothing.
    """
    soon = (datetime.now(UTC) + timedelta(days=2)).date()
    window = {"start": str(soon), "end": str(soon + timedelta(days=7))}
    launch: Document = await started(stack, window=window)
    assert FINDING in {finding["id"] for finding in launch["findings"]}
    raised = await act(stack, launch, "escalations", {"reason": "x"}, "sponsor")
    await cancelled(stack, launch)
    await stack.post(f"/launches/{launch['id']}/postmortem", {}, "facilitator")
    escalation = as_document(raised)["id"]
    return {"launch": launch["id"], "step": "product", "escalation": escalation, "act": "nothing"}


def test_every_route_is_in_the_matrix(stack: Stack) -> None:
    served = {
        (method, context.path)
        for context in iter_route_contexts(stack.app.routes)
        for method in context.methods or ()
        if method != "HEAD" and (context.path or "").startswith((BASE, *OPEN))
    }
    posts = {("POST", BASE + path) for path in (*ACTS, *STARTS, *OWN, *ASKS, *UNKNOWN_ACTS)}
    gets = {("GET", BASE + path) for path in (*READS, *AUDITS)} | {("GET", path) for path in OPEN}
    records = {(method, BASE + path) for method, path in RECORDS}
    assert served == posts | gets | records


@pytest.mark.parametrize("path", ACTS)
async def test_acts(stack: Stack, places: dict[str, str], path: str) -> None:
    allowed, body = ACTS[path]
    refused = set()
    for person in stack.tokens:
        answer = await stack.post(path.format(**places), body, person)
        code = code_of(answer)
        if answer.status_code == 403:
            refused.add(person)
        else:
            assert code == "launch_closed", answer.text
    assert refused == set(stack.tokens) - allowed
    assert refused, "an act that everybody may do needs no matrix"


@pytest.mark.parametrize("path", STARTS)
async def test_starts(stack: Stack, path: str) -> None:
    # With sponsor or executive as its planner a plan lacks people, which is said before all else.
    for person in set(stack.tokens) - {"sponsor", "executive"}:
        answer = await stack.post(path, plan(), person)
        assert (answer.status_code == 403) == (person not in STARTS[path])
        assert answer.status_code in {200, 201, 403}


@pytest.mark.parametrize("path", READS)
async def test_reads_are_for_everybody_who_is_signed_in(
    stack: Stack, places: dict[str, str], path: str
) -> None:
    address = path.format(**places, command="none")
    if path.endswith("stream"):
        address = address.replace(places["launch"], "none")
    for person in stack.tokens:
        answer = await stack.get(address, person)
        assert answer.status_code == (404 if "none" in address else 200)


@pytest.mark.parametrize("path", ASKS)
async def test_asking_is_for_everybody(stack: Stack, places: dict[str, str], path: str) -> None:
    for person in stack.tokens:
        assert (await stack.post(path.format(**places), {}, person)).status_code == 200


@pytest.mark.parametrize(("method", "path"), RECORDS)
async def test_records(stack: Stack, places: dict[str, str], method: str, path: str) -> None:
    """Who may do it does it, everybody else changes nothing."""
    allowed, body = RECORDS[method, path]
    refused = set()
    for person in stack.tokens:
        answer = await stack.send(method, path.format(**places), body, person)
        assert answer.status_code in {200, 201, 403}, answer.text
        if answer.status_code == 403:
            assert code_of(answer) == "not_yours"
            refused.add(person)
    assert refused == (set(stack.tokens) - allowed if allowed else set())


@pytest.mark.parametrize("path", AUDITS)
async def test_audits_are_for_some(stack: Stack, places: dict[str, str], path: str) -> None:
    for person in stack.tokens:
        answer = await stack.get(path.format(**places), person)
        assert (answer.status_code == 200) == (person in AUDITS[path])
        assert answer.status_code == 200 or code_of(answer) == "not_yours"


@pytest.mark.parametrize("path", [*ACTS, *STARTS, *UNKNOWN_ACTS])
async def test_nobody_acts_without_a_token(stack: Stack, places: dict[str, str], path: str) -> None:
    answer = await stack.post(path.format(**places), {}, None)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert code_of(answer) == "unauthenticated"


@pytest.mark.parametrize("path", [*READS, *AUDITS])
async def test_nobody_reads_without_a_token(
    stack: Stack, places: dict[str, str], path: str
) -> None:
    answer = await stack.get(path.format(**places, command="none"), None)
    assert code_of(answer) == "unauthenticated"


@pytest.mark.parametrize("path", UNKNOWN_ACTS)
async def test_acts_nobody_knows(stack: Stack, places: dict[str, str], path: str) -> None:
    answer = await stack.post(path.format(**places), {}, "executive")
    assert code_of(answer) == "no_such_act"


@pytest.mark.parametrize("path", OPEN)
async def test_health_and_description_are_open(stack: Stack, path: str) -> None:
    assert (await stack.http.get(path)).status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer cs_wrong", "Basic eDp5", "Bearer a b", "cs_x"]
)
async def test_other_credentials_are_nobody(stack: Stack, header: str) -> None:
    answer = await stack.http.get("/api/v1/me", headers={"Authorization": header})
    assert answer.status_code == 401


async def test_a_revoked_token_ends_at_once(stack: Stack) -> None:
    now = datetime.now(UTC)
    async with stack.database.write() as session:
        token = await access.create_token(session, "facilitator", days=1, now=now)
    headers = {"Authorization": f"Bearer {token}"}
    assert (await stack.http.get("/api/v1/me", headers=headers)).status_code == 200
    async with stack.database.write() as session:
        await access.revoke_tokens(session, "facilitator")
    assert (await stack.http.get("/api/v1/me", headers=headers)).status_code == 401
    await stack.renew_token("facilitator")


async def test_roles_are_those_of_the_moment_of_the_command(stack: Stack) -> None:
    launch = await started(stack)
    body = {"terms_digest": launch["steps"][0]["terms"]["digest"]}
    async with stack.database.read() as session:
        organisation = await directory.load(session)
    assert organisation is not None
    people = tuple(
        replace(person, roles=()) if person.id == "deputy.product" else person
        for person in organisation.people
    )
    async with stack.database.write() as session:
        await directory.save(session, replace(organisation, people=people))
    try:
        refused = await act(stack, launch, "product/sign", body, "deputy.product")
        assert code_of(refused) == "not_yours"
    finally:
        async with stack.database.write() as session:
            await directory.save(session, organisation)
    signed = await act(stack, launch, "product/sign", body, "deputy.product")
    assert signed.status_code == 200
