"""Acts whose outcome is not known in time: answered 202, sent again until it is."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from api import sweeper
from api.dispatches import Dispatch
from api.office import Office
from api.outcomes import settle
from api.replies import Reply
from api.sweeper import sweep
from tests.api.plans import plan
from tests.api.story import (
    PLANNER,
    act,
    as_document,
    code_of,
    final,
    shown,
    sign,
    started,
    step_of,
)
from tests.stack import Stack, running_stack

UNREADY: Final = RPCError("task failure", RPCStatusCode.FAILED_PRECONDITION, b"")
NOT_FOUND: Final = RPCError("no such workflow", RPCStatusCode.NOT_FOUND, b"")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def hasty(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, temporal: Client
) -> AsyncIterator[Stack]:
    """An installation that gives up waiting after a second."""
    is_sqlite = request.param == "sqlite"
    url = "" if is_sqlite else request.getfixturevalue("postgres").create()
    patience = timedelta(seconds=1)
    folder = tmp_path_factory.mktemp("hasty")
    async with running_stack(folder, temporal, database_url=url, update_timeout=patience) as stack:
        yield stack


async def test_an_act_without_a_worker_is_done_later(hasty: Stack) -> None:
    launch = await started(hasty)
    async with hasty.without_worker():
        waiting = await sign(hasty, launch, "product", key="later")
        assert waiting.status_code == 202
        where = waiting.headers["location"]
        command = as_document(waiting)
        assert where == f"/api/v1/commands/{command['id']}"
        assert command == {"id": command["id"], "state": "pending", "status": None, "reply": None}
        shown_now = as_document(await hasty.get(f"/commands/{command['id']}", "lead.product"))
        assert shown_now == command
        again = await sign(hasty, launch, "product", key="later")
        assert (again.status_code, again.text) == (202, waiting.text)
        assert await shown(hasty, launch["id"]) == launch
    done = await final(hasty, where, "lead.product")
    assert (done["state"], done["status"]) == ("done", 200)
    assert step_of(done["reply"], "product")["state"] == "signed"
    last = await sign(hasty, launch, "product", key="later")
    assert (last.status_code, last.json()) == (200, done["reply"])
    assert len(step_of(await shown(hasty, launch["id"]), "product")["signatures"]) == 1


async def test_a_refusal_that_comes_later_is_final_too(hasty: Stack) -> None:
    launch = await started(hasty)
    async with hasty.without_worker():
        body = {"terms_digest": "sha256:stale"}
        waiting = await act(hasty, launch, "product/sign", body, "lead.product")
        assert waiting.status_code == 202
    refused = await final(hasty, waiting.headers["location"], "lead.product")
    assert (refused["state"], refused["status"]) == ("refused", 409)
    assert refused["reply"]["code"] == "terms_changed"


async def test_a_start_without_a_worker_is_done_later(hasty: Stack) -> None:
    body = plan()
    async with hasty.without_worker():
        waiting = await hasty.post("/launches", body, PLANNER, key=body["code"])
        assert waiting.status_code == 202
        taken = await hasty.post("/launches", body, "planner.enterprise")
        assert code_of(taken) == "code_taken"
        assert as_document(await hasty.get(f"/launches?q={body['code']}"))["items"] == []
    done = await final(hasty, waiting.headers["location"], PLANNER)
    assert done["status"] == 201
    again = await hasty.post("/launches", body, PLANNER, key=body["code"])
    assert again.status_code == 201
    assert again.headers["location"] == f"/api/v1/launches/{again.json()['id']}"


async def test_a_launch_that_closes_before_its_start_is_answered(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = WorkflowHandle.execute_update

    async def too_late(handle: WorkflowHandle[Any, Any], name: str, **options: Any) -> None:  # noqa: ANN401 - passed on
        await update(handle, name, **options)
        raise NOT_FOUND

    monkeypatch.setattr(WorkflowHandle, "execute_update", too_late)
    body = plan()
    answer = await stack.post("/launches", body, PLANNER)
    assert answer.status_code == 201, answer.text
    assert as_document(answer)["code"] == body["code"]


async def test_a_start_that_finds_nobody_is_sent_again(
    hasty: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nobody(*_: object, **__: object) -> None:
        raise NOT_FOUND

    with monkeypatch.context() as patch:
        patch.setattr(Client, "start_workflow", nobody)
        waiting = await hasty.post("/launches", plan(), PLANNER)
        assert waiting.status_code == 202
    assert (await final(hasty, waiting.headers["location"], PLANNER))["status"] == 201


async def test_an_act_whose_task_was_thrown_away_is_brought_once_more(
    hasty: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Temporal does where it meets the launch's end: tests/workflows/test_endings.py."""
    launch = await started(hasty)
    update, sent = WorkflowHandle.execute_update, list[str]()

    async def unready(handle: WorkflowHandle[Any, Any], name: str, **options: Any) -> Any:  # noqa: ANN401 - passed on
        sent.append(options["id"])
        if len(sent) == 1:
            raise UNREADY
        return await update(handle, name, **options)

    monkeypatch.setattr(WorkflowHandle, "execute_update", unready)
    answer = await sign(hasty, launch, "product")
    assert answer.status_code == 200, answer.text
    assert sent == [sent[0]] * 2


