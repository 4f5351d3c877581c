"""Random legal runs on a real server: replay = ledger = fold, and the waits add up to the run."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.service import RPCError

from domain.acts import Actor, CancelLaunch, Command, PersonAct
from domain.decide import decide
from domain.errors import Refusal
from domain.evolve import fold
from domain.launch import Launch
from domain.telling import frames
from domain.waits import waits
from tests.plans import PEOPLE, PLANNER
from tests.unit import campaigns
from tests.workflows.plans import DIAMOND, LINE, plan
from tests.workflows.stage import Played, Stage, staged
from tests.workflows.stored import opened

ACTS = 14
CHAINS = (LINE[:2], LINE[:3], DIAMOND)


@pytest.fixture
async def stage(client: Client, database_url: str) -> AsyncIterator[Stage]:
    async with opened(database_url) as ledger, staged(client, ledger) as stage:
        yield stage


def legal(launch: Launch, now: datetime) -> list[tuple[str, PersonAct]]:
    """Everything that somebody may do now."""
    proposed = (
        *campaigns.promises(launch),
        *campaigns.deliveries(launch),
        *campaigns.refusals(launch),
        *campaigns.repairs(launch, now),
        *campaigns.waivers(launch),
        *campaigns.settlements(launch, now),
        *campaigns.conversation(launch, now),
    )
    return [(p, act) for act in proposed for p in PEOPLE if _is_legal(launch, act, p, now)]


def _is_legal(launch: Launch, act: PersonAct, person: str, now: datetime) -> bool:
    actor = Actor(person, "", PEOPLE[person])
    try:
        return bool(decide(launch, Command(act, "would", actor, "jws"), now))
    except Refusal:
        return False


async def play(stage: Stage, chance: Random) -> Played:
    """A launch with random acts, a part of them under clocks of a second."""
    answer = chance.choice(["PT10M", "PT1S"])
    planned = plan(chain=chance.choice(CHAINS), answer=answer, repair="PT1S", ends_in=3700)
    played = await stage.start(replace(planned, code=f"FT-{chance.random()}"))
    for _ in range(ACTS):
        launch = await played.launch()
        choices = legal(launch, datetime.now(UTC))
        if not choices:
            break
        person, act = chance.choice(choices)
        # A clock may have come first, or have ended the launch in the task that had the act.
        with suppress(WorkflowUpdateFailedError, RPCError):
            await played.act(act, person)
        await asyncio.sleep(chance.choice([0, 0, 0.3]))
    return played


async def ended(played: Played) -> None:
    """No clock goes on while what happened is looked at."""
    with suppress(WorkflowUpdateFailedError, RPCError):  # it may be ending, or have ended
        await played.act(CancelLaunch("Enough."), PLANNER)
    await played.handle.result()


@pytest.mark.parametrize("seed", range(5))
async def test_a_random_run_is_told_again_as_it_happened(stage: Stage, seed: int) -> None:
    played = await play(stage, Random(seed))
    await ended(played)
    assert await played.doubts() == (), "I19: replay = ledger = fold"
    entries = await played.stage.ledger.entries(played.id)
    told = frames(entries)
    assert [frame.entry for frame in told] == list(entries)
    assert told[-1].launch == fold(entries)
    found = waits(told, told[-1].at)
    length = told[-1].at - told[0].at
    assert sum((t.elapsed for t in found.totals if t.critical), timedelta()) == length
    assert sum((s.until - s.since for s in found.path), timedelta()) == length
