"""Clocks at the scale of business days, on a server that skips the time in between."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.acts import Ask, ResumeLaunch, StopLaunch
from domain.calendar import Duration
from domain.events import Entry
from domain.launch import Launch
from tests.plans import EXECUTIVE, SPONSOR, StepFields, office_hours, rung, window_of
from tests.workflows.ledgers import MemoryLedger
from tests.workflows.plans import LINE, plan
from tests.workflows.server import skipping_server
from tests.workflows.stage import Played, Stage, staged

DAYS = 86_400
SHORTLY = timedelta(hours=1)
LADDER = (rung("0bd", "lead"), rung("1bd", "head"), rung("1bd", "sponsor"))


@pytest.fixture
async def server() -> AsyncIterator[WorkflowEnvironment]:
    async with skipping_server() as server:
        yield server


@pytest.fixture
async def stage(server: WorkflowEnvironment) -> AsyncIterator[Stage]:
    async with staged(server.client, MemoryLedger()) as stage:
        yield stage


def days(*counts: int, since: datetime) -> Iterable[datetime]:
    """Cut-offs: so many business days after `since`, each further one from the one before."""
    for count in counts:
        since = office_hours().add(since, Duration(business_days=count))
        yield since


async def happened(played: Played, *kinds: str) -> list[Entry]:
    entries = await played.stage.ledger.entries(played.id)
    return [entry for entry in entries if entry.event.kind in kinds]


def came(entries: Iterable[Entry], dues: Iterable[datetime]) -> None:
    """Each happened when it was due, never before."""
    for entry, due in zip(entries, dues, strict=True):
        assert due <= entry.at < due + SHORTLY, entry


async def test_a_ladder_is_climbed_to_the_top_over_days(
    server: WorkflowEnvironment, stage: Stage
) -> None:
    slow = plan(opens_in=40 * DAYS, ends_in=50 * DAYS, due_in=60 * DAYS, answer="2bd")
    played = await stage.start(slow)
    requested = (await happened(played, "CommitmentRequested"))[0].at
    await server.sleep(timedelta(days=12))
    rungs = await happened(played, "AnswerOverdue", "EscalationRaised", "EscalationAdvanced")
    [due] = days(2, since=requested)
    came(rungs, (due, due, due, due))
    await played.sign("product")
    assert (await played.launch()).escalations[0].resolution == "answered"
    await server.sleep(timedelta(days=12))
    launch = await played.launch()
    assert [escalation.step for escalation in launch.escalations] == ["product", "marketing"]


async def test_each_rung_waits_its_own_days(server: WorkflowEnvironment, stage: Stage) -> None:
    slow = plan(
        opens_in=40 * DAYS, ends_in=50 * DAYS, due_in=60 * DAYS, answer="2bd", ladder=LADDER
    )
    played = await stage.start(slow)
    requested = (await happened(played, "CommitmentRequested"))[0].at
    await server.sleep(timedelta(days=12))
    rungs = await happened(played, "EscalationRaised", "EscalationAdvanced")
    came(rungs, days(2, 1, 1, since=requested))
    assert [rung.event.kind for rung in rungs].count("EscalationRaised") == 1
    [escalation] = (await played.launch()).escalations
    assert (escalation.level, escalation.to.role) == (3, "sponsor")


async def test_silence_may_decline_and_an_unrepaired_step_fails_the_launch(stage: Stage) -> None:
    silent = {"product": StepFields(silence="decline")}
    slow = plan(
        opens_in=40 * DAYS,
        ends_in=50 * DAYS,
        due_in=60 * DAYS,
        answer="2bd",
        repair="5bd",
        steps=silent,
    )
    played = await stage.start(slow)
    requested = (await happened(played, "CommitmentRequested"))[0].at
    assert await played.handle.result() == "failed"
    lapsed, *ends = await happened(played, "CommitmentLapsed", "EscalationRaised", "LaunchFailed")
    came([lapsed], days(2, since=requested))
    came(ends, (*days(2, since=lapsed.at), *days(5, since=lapsed.at)))


async def test_a_held_gate_climbs_and_fails(stage: Stage) -> None:
    slow = plan(opens_in=10 * DAYS, ends_in=60 * DAYS, answer="30bd", grace="3bd", chain=LINE[:1])
    played = await stage.start(slow)
    assert await played.handle.result() == "failed"
    opens = window_of((await played.launch()).plan).start
    gate = await happened(
        played, "GateHeld", "EscalationRaised", "EscalationAdvanced", "LaunchFailed"
    )
    came(gate, (opens, opens, *days(1, since=opens), *days(3, since=opens)))


async def test_a_held_gate_passes_with_the_last_signature(
    server: WorkflowEnvironment, stage: Stage
) -> None:
    slow = plan(
        opens_in=10 * DAYS, ends_in=20 * DAYS, due_in=60 * DAYS, answer="20bd", chain=LINE[:1]
    )
    played = await stage.start(slow)
    await server.sleep(timedelta(days=10, minutes=1))
    assert (await played.launch()).gate.held_since is not None
    await played.sign("product")
    launch = await played.launch()
    assert launch.phase == "live"
    assert not any(escalation.is_open for escalation in launch.escalations)


async def test_a_promise_never_kept_is_a_breach_after_the_window(stage: Stage) -> None:
    slow = plan(
        opens_in=10 * DAYS, ends_in=20 * DAYS, due_in=15 * DAYS, repair="3bd", chain=LINE[:1]
    )
    played = await stage.start(slow)
    await played.sign("product")
    assert await played.handle.result() == "completed"
    launch = await played.launch()
    assert launch.steps[0].breached
    ends = await happened(played, "GatePassed", "WindowEnded", "CommitmentBreached", "LaunchClosed")
    window = window_of(launch.plan)
    [late] = days(3, since=window.end)
    came(ends, (window.start, window.end, late, late))


async def test_a_stop_across_a_deadline_shifts_it(
    server: WorkflowEnvironment, stage: Stage
) -> None:
    slow = plan(
        opens_in=40 * DAYS, ends_in=50 * DAYS, due_in=60 * DAYS, answer="P5D", chain=LINE[:1]
    )
    played = await stage.start(slow)
    due = due_of(await played.launch())
    await server.sleep(timedelta(days=3))
    await played.act(StopLaunch("a wrong price"), SPONSOR)
    await server.sleep(timedelta(days=6))
    assert await happened(played, "AnswerOverdue") == []
    await played.act(Ask("product", "Why?"), "lead.product")
    await played.act(ResumeLaunch("corrected"), EXECUTIVE)
    [stopped, resumed] = await happened(played, "LaunchStopped", "LaunchResumed")
    [raised, climbed] = await happened(played, "EscalationRaised", "EscalationAdvanced")
    assert raised.at == stopped.at
    came([climbed], days(1, since=stopped.at))
    shifted = due_of(await played.launch())
    assert abs(shifted - due - (resumed.at - stopped.at)) < timedelta(milliseconds=1)
    await server.sleep(timedelta(days=3))
    came((await happened(played, "AnswerOverdue"))[:1], (shifted,))


def due_of(launch: Launch) -> datetime:
    clock = launch.steps[0].answer
    assert clock is not None
    return clock.due


async def test_still_stopped_at_the_window_end_is_cancelled(stage: Stage) -> None:
    played = await stage.start(plan(opens_in=10 * DAYS, ends_in=20 * DAYS, chain=LINE[:1]))
    await played.act(StopLaunch("a wrong price"), SPONSOR)
    assert await played.handle.result() == "cancelled"
    came(
        await happened(played, "LaunchCancelled"),
        [window_of((await played.launch()).plan).end],
    )
