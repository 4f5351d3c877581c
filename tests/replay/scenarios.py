"""What is recorded: launches at the scale of seconds that between them take every turn."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

from domain.acts import (
    Acknowledge,
    AcknowledgeEscalation,
    Ask,
    CancelLaunch,
    Decline,
    Escalate,
    Reject,
    Reply,
    Report,
    Request,
    ResolveEscalation,
    ResumeLaunch,
    StopLaunch,
    Waive,
    WaiveFinding,
)
from domain.plan import Plan
from domain.terms import TermsChange
from tests.plans import EXECUTIVE, PLANNER, SPONSOR, StepFields, rung, window_of
from tests.replay import conversations
from tests.replay.deliveries import deliver
from tests.workflows.plans import DIAMOND, LINE, plan
from tests.workflows.stage import Played, Stage

OPENS: Final = 8.0
ENDS: Final = 10.0
"""Seconds from the start until a launch goes live, and until its window ends."""


async def signed_chain(start: "Start") -> Played:
    played = await start(plan(opens_in=OPENS, ends_in=ENDS))
    for step, _ in LINE:
        await played.sign(step)
    await played.act(Report("product", "a first draft"), "lead.product")
    await played.act(Reject("product", "the price is missing"), "head.marketing")
    await deliver(played, LINE, *(step for step, _ in LINE))
    return played


async def diamond(start: "Start") -> Played:
    two = {"channel": StepFields(signers=2)}
    played = await start(plan(chain=DIAMOND, opens_in=OPENS, ends_in=ENDS, steps=two))
    await played.sign("product")
    await played.act(Ask("channel", "How many outlets?"), "lead.channel")
    await played.act(Reply("channel", "Forty"), PLANNER)
    await played.sign("channel")
    await played.sign("marketing", "head.marketing")
    await played.sign("channel", "deputy.channel")
    await played.sign("service")
    await deliver(played, DIAMOND, "product", "channel", "marketing", "service")
    return played


async def declined_and_requested_again(start: "Start") -> Played:
    chain = LINE[:3]
    played = await start(plan(chain=chain, opens_in=OPENS, ends_in=ENDS))
    await played.sign("product")
    await played.act(Acknowledge("marketing"), "lead.marketing")
    await played.act(Decline("marketing", "the agency is booked out"), "lead.marketing")
    smaller = TermsChange(deliverable="One poster instead of three")
    await played.act(Request("marketing", "without the agency", smaller), PLANNER)
    await played.sign("marketing")
    await played.sign("communications")
    await deliver(played, chain, *(step for step, _ in chain))
    return played


async def ladder_to_the_top(start: "Start") -> Played:
    chain = LINE[:2]
    ladder = (rung(0.1, "lead"), rung(0.1, "head", "reassign"), rung(0.1, "sponsor"))
    slow = {"product": StepFields(answer_within=0.3, ladder=ladder)}
    played = await start(plan(chain=chain, opens_in=OPENS, ends_in=ENDS, steps=slow))
    launch = await played.until(lambda launch: any(e.level == 3 for e in launch.escalations))
    await played.act(AcknowledgeEscalation(launch.escalations[0].id, "I ask them"), SPONSOR)
    await played.sign("product", "head.product")
    await played.sign("marketing")
    await deliver(played, chain, "product", "marketing")
    return played


async def failed_by_repair(start: "Start") -> Played:
    played = await start(plan(chain=LINE[:3], repair="PT1S"))
    await played.sign("product")
    await played.sign("marketing")
    await played.act(Decline("communications", "no slot left"), "lead.communications")
    return played


async def cancelled(start: "Start") -> Played:
    played = await start(plan())
    for step, _ in LINE[:3]:
        await played.sign(step)
    await played.act(Escalate("is there a budget?", "channel"), "lead.channel")
    await played.act(CancelLaunch("no budget"), SPONSOR)
    return played


async def gate_held_and_waived(start: "Start") -> Played:
    """With a finding that is waived as well, or nothing could be signed."""
    chain = LINE[:3]
    tight = {"communications": StepFields(answer_within="PT1H")}
    played = await start(plan(chain=chain, opens_in=2, ends_in=ENDS, due_in=1800, steps=tight))
    [finding] = [finding for finding in (await played.launch()).findings if finding.is_blocking]
    await played.sign("product")
    await played.act(WaiveFinding(finding.id, "they promised by phone"), SPONSOR)
    await played.act(WaiveFinding(finding.id, "agreed"), EXECUTIVE)
    await played.sign("marketing")
    await played.until(lambda launch: launch.gate.held_since is not None)
    await played.act(Waive("communications", "not needed"), SPONSOR)
    await played.act(Waive("communications", "agreed"), EXECUTIVE)
    await deliver(played, chain, "product", "marketing")
    return played


async def stopped_across_a_deadline(start: "Start") -> Played:
    chain = LINE[:2]
    soon = {"product": StepFields(answer_within=1.0)}
    played = await start(plan(chain=chain, opens_in=OPENS, ends_in=ENDS, steps=soon))
    await played.act(StopLaunch("a wrong price"), "lead.marketing")
    await asyncio.sleep(1.5)
    await played.act(ResumeLaunch("corrected"), SPONSOR)
    launch = await played.until(lambda launch: any(e.step for e in launch.escalations))
    late = next(escalation for escalation in launch.escalations if escalation.step)
    by = window_of(launch.plan).end
    settled = ResolveEscalation(late.id, "extend", "the price is new", answer_by=by)
    await played.act(settled, SPONSOR)
    await played.sign("product")
    await played.sign("marketing")
    await deliver(played, chain, "product", "marketing")
    return played


async def adopted_after_a_crash(start: "Start") -> Played:
    """Twice a worker died between its row and its task: another act came first, and the same."""
    chain = LINE[:3]
    played = await start(plan(chain=chain, opens_in=OPENS, ends_in=ENDS))
    lost = await played.signing("product")
    await played.lose(lost)
    await played.act(Escalate("what happened?"), "head.product")
    await played.send(lost)
    again = await played.signing("marketing")
    await played.lose(again)
    await played.send(again)
    await played.sign("communications")
    await deliver(played, chain, *(step for step, _ in chain))
    return played


Start = Callable[[Plan], Awaitable[Played]]
SCENARIOS: Final[Mapping[str, Callable[[Start], Awaitable[Played]]]] = {
    "signed-chain": signed_chain,
    "diamond": diamond,
    "declined-and-requested-again": declined_and_requested_again,
    "ladder-to-the-top": ladder_to_the_top,
    "failed-by-repair": failed_by_repair,
    "cancelled": cancelled,
    "gate-held-and-waived": gate_held_and_waived,
    "adopted-after-a-crash": adopted_after_a_crash,
    "stopped-across-a-deadline": stopped_across_a_deadline,
    "negotiated": conversations.negotiated,
    "promises-taken-back": conversations.promises_taken_back,
    "replanned": conversations.replanned,
}


async def play(stage: Stage, name: str) -> Played:
    """Plays a scenario to its end; the launch is named after it."""

    async def start(planned: Plan) -> Played:
        return await stage.start(replace(planned, code=name.upper()), name)

    played = await SCENARIOS[name](start)
    await played.handle.result()
    return played
