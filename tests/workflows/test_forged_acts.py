"""Every act of a person, forged in every way and sent straight to Temporal: none is believed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import pytest
from temporalio.service import RPCError

from domain import acts
from domain.acts import Actor, Command
from tests.plans import PEOPLE, PLANNER
from tests.unit import expectations
from tests.unit.situations import SITUATIONS, all_acts
from tests.workflows.plans import plan
from tests.workflows.stage import Played, Stage, refusal
from tests.workflows.test_poison import UNKNOWN_KEY, answers, signed_by

ACTS = all_acts(SITUATIONS["requested"]())
PERSON = "lead.product"


def another_content(given: Command) -> Command:
    """The envelope is of the same act with other words, or with another digest."""
    act: Any = given.act
    said = ("terms_digest", "reason", "text", "note", "evidence", "fact", "step")
    name = next(name for name in said if hasattr(act, name))
    return replace(given, act=replace(act, **{name: "something else"}))


FORGERIES: dict[str, Callable[[Command], Command]] = {
    "another signer": lambda given: replace(
        given, actor=Actor("head.product", "head", PEOPLE["head.product"])
    ),
    "more posts than signed": lambda given: replace(
        given, actor=Actor(PERSON, "lead", (*PEOPLE[PERSON], "sponsor", "executive"))
    ),
    "for somebody": lambda given: replace(
        given, actor=Actor(PERSON, "lead", PEOPLE[PERSON], PLANNER)
    ),
    "another content": another_content,
    "an unknown key": lambda given: signed_by(UNKNOWN_KEY, given, "any"),
    "no envelope": lambda given: replace(given, jws=None),
}


@pytest.fixture(scope="module")
async def played(stage: Stage) -> Played:
    return await stage.start(plan())


def test_no_act_is_left_out() -> None:
    kinds = {kind.__dataclass_fields__["kind"].default for kind in get_args(acts.PersonAct)}
    assert set(ACTS) == kinds - {"finding-waive"}


@pytest.mark.parametrize("kind", ACTS)
async def test_a_forged_act_is_refused_and_leaves_no_trace(played: Played, kind: str) -> None:
    good = played.command(ACTS[kind], PERSON)
    length, before = await played.length(), await played.kinds()
    for name, forge in FORGERIES.items():
        sending = played.handle.execute_update("act", forge(good), id=good.id)
        assert (await refusal(sending)).type == "forged", name
    again = played.handle.execute_update("act", good, id=f"another-{good.id}")
    assert (await refusal(again)).type == "forged", "an envelope serves one update"
    assert await played.length() == length
    assert await played.kinds() == before


async def test_after_all_that_the_launch_answers(played: Played) -> None:
    await answers(played)


async def test_a_stopped_launch_takes_no_decision(stage: Stage) -> None:
    """Signed by whoever may do it at another time; what goes on in a stop is not tried here."""
    played = await stage.start(plan())
    await played.act(acts.StopLaunch("wait"), "frontline.city-a")
    before = await played.kinds()
    stopped = 0
    for act in ACTS.values():
        if act.kind in expectations.IN_A_STOP:
            continue
        for person in (PERSON, PLANNER, "head.marketing", "sponsor"):
            refused = await refusal(played.act(act, person))
            assert refused.type in {"launch_stopped", "not_yours", "four_eyes"}, (act, person)
            stopped += refused.type == "launch_stopped"
    assert stopped >= len(ACTS) - len(expectations.IN_A_STOP), "each by somebody at least"
    assert await played.kinds() == before


async def test_a_launch_that_has_ended_takes_nothing(stage: Stage) -> None:
    played = await stage.start(plan())
    await played.act(acts.CancelLaunch("enough"), PLANNER)
    await played.handle.result()
    before = await played.kinds()
    for act in ACTS.values():
        with pytest.raises(RPCError):
            await played.act(act, PERSON)
    assert await played.kinds() == before
