"""Every situation a commitment can be in, brought about by acts, and everybody around it.

The step is `product`, after `channel`, for `marketing`; lead and planner have somebody who stands
in. An escalation by hand is open throughout.
"""

from collections.abc import Callable, Mapping
from typing import Final

from domain import acts
from domain.plan import Window
from domain.plan_change import PlanChange
from domain.terms import Condition, TermsChange
from tests.plans import EXECUTIVE, PEOPLE, PLANNER, SPONSOR, StepFields, at, plan, step
from tests.unit.play import Play

STEP: Final = "product"
HALF: Final = TermsChange("Half of it")
LATER: Final = PlanChange(("window",), window=Window(at(150), at(250)))
FACT: Final = "There is stock."

EVERYBODY: Final[Mapping[str, str]] = {
    "planner": PLANNER,
    "planner’s stand-in": "planning.delegate",
    "another planner": "planner.enterprise",
    "lead": "lead.product",
    "deputy": "deputy.product",
    "head": "head.product",
    "lead’s stand-in": "product.delegate",
    "customer’s lead": "lead.marketing",
    "customer’s deputy": "deputy.marketing",
    "customer’s head": "head.marketing",
    "another module’s lead": "lead.channel",
    "sponsor": SPONSOR,
    "executive": EXECUTIVE,
    "front line": "frontline.city-a",
    "front line elsewhere": "frontline.city-b",
    "facilitator": "facilitator",
    "administrator": "admin",
    "stranger": "somebody.else",
}
"""Who is told apart, and the person who stands for each."""

_PEOPLE = {**PEOPLE, "planning.delegate": (), "product.delegate": (), "somebody.else": ()}


def begun(*, channel: bool = True, **fields: object) -> Play:
    """Both stand-ins named, an escalation raised, and `channel` signed and delivered."""
    given = StepFields(customer="marketing", deliver_by=at(150))
    given.update(fields)  # type: ignore[typeddict-item]  # the fields of a step
    before = step("channel", customer="product", deliver_by=at(150))
    own = step("marketing", ["product"], deliver_by=at(190))
    play = Play(plan(before, step(STEP, ["channel"], **given), own), people=_PEOPLE)
    play.do(PLANNER, acts.DelegatePlanning("planning.delegate", at(900), "On leave."))
    play.do("lead.product", acts.Delegate(STEP, "product.delegate", at(900), "On leave."))
    play.do("frontline.city-a", acts.Escalate("No posters.", STEP))
    if channel:
        play.sign("channel")
    return play


def signed() -> Play:
    play = begun()
    play.sign()
    return play


def _after(play: Play, *done: tuple[str, acts.PersonAct]) -> Play:
    for person, act in done:
        play.do(person, act)
    return play


def _offered(plan_change: PlanChange | None = None) -> Play:
    terms = HALF if plan_change is None else None
    return _after(begun(), ("lead.product", acts.Counter(STEP, terms, "Too much.", plan_change)))


def _conditional() -> Play:
    play = begun()
    waits = Condition(at(90), fact=FACT)
    return _after(play, ("deputy.product", acts.Sign(STEP, play.step().digest, None, waits)))


def _first_of_two() -> Play:
    play = begun(signers=2)
    play.sign(person="deputy.product")
    return play


def _upstream_fell() -> Play:
    return _after(signed(), ("lead.channel", acts.Revoke("channel", "No outlets.")))


def _reported() -> Play:
    return _after(signed(), ("deputy.product", acts.Report(STEP, "There.")))


def _accepted() -> Play:
    return _after(_reported(), ("lead.marketing", acts.Accept(STEP)))


def _released() -> Play:
    asked = ("lead.product", acts.RequestRelease(STEP, "We cannot."))
    return _after(signed(), asked, (PLANNER, acts.AllowRelease(STEP)))


def _lapsed() -> Play:
    play = begun(silence="decline")
    play.wait_until(11)
    return play


def _waived() -> Play:
    opened = (SPONSOR, acts.Waive(STEP, "Not needed."))
    return _after(begun(), opened, (EXECUTIVE, acts.Waive(STEP, "Agreed.")))


def _live() -> Play:
    play = signed()
    play.sign("marketing")
    play.wait_until(100)
    assert play.standing().phase == "live"
    return play


