"""A long launch continues as new: with its state, its timer and the commands it has seen."""

from collections.abc import AsyncIterator

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from domain.acts import Ask, Command
from domain.evolve import fold
from runtime.temporal import SEARCH_ATTRIBUTES
from tests.plans import StepFields, rung
from tests.workflows.ledgers import MemoryLedger
from tests.workflows.plans import LINE, plan
from tests.workflows.server import dev_server
from tests.workflows.stage import Played, Stage, staged
from workflows.messages import LaunchInput

SOON = "limit.historyCount.suggestContinueAsNew=40"
CONTINUED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW


@pytest.fixture(scope="module")
async def impatient(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """A server that suggests to continue as new after some forty events."""
    async with dev_server(tmp_path_factory.mktemp("server") / "temporal.log", SOON) as client:
        yield client


@pytest.fixture
async def stage(impatient: Client) -> AsyncIterator[Stage]:
    async with staged(impatient, MemoryLedger()) as stage:
        yield stage


async def talk(played: Played, step: str = "product") -> list[Command]:
    """Enough acts for another run."""
    lead = f"lead.{step}"
    asked = [played.command(Ask(step, f"Question {n}?"), lead) for n in range(8)]
    for command in asked:
        await played.send(command)
    return asked


async def test_commands_of_earlier_runs_are_known(stage: Stage) -> None:
    played = await stage.start(plan())
    first = (await played.handle.describe()).run_id
    asked = await talk(played)
    assert (await played.handle.describe()).run_id != first
    rows = await stage.ledger.entries(played.id)
    again = [(await played.send(command)).seq for command in asked]
    assert again == [(await played.launch()).commands[command.id or ""] for command in asked]
    assert await stage.ledger.entries(played.id) == rows
    await talk(played)
    entries = await stage.ledger.entries(played.id)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert await played.doubts() == ()


async def test_details_and_attributes_go_with_it(stage: Stage) -> None:
    played = await stage.start(plan())
    first = (await played.handle.describe()).run_id
    await talk(played)
    described = await played.handle.describe()
    assert described.run_id != first
    assert described.typed_search_attributes.get(SEARCH_ATTRIBUTES[2]) == "FT-TOPUP"
    assert (await played.situation()).startswith("committing; waiting on product to sign")


async def test_clocks_go_on(stage: Stage) -> None:
    """Also where nobody acts after it."""
    soon = {"product": StepFields(answer_within=1.5)}
    played = await stage.start(plan(chain=LINE[:1], steps=soon, ladder=(rung(0, "head"),)))
    first = (await played.handle.describe()).run_id
    await talk(played)
    assert (await played.handle.describe()).run_id != first
    launch = await played.until(lambda launch: launch.escalations != ())
    assert launch.escalations[0].to.role == "head"
    assert (await played.kinds()).count("AnswerOverdue") == 1


async def test_what_goes_over_is_what_the_ledger_tells(stage: Stage) -> None:
    """Findings, signatures, clocks and all survive being written down and read again."""
    played = await stage.start(plan(due_in=1200, chain=LINE[:3]))
    await played.sign("product")
    await talk(played, step="marketing")
    [given] = [
        event.workflow_execution_continued_as_new_event_attributes.input.payloads
        async for event in played.first_run.fetch_history_events()
        if event.event_type == CONTINUED
    ]
    [carried] = await stage.client.data_converter.decode(given, [LaunchInput])
    entries = await stage.ledger.entries(played.id)
    assert carried.start is None
    assert carried.launch == fold(entries[: carried.launch.seq])
    assert carried.launch.findings
    assert carried.launch.steps[0].signatures
