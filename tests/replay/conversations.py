"""Recorded besides: terms that are settled, promises taken back, plans that change."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

from domain.acts import (
    AcceptCounter,
    AcknowledgeEscalation,
    AllowRelease,
    Amend,
    AmendPlan,
    CancelCommitment,
    CommentOnEscalation,
    Confirm,
    Counter,
    Delegate,
    RefuseRelease,
    Remind,
    Report,
    Request,
    RequestRelease,
    ResolveEscalation,
    RetractReport,
    Revoke,
    Sign,
    Withdraw,
    WithdrawCounter,
)
from domain.changing import replace
from domain.plan import Offer, Plan, Window
from domain.plan_change import PlanChange
from domain.terms import Condition, TermsChange
from tests.plans import PLANNER, SPONSOR, StepFields, rung, window_of, within
from tests.replay.deliveries import deliver_all
from tests.workflows.plans import LINE, plan
from tests.workflows.stage import Played

Start: TypeAlias = Callable[[Plan], Awaitable[Played]]
HALF = TermsChange(deliverable="One poster instead of three")


async def negotiated(start: Start) -> Played:
    """Every answer between yes and no, a signature on a condition, and somebody who stands in."""
    played = await start(plan(chain=LINE[:3], opens_in=8, ends_in=10))
    await played.act(Remind("product"), PLANNER)
    await played.act(Counter("product", HALF, "the press is small"), "lead.product")
    await played.act(WithdrawCounter("product", "it will do"), "deputy.product")
    await played.act(Amend("product", TermsChange(conditions=("In time",)), "shorter"), PLANNER)
    await played.act(Counter("product", HALF, "it will not"), "head.product")
    await played.act(AcceptCounter("product", await digest_of(played, "product")), PLANNER)
    soon = window_of((await played.launch()).plan).start
    await played.act(Delegate("marketing", "frontline.city-b", soon, "on leave"), "lead.marketing")
    known = Condition(soon, fact="There is a budget")
    signing = Sign("marketing", await digest_of(played, "marketing"), None, known)
    await played.act(signing, "frontline.city-b")
    await played.act(Confirm("marketing", "There is a budget"), PLANNER)
    await played.act(Withdraw("communications", "not needed yet"), PLANNER)
    await played.act(Request("communications", "needed after all"), PLANNER)
    await played.sign("communications")
    await deliver_all(played)
    return played


async def promises_taken_back(start: Start) -> Played:
    """With consent and without; steps before which fell wait again, promised ones are marked."""
    played = await start(plan(chain=LINE[:3], opens_in=8, ends_in=10))
    await played.sign("product")
    await played.sign("marketing")
    await played.act(RequestRelease("product", "the price is wrong"), "lead.product")
    await played.act(RefuseRelease("product", "it is the price"), PLANNER)
    await played.act(RequestRelease("product", "it cannot be booked"), "lead.product")
    await played.act(AllowRelease("product"), PLANNER)
    await played.act(Request("product", "with another price"), PLANNER)
    await played.sign("product")
    await played.act(Report("product", "booked"), "lead.product")
    await played.act(RetractReport("product", "not in city B"), "lead.product")
    await played.act(Revoke("marketing", "the agency is gone"), "lead.marketing")
    await played.act(Request("marketing", "by ourselves"), PLANNER)
    await played.sign("marketing")
    await played.act(CancelCommitment("marketing", "another list"), PLANNER)
    await played.act(Request("marketing", "the other list"), PLANNER)
    await played.sign("marketing")
    await played.sign("communications")
    await deliver_all(played)
    return played


async def replanned(start: Start) -> Played:
    """By the planner, by a counter-offer and by postponing; with reminders, and an escalation that
    is taken up, talked about, forgotten and settled.
    """
    slow = StepFields(answer_within=1.2, remind_before=within(0.6), ladder=(rung(0, "lead"),))
    planned = plan(chain=LINE[:2], opens_in=8, ends_in=10, steps={"product": slow})
    policy = replace(planned.policy, acknowledged_for=within(0.3))
    played = await start(replace(planned, policy=policy))
    launch = await played.until(lambda launch: bool(launch.escalations))
    [raised] = launch.escalations
    await played.act(AcknowledgeEscalation(raised.id, "I call them"), "lead.product")
    await played.act(CommentOnEscalation(raised.id, "the shops ask"), "frontline.city-a")
    await played.until(lambda launch: len(launch.escalations[0].thread) >= 4)
    moved = moved_by(window_of(launch.plan), 1)
    settled = ResolveEscalation(raised.id, "postpone", "a second more", window=moved)
    await played.act(settled, SPONSOR)
    await played.sign("product")
    offers = (Offer("other", "data", "9.00", "1.00", "CNY"),)
    cheaper = PlanChange(("offers", "theme"), offers=offers, theme="spring")
    await played.act(AmendPlan(cheaper, "the market moved"), PLANNER)
    await played.sign("product")
    later = PlanChange(("window",), window=moved_by(moved, 1))
    await played.act(Counter("marketing", HALF, "not by then", later), "lead.marketing")
    await played.act(AcceptCounter("marketing", await digest_of(played, "marketing")), PLANNER)
    await deliver_all(played)
    return played


async def digest_of(played: Played, step: str) -> str:
    return (await played.launch()).step(step).digest


def moved_by(window: Window, seconds: float) -> Window:
    by = timedelta(seconds=seconds)
    return Window(window.start + by, window.end + by)
