"""Acts that wait together while no worker is there: whatever their order, one outcome each."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from itertools import permutations

from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from domain import acts
from domain.acts import Amend, CancelLaunch, Command, Decline, Sign, StopLaunch
from domain.evolve import fold
from domain.terms import TermsChange
from tests.plans import PLANNER, SPONSOR, StepFields
from tests.workflows.ledgers import MemoryLedger
from tests.workflows.plans import LINE, plan
from tests.workflows.stage import Played, Stage

NAMES = ("sign", "counter", "decline", "amend", "stop", "cancel")
ORDERS = tuple(permutations(NAMES, 2))
"""Every ordered pair comes first once; the others follow."""

ONE_ANSWER = {"CommitmentSigned", "CommitmentDeclined", "CommitmentLapsed"}
CODES = {
    *("already_answered", "wrong_state", "terms_changed", "launch_stopped", "launch_closed"),
    "four_eyes",
}


async def commands(played: Played) -> dict[str, Command]:
    """All decided on the first request."""
    digest = (await played.launch()).step("product").digest
    half = TermsChange("Half of it")
    return {
        "sign": played.command(Sign("product", digest), "lead.product"),
        "counter": played.command(acts.Counter("product", half, "too much"), "head.product"),
        "decline": played.command(Decline("product", "no"), "deputy.product"),
        "amend": played.command(Amend("product", TermsChange("A third"), "less"), PLANNER),
        "stop": played.command(StopLaunch("wait"), "frontline.city-a"),
        "cancel": played.command(CancelLaunch("enough"), SPONSOR),
    }


async def queued(played: Played, first: tuple[str, ...]) -> list[asyncio.Task[str]]:
    """All six sent in this order, one after the other; nobody is there to take them."""
    made = await commands(played)
    order = (*first, *(name for name in NAMES if name not in first))
    sending = []
    for name in order:
        sending.append(asyncio.create_task(outcome(played, made[name])))
        await asyncio.sleep(0.01)
    return sending


async def outcome(played: Played, command: Command) -> str:
    try:
        await played.send(command)
    except WorkflowUpdateFailedError as refused:
        return refused.cause.type or "" if isinstance(refused.cause, ApplicationError) else "?"
    return "done"


async def test_what_was_queued_in_any_order_has_one_outcome_each(client: Client) -> None:
    """Of half of the launches the answer-by passes before a worker comes: a late timer changes
    nothing about acts that came before it.
    """
    stage = Stage(client, MemoryLedger())
    silent = {"product": StepFields(answer_within=1.0, silence="decline")}
    async with stage.worker():
        launches = [
            await stage.start(plan(chain=LINE[:2], steps=silent if number % 2 else None))
            for number in range(len(ORDERS))
        ]
        due = datetime.now(UTC)
    waiting = [await queued(played, first) for played, first in zip(launches, ORDERS, strict=True)]
    await asyncio.sleep(max(0.0, 1.2 - (datetime.now(UTC) - due).total_seconds()))
    assert not any(task.done() for tasks in waiting for task in tasks)
    seen: Counter[str] = Counter()
    async with stage.worker():
        for played, tasks in zip(launches, waiting, strict=True):
            found = await asyncio.gather(*tasks)
            seen.update(found)
            assert set(found) <= {"done", *CODES}, found
            seen.update(await checked(played, found.count("done")))
            assert await played.doubts() == (), "the same on replay"
    assert seen["done"] >= len(ORDERS), "each launch took at least one"
    # That terms have changed hangs on the order of two acts; a busy server may turn it round.
    assert {"launch_stopped", "launch_closed", "wrong_state"} <= set(seen)
    assert {"CommitmentSigned", "CommitmentDeclined"} <= set(seen)


async def checked(played: Played, done: int) -> list[str]:
    """The ledger is gapless, names each act that was done once, and no version has two answers; its
    kinds of events.
    """
    await played.handle.result()
    entries = await played.stage.ledger.entries(played.id)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    told = fold(entries)
    assert told.phase == "closed"
    assert len(told.commands) == done + 1, "what was done, and the start"
    versions = [
        getattr(entry.event, "version", None) for entry in entries if entry.event.kind in ONE_ANSWER
    ]
    assert len(versions) == len(set(versions)), "I4"
    return [entry.event.kind for entry in entries]
