import asyncio
from datetime import datetime

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus

from domain.acts import Accept, Ask, Command, Report, ResumeLaunch, Sign, StopLaunch
from domain.decide import Decision, decision
from domain.decisions.unfolding import EndlessDecisionError
from domain.errors import Invalid
from domain.launch import Launch
from runtime.temporal import SEARCH_ATTRIBUTES
from tests.plans import MODULES, PLANNER, SPONSOR, StepFields
from tests.workflows.plans import LINE, plan
from tests.workflows.stage import Stage, refusal
from workflows import launch as launching
from workflows.messages import Done

AT_ONCE = 24


def customer(step: str) -> str:
    place = MODULES.index(step) + 1
    return f"head.{MODULES[place]}" if place < len(MODULES) else PLANNER


async def test_a_chain_is_signed_delivered_and_closed(stage: Stage) -> None:
    soon = plan(opens_in=3, ends_in=3.5)
    played = await stage.start(soon)
    for step in MODULES:
        assert (await played.sign(step)).seq == len(await played.kinds())
    for step in MODULES:
        await played.act(Report(step, "done"), f"lead.{step}")
        await played.act(Accept(step), customer(step))
    assert await played.handle.result() == "completed"
    launch = await played.launch()
    assert [step.state for step in launch.steps] == ["accepted"] * len(MODULES)
    assert launch.outcome == "completed"


async def test_what_is_refused_enters_no_history(stage: Stage) -> None:
    played = await stage.start(plan())
    before = await played.length()
    digest = (await played.launch()).step("product").digest
    refused = [
        await played.refused(Sign("product", digest), PLANNER),
        await played.refused(Sign("product", digest), "lead.service"),
        await played.refused(Sign("product", "sha256:other"), "lead.product"),
        await played.refused(Sign("nowhere", digest), "lead.product"),
        await played.refused(Report("product", "done"), "lead.product"),
    ]
    assert [error.type for error in refused] == [
        "four_eyes",
        "not_yours",
        "terms_changed",
        "no_such_step",
        "wrong_state",
    ]
    assert refused[2].details[0]["figures"] == {"version": 1, "digest": digest}
    assert await played.length() == before
    assert (await played.sign("product")).seq == len(await played.kinds())


async def test_a_repeat_answers_the_same_and_changes_nothing(stage: Stage) -> None:
    played = await stage.start(plan())
    asked = played.command(Ask("product", "How many?"), "lead.product")
    first = await played.send(asked)
    entries = await stage.ledger.entries(played.id)
    await played.act(Ask("product", "And when?"), "lead.product")
    assert await played.send(asked) == first
    assert (await stage.ledger.entries(played.id))[: len(entries)] == entries
    assert (await played.kinds()).count("QuestionAsked") == 2


async def test_many_acts_at_once_all_take_effect_once(stage: Stage) -> None:
    played = await stage.start(plan())
    acts = [played.act(Ask("product", f"Question {n}?"), "lead.product") for n in range(AT_ONCE)]
    done = await asyncio.gather(*acts)
    assert len({answer.seq for answer in done}) == AT_ONCE
    entries = await stage.ledger.entries(played.id)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    launch = await played.launch()
    assert len(launch.commands) == AT_ONCE + 1


async def test_one_of_two_signatures_at_once_is_too_late(stage: Stage) -> None:
    played = await stage.start(plan(chain=LINE[:1]))
    digest = (await played.launch()).step("product").digest
    people = ("lead.product", "head.product")
    both = await asyncio.gather(
        *(played.act(Sign("product", digest), person) for person in people), return_exceptions=True
    )
    assert [isinstance(answer, Done) for answer in both].count(True) == 1
    assert (await played.kinds()).count("CommitmentSigned") == 1


async def test_started_waits_and_repeats(stage: Stage) -> None:
    played = await stage.open(plan())
    answers = await asyncio.gather(*(played.started() for _ in range(3)))
    assert {answer.seq for answer in answers} == {len(await played.kinds())}


async def test_signing_keeps_the_running_timer(stage: Stage) -> None:
    played = await stage.start(plan(chain=LINE[:4]))
    await played.sign("product")
    timers = await played.count(EventType.EVENT_TYPE_TIMER_STARTED)
    for step in ("marketing", "communications", "channel"):
        await played.sign(step)
    assert await played.count(EventType.EVENT_TYPE_TIMER_STARTED) == timers
    assert await played.count(EventType.EVENT_TYPE_TIMER_CANCELED) == 0


async def test_an_earlier_deadline_takes_the_timer_over(stage: Stage) -> None:
    soon = {"marketing": StepFields(answer_within=0.2)}
    played = await stage.start(plan(chain=LINE[:2], steps=soon))
    await played.sign("product")
    await played.until(lambda launch: launch.escalations != ())
    assert await played.count(EventType.EVENT_TYPE_TIMER_CANCELED) == 1


async def test_the_situation_stands_in_details_and_attributes(stage: Stage) -> None:
    played = await stage.start(plan())
    await played.act(StopLaunch("a wrong price"), SPONSOR)
    described = await played.handle.describe()
    attributes = described.typed_search_attributes
    assert [attributes.get(key) for key in SEARCH_ATTRIBUTES] == [
        "committing",
        "personal",
        "FT-TOPUP",
        "yes",
    ]
    assert described.status is WorkflowExecutionStatus.RUNNING
    assert await played.situation() == "stopped; waiting on sponsor to resume"
    await played.act(ResumeLaunch("corrected"), SPONSOR)
    attributes = (await played.handle.describe()).typed_search_attributes
    assert attributes.get(SEARCH_ATTRIBUTES[3]) == "no"
    assert await played.situation() == "committing; waiting on product to sign in product"


@pytest.mark.parametrize("name", ["nothing", "__temporal_unknown"])
async def test_an_update_nobody_knows_is_refused(stage: Stage, name: str) -> None:
    played = await stage.start(plan())
    assert "RuntimeError" in str((await refusal(played.handle.execute_update(name))).type)
    await played.sign("product")


async def test_a_fault_of_the_rules_stops_its_act_and_no_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any other exception out of a handler would block every later act of the launch."""

    def faulty(launch: Launch | None, command: Command, now: datetime) -> Decision:
        if isinstance(command.act, Ask) and command.act.text == "?":
            raise EndlessDecisionError("no rest after 2000 events")
        return decision(launch, command, now)

    monkeypatch.setattr(launching, "decision", faulty)
    played = await stage.start(plan())
    assert (await played.refused(Ask("product", "?"), "lead.product")).type == "internal"
    await played.act(Ask("product", "How many?"), "lead.product")
    assert (await played.kinds()).count("QuestionAsked") == 1
    for mended in (decision, refusing):
        monkeypatch.setattr(launching, "decision", mended)
        assert await played.doubts() == (), "mended rules tell it otherwise"


def refusing(launch: Launch | None, command: Command, now: datetime) -> Decision:
    """Rules that were mended to refuse what others stumbled over."""
    if isinstance(command.act, Ask) and command.act.text == "?":
        raise Invalid("text", "A question mark asks nothing.")
    return decision(launch, command, now)
