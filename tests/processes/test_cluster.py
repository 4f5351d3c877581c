"""Two API and two worker processes on one PostgreSQL and one Temporal server: whichever process a
client asks, it is one installation.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from itertools import count

import pytest

from tests.faults import plans
from tests.faults.desk import Desk, Receipt, Request
from tests.faults.inquest import inquire
from tests.faults.process import PATIENCE
from tests.faults.signing import API, Document, Load, act_on, sign, start_of, step_of
from tests.faults.site import PLANNER
from tests.postgres import Server
from tests.processes import cluster as clusters
from tests.processes.cluster import Cluster

ROUNDS = 5
CLIENTS = 6


@pytest.fixture(scope="module")
async def installation(
    tmp_path_factory: pytest.TempPathFactory, postgres: Server
) -> AsyncIterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    async with clusters.running(folder, postgres.create()) as cluster:
        yield cluster
        await cluster.site.verify_ledger()


@pytest.fixture
def cluster(installation: Cluster, request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """The logs of its processes are shown where a test fails."""
    yield installation
    request.node.add_report_section("call", "installation", installation.log_ends())


async def both(cluster: Cluster, *requests: Request) -> list[Receipt]:
    """At the same moment, each request at another API; one request goes to all of them."""
    sent = requests if len(requests) > 1 else requests * len(cluster.sites)
    asked = zip(cluster.desks(), sent, strict=True)
    return list(await asyncio.gather(*(desk.ask(request) for desk, request in asked)))


async def started(desk: Desk) -> Document:
    receipt = await desk.ask(start_of(plans.chain()))
    assert receipt.status == 201, receipt
    return dict(receipt.document)


async def workers_of(cluster: Cluster, launch: str) -> set[int]:
    """The processes that decided something in this launch, from what Temporal noted."""
    handle = (await cluster.site.temporal()).get_workflow_handle(f"launch-{launch}")
    identities = [
        event.workflow_task_completed_event_attributes.identity
        async for event in handle.fetch_history_events()
        if event.HasField("workflow_task_completed_event_attributes")
    ]
    return {int(identity.partition("@")[0]) for identity in identities}


async def test_whoever_is_asked_it_is_one_installation(cluster: Cluster) -> None:
    """Until both workers have had their share, which a few launches at once always bring about."""
    seen: set[int] = set()
    async with asyncio.timeout(PATIENCE):
        while seen != cluster.pids("worker"):
            desk = cluster.turns()
            load = Load(desk)
            async with asyncio.TaskGroup() as clients:
                for _ in range(CLIENTS):
                    clients.create_task(load.run(plans.diamond()))
            found = await inquire(cluster.site, desk.receipts)
            assert (found.lost, found.doubled) == ((), ())
            assert found.acknowledged == CLIENTS * 6
            for launch in {receipt.document["id"] for receipt in desk.receipts}:
                seen |= await workers_of(cluster, launch)
            assert seen <= cluster.pids("worker")


async def test_a_key_sent_to_both_at_once_has_one_effect_and_one_reply(cluster: Cluster) -> None:
    desk = cluster.turns()
    for _ in range(ROUNDS):
        starts = await both(cluster, start_of(plans.chain()))
        assert starts[0].document == starts[1].document
        launch = dict(starts[0].document)
        signed = await both(cluster, sign(launch, step_of(launch, "product")))
        assert [receipt.status for receipt in signed] == [200, 200]
        assert signed[0].document == signed[1].document
        found = await inquire(cluster.site, [*starts, *signed])
        assert (found.lost, found.doubled) == ((), ())
        events = await desk.see(PLANNER, f"{API}/launches/{launch['id']}/events")
        kinds = [event["type"] for event in events["items"]]
        assert kinds.count("CommitmentSigned") == kinds.count("LaunchStarted") == 1


async def test_a_key_for_two_requests_at_once_is_taken_once(cluster: Cluster) -> None:
    for number in range(ROUNDS):
        launch = await started(cluster.turns())
        step = step_of(launch, "product")
        path = f"{API}/launches/{launch['id']}/steps/product/ask"
        asked = [
            Request(f"lead.{step['module']}", f"key {number} {launch['id']}", path, {"text": text})
            for text in ("Why?", "When?")
        ]
        receipts = await both(cluster, *asked)
        assert sorted(receipt.status for receipt in receipts) == [200, 409]
        assert [r.code for r in receipts if not r.is_acknowledged] == ["idempotency_mismatch"]


async def test_two_people_sign_at_once_and_one_is_first(cluster: Cluster) -> None:
    for _ in range(ROUNDS):
        launch = await started(cluster.turns())
        step = step_of(launch, "product")
        by_two = [sign(launch, step), sign(launch, step, by="deputy")]
        two = [Request(r.person, f"{r.key} by {r.person}", r.path, r.body) for r in by_two]
        receipts = await both(cluster, *two)
        assert sorted(receipt.status for receipt in receipts) == [200, 409]
        assert (await inquire(cluster.site, receipts)).doubled == ()


async def test_a_code_asked_for_at_both_at_once_goes_to_one(cluster: Cluster) -> None:
    for _ in range(ROUNDS):
        plan = plans.chain()
        starts = [
            Request(PLANNER, f"{plan['code']} {who}", f"{API}/launches", plan) for who in "ab"
        ]
        receipts = await both(cluster, *starts)
        assert sorted(receipt.status for receipt in receipts) == [201, 409]
        assert [r.code for r in receipts if not r.is_acknowledged] == ["code_taken"]


async def test_a_stream_at_one_api_tells_what_the_other_did(cluster: Cluster) -> None:
    here, there = cluster.desks()
    launch = await started(here)
    url = f"{there.site.url}{API}/launches/{launch['id']}/events/stream"
    bearer = {"Authorization": f"Bearer {there.site.tokens[PLANNER]}"}
    told: list[str] = []
    async with (
        asyncio.timeout(PATIENCE),
        cluster.http.stream("GET", url, headers=bearer) as answer,
    ):
        texts = (f"Question {number}" for number in count(1))
        async for line in answer.aiter_lines():
            if not line.startswith("data:"):
                continue
            event = json.loads(line.removeprefix("data:"))
            told.append(event["type"])
            if event["seq"] >= launch["seq"] and len(told) < launch["seq"] + ROUNDS:
                asked = act_on(launch, step_of(launch, "product"), "ask", text=next(texts))
                key = f"{asked.key} {len(told)}"
                done = await here.ask(Request(asked.person, key, asked.path, asked.body))
                assert done.is_acknowledged, done
            if told.count("QuestionAsked") == ROUNDS:
                break
    assert told == [*told[: launch["seq"]], *["QuestionAsked"] * ROUNDS]
