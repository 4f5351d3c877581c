"""Signing load: clients that start launches and have every step signed, whatever dies meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import cycle
from typing import Any, Final

from tests.faults.desk import Desk, Receipt, Request
from tests.faults.plans import chain, diamond
from tests.faults.process import PATIENCE
from tests.faults.site import PLANNER

API: Final = "/api/v1"
POLL: Final = 0.01
SATISFIED: Final = frozenset({"signed", "reported", "accepted", "waived"})
Document = dict[str, Any]


def start_of(plan: Document) -> Request:
    return Request(PLANNER, f"start {plan['code']}", f"{API}/launches", plan)


def act_on(launch: Document, step: Document, act: str, *, by: str = "lead", **body: str) -> Request:
    """An act of a module's lead, deputy or head on its step."""
    person, path = f"{by}.{step['module']}", f"{API}/launches/{launch['id']}/steps/{step['key']}"
    return Request(person, f"{act} {step['key']} of {launch['id']}", f"{path}/{act}", body)


def sign(launch: Document, step: Document, *, by: str = "lead") -> Request:
    return act_on(launch, step, "sign", by=by, terms_digest=step["terms"]["digest"])


def step_of(launch: Document, key: str) -> Document:
    return next(step for step in launch["steps"] if step["key"] == key)


class Load:
    """What the clients have done and still do."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._ends = asyncio.Event()

    @property
    def acts(self) -> int:
        """Acts acknowledged so far."""
        return len(self.desk.acknowledged)

    async def work(self, plan: Callable[[], Document]) -> None:
        """One client: launch after launch, each to its last signature."""
        while not self._ends.is_set():
            await self.run(plan())

    def end(self) -> None:
        """No new launches; those begun are signed to their end."""
        self._ends.set()

    async def run(self, plan: Document) -> None:
        """One launch from its start until every step is signed."""
        await self.finish((await self._done(start_of(plan))).document["id"])

    async def finish(self, launch: str) -> None:
        """Signs what is still open of a launch, until every step is signed."""
        seen = await self.desk.see(PLANNER, f"{API}/launches/{launch}")
        while waiting := [step for step in seen["steps"] if step["state"] not in SATISFIED]:
            async with asyncio.TaskGroup() as signers:
                for step in waiting:
                    if step["state"] == "requested":
                        signers.create_task(self._done(sign(seen, step)))
            seen = await self.desk.see(PLANNER, f"{API}/launches/{launch}")

    async def reaches(self, acts: int) -> None:
        """Until so many acts have been acknowledged."""
        async with asyncio.timeout(PATIENCE):
            while self.acts < acts:  # noqa: ASYNC110 - counted where the answers arrive
                await asyncio.sleep(POLL)

    async def recovers(self, since: float) -> float:
        """Seconds from that instant until an act is acknowledged that was begun after it."""
        async with asyncio.timeout(PATIENCE):
            while (first := self._first_begun_after(since)) is None:  # noqa: ASYNC110 - as above
                await asyncio.sleep(POLL)
        return first - since

    def _first_begun_after(self, since: float) -> float | None:
        answers = (r.answered for r in self.desk.acknowledged if r.begun > since)
        return min(answers, default=None)

    async def _done(self, request: Request) -> Receipt:
        receipt = await self.desk.ask(request)
        assert receipt.is_acknowledged, f"{request.path}: {receipt.status} {receipt.document}"
        seen = await self.desk.see(PLANNER, f"{API}/launches/{receipt.document['id']}")
        assert seen["seq"] >= receipt.document["seq"], "I18: an act is not in what is read after it"
        return receipt


@asynccontextmanager
async def signing(desk: Desk, *, clients: int = 4) -> AsyncIterator[Load]:
    """Load while the block runs; after it every launch begun is signed to its end."""
    load = Load(desk)
    plans = cycle((chain, diamond))
    async with asyncio.TaskGroup() as at_work:
        for _ in range(clients):
            at_work.create_task(load.work(next(plans)))
        try:
            yield load
        finally:
            load.end()