async def test_commands_are_their_persons_own(hasty: Stack) -> None:
    launch = await started(hasty)
    async with hasty.without_worker():
        waiting = await sign(hasty, launch, "product")
        path = waiting.headers["location"].removeprefix("/api/v1")
        assert code_of(await hasty.get(path, "lead.marketing")) == "no_such_command"
    await final(hasty, waiting.headers["location"], "lead.product")


async def test_acts_on_one_launch_do_not_overtake_each_other(hasty: Stack) -> None:
    launch = await started(hasty)
    async with hasty.without_worker():
        stop = await act(hasty, launch, "stop", {"reason": "a"}, "sponsor")
        resume = await act(hasty, launch, "resume", {"reason": "b"}, "sponsor")
    for answer in (stop, resume):
        assert (await final(hasty, answer.headers["location"], "sponsor"))["state"] == "done"
    events = as_document(await hasty.get(f"/launches/{launch['id']}/events"))["items"]
    kinds = [event["type"] for event in events]
    assert kinds.index("LaunchStopped") < kinds.index("LaunchResumed")


async def test_nothing_is_sent_again_while_a_request_still_waits(hasty: Stack) -> None:
    launch = await started(hasty)
    async with hasty.without_worker():
        waiting = asyncio.create_task(sign(hasty, launch, "product"))
        await asyncio.sleep(0.2)
        assert await sweep(hasty.office) == 0
        assert (await waiting).status_code == 202
    await final(hasty, (await waiting).headers["location"], "lead.product")


async def test_a_command_that_raises_leaves_the_next_one_alone(
    hasty: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[str] = []

    async def settled(office: Office, dispatch: Dispatch) -> Reply | None:
        if dispatch.command.act.kind == "escalate":
            raised.append(dispatch.id)
            raise LookupError(dispatch.id)
        return await settle(office, dispatch)

    launch, other = await started(hasty), await started(hasty)
    stop = {"reason": "goes on"}
    with monkeypatch.context() as patch:
        patch.setattr(sweeper, "settle", settled)
        async with hasty.without_worker():
            failing = await act(hasty, launch, "escalations", {"reason": "fails"}, "sponsor")
            waiting = [await act(hasty, one, "stop", stop, "sponsor") for one in (launch, other)]
        for answer in waiting:
            done = await final(hasty, answer.headers["location"], "sponsor")
            assert done["status"] == 200
        assert as_document(failing)["id"] in raised
    await final(hasty, failing.headers["location"], "sponsor")