def _closing() -> Play:
    play = _live()
    play.wait_until(200)
    assert (play.standing().phase, play.standing().ending) == ("closing", "completed")
    return play


def _cancelled() -> Play:
    play = _after(signed(), (PLANNER, acts.CancelLaunch("No budget.")))
    assert play.standing().phase == "closing"
    return play


def _closed() -> Play:
    play = _cancelled()
    while play.standing().compensations:
        undone = play.standing().compensations[0].step
        play.carry_out(acts.Command(acts.ReportCompensation(undone)))
    assert play.standing().phase == "closed"
    return play


STOP: Final = ("frontline.city-a", acts.StopLaunch("Nobody is trained."))
SITUATIONS: Final[Mapping[str, Callable[[], Play]]] = {
    "pending": lambda: begun(channel=False),
    "requested": begun,
    "requested, the deputy has signed first of two": _first_of_two,
    "requested, the deputy has signed on a condition": _conditional,
    "requested, a waiver is open": lambda: _after(begun(), (SPONSOR, acts.Waive(STEP, "No."))),
    "countered": _offered,
    "countered, for another plan": lambda: _offered(LATER),
    "signed": signed,
    "signed, a release is asked for": lambda: _after(
        signed(), ("lead.product", acts.RequestRelease(STEP, "We cannot."))
    ),
    "signed, a step before it fell": _upstream_fell,
    "reported by the deputy": _reported,
    "accepted": _accepted,
    "declined": lambda: _after(begun(), ("lead.product", acts.Decline(STEP, "No."))),
    "withdrawn": lambda: _after(begun(), (PLANNER, acts.Withdraw(STEP, "No."))),
    "released": _released,
    "revoked": lambda: _after(signed(), ("lead.product", acts.Revoke(STEP, "No paper."))),
    "cancelled": lambda: _after(signed(), (PLANNER, acts.CancelCommitment(STEP, "No."))),
    "lapsed": _lapsed,
    "waived": _waived,
    "requested, the launch is stopped": lambda: _after(begun(), STOP),
    "signed, the launch is stopped": lambda: _after(signed(), STOP),
    "signed, the launch is live": _live,
    "signed, the launch is closing, completed": _closing,
    "cancelled with the launch, which is closing": _cancelled,
    "cancelled with the launch, which is closed": _closed,
}


def all_acts(play: Play) -> Mapping[str, acts.PersonAct]:
    """One act of each kind, right in everything but perhaps the moment and the person."""
    digest = play.step().digest
    escalation = play.standing().escalations[0].id
    of_step: tuple[acts.PersonAct, ...] = (
        acts.Acknowledge(STEP),
        acts.Ask(STEP, "How many?"),
        acts.Reply(STEP, "Five."),
        acts.Sign(STEP, digest),
        acts.Counter(STEP, TermsChange("A third"), "Too much."),
        acts.AcceptCounter(STEP, digest),
        acts.WithdrawCounter(STEP),
        acts.Amend(STEP, TermsChange("A quarter"), "Less will do."),
        acts.Decline(STEP, "No."),
        acts.Withdraw(STEP, "No."),
        acts.Report(STEP, "There."),
        acts.RetractReport(STEP),
        acts.Accept(STEP),
        acts.Reject(STEP, "Not all."),
        acts.RequestRelease(STEP, "We cannot."),
        acts.AllowRelease(STEP),
        acts.RefuseRelease(STEP),
        acts.Revoke(STEP, "We will not."),
        acts.CancelCommitment(STEP, "Without it."),
        acts.Request(STEP, "Again."),
        acts.Confirm(STEP, FACT),
        acts.Remind(STEP),
        acts.Delegate(STEP, "one.more", at(950), "On leave."),
        acts.Waive(STEP, "Without it."),
    )
    of_launch: tuple[acts.PersonAct, ...] = (
        acts.AmendPlan(PlanChange(("title",), title="Another"), "A better one."),
        acts.DelegatePlanning("one.more", at(950), "On leave."),
        acts.Escalate("Look."),
        acts.AcknowledgeEscalation(escalation),
        acts.CommentOnEscalation(escalation, "I know."),
        acts.ResolveEscalation(escalation, "dismiss", "Known."),
        acts.StopLaunch("Wait."),
        acts.ResumeLaunch("Go on."),
        acts.CancelLaunch("Enough."),
    )
    return {act.kind: act for act in (*of_step, *of_launch)}
