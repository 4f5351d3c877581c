"""Decide and evolve as functions: pure, total, repeatable; and every event there is does happen."""

import copy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

import pytest
from pydantic import TypeAdapter

from domain import acts, events
from domain.deadlines import next_deadline
from domain.decide import decide
from domain.errors import CountersignError
from domain.events import Entry, Event
from domain.evolve import evolve, fold
from domain.launch import Launch
from domain.plan import Offer, Resource, Window
from domain.plan_change import PlanChange
from domain.terms import Condition, Quantity, TermsChange
from tests.plans import (
    EXECUTIVE,
    PLANNER,
    SPONSOR,
    at,
    chain_of_five,
    plan,
    rung,
    single_step,
    start_of,
    step,
    two_signers,
    within,
)
from tests.unit.play import Play

ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)
LAUNCH: TypeAdapter[Launch] = TypeAdapter(Launch)


def silent() -> Play:
    """Silence of every kind; the window ends with nothing reached."""
    ladder = (rung(0, "lead"), rung(1, "head", "reassign"))
    play = Play(
        plan(
            step("product", ladder=ladder),
            step("channel", silence="decline"),
            step("service", silence="deemed"),
        )
    )
    play.do("lead.product", acts.Ask("product", "Why?"))
    play.do(PLANNER, acts.Reply("product", "So."))
    play.do("lead.product", acts.Acknowledge("product", at(12)))
    play.wait_until(14)
    [raised, *_] = play.open_escalations()
    play.do(SPONSOR, acts.AcknowledgeEscalation(raised.id))
    extended = acts.ResolveEscalation(raised.id, "extend", "Wait.", answer_by=at(20))
    play.do(SPONSOR, extended)
    play.wait_until(500)
    play.carry_out(acts.Command(acts.ReportCompensation("service", "TimeoutError")))
    return play


def good() -> Play:
    """A decline, a repair, two signers, a stop, a rejection; live, and closed with a breach."""
    play = Play(
        plan(
            step("marketing", deliver_by=5),
            step("product", deliver_by=150),
            step("channel", signers=2, deliver_by=90),
        )
    )
    play.do("lead.marketing", acts.Decline("marketing", "Too soon."))
    play.do(PLANNER, acts.Request("marketing", "Later.", TermsChange(deliver_by=at(80))))
    play.do("lead.product", acts.StopLaunch("Wait."))
    play.do(SPONSOR, acts.ResumeLaunch("On."))
    play.sign("marketing")
    play.sign("product")
    play.sign("channel")
    play.sign("channel", "head.channel")
    play.do("lead.marketing", acts.Report("marketing", "There."))
    play.do(PLANNER, acts.Reject("marketing", "No."))
    play.deliver("marketing")
    play.wait_until(100)
    play.deliver("channel")
    play.wait_until(400)
    return play


def excused() -> Play:
    """Findings and steps waived by two people, then called off."""
    play = Play(plan(step("product", deliver_by=5), step("marketing")))
    waived = acts.WaiveFinding("lead_time:product", "Known.")
    for person in (SPONSOR, EXECUTIVE):
        play.do(person, waived)
        play.do(person, acts.Waive("product", "Without."))
    play.do(PLANNER, acts.CancelLaunch("Enough."))
    play.carry_out(acts.Command(acts.ReportCompensation("product")))
    return play


def negotiated() -> Play:
    """Other terms offered, taken back, asked for and agreed; promises given back and taken back."""
    play = Play(plan(step("product"), step("marketing", ["product"]), step("channel", ["product"])))
    half = TermsChange("Half of it")
    play.do("lead.product", acts.Counter("product", half, "All of it is too much."))
    play.do("lead.product", acts.WithdrawCounter("product", "It can be done."))
    play.do(PLANNER, acts.Amend("product", TermsChange("Two thirds"), "Between the two."))
    play.do("lead.product", acts.Counter("product", half, "No more than that."))
    play.do(PLANNER, acts.AcceptCounter("product", play.step().digest))
    play.sign("marketing")
    play.do("lead.product", acts.RequestRelease("product", "The press is broken."))
    play.do(PLANNER, acts.RefuseRelease("product", "Repair it."))
    play.do("lead.product", acts.Report("product", "There."))
    play.do("lead.product", acts.RetractReport("product", "Not all of it."))
    play.do("lead.product", acts.RequestRelease("product", "It cannot be repaired."))
    play.do(PLANNER, acts.AllowRelease("product"))
    play.do(PLANNER, acts.Request("product", "Of another printer."))
    play.sign("product")
    play.do("lead.product", acts.Revoke("product", "None has paper."))
    play.do(PLANNER, acts.Request("product", "Once more."))
    play.do(PLANNER, acts.Withdraw("product", "No."))
    play.do(PLANNER, acts.CancelLaunch("Enough."))
    return play


def conditional() -> Play:
    """Signed on conditions that come and that do not, by somebody who stands in and is reminded."""
    play = Play(plan(step("product"), step("channel")))
    play.do(PLANNER, acts.Remind("product"))
    play.do("lead.product", acts.Delegate("product", "somebody.else", at(30), "Away."))
    signing = acts.Sign("product", play.step().digest)
    play.do("somebody.else", replace(signing, condition=Condition(at(20), fact="There is stock.")))
    play.wait_until(20)
    play.do("somebody.else", replace(signing, condition=Condition(at(25), fact="It has a price.")))
    play.do(PLANNER, acts.Confirm("product", "It has a price."))
    play.wait_until(40)
    return play


def replanned() -> Play:
    """Another plan by the planner, and one that a counter-offer was for."""
    play = Play(chain_of_five())
    play.do(PLANNER, acts.DelegatePlanning("facilitator", at(20), "On leave."))
    play.sign()
    offer = Offer("other", "data", "9.00", "1.00", "CNY")
    cheaper = PlanChange(("offers",), offers=(offer,))
    play.do("facilitator", acts.AmendPlan(cheaper, "It is cheaper."))
    later = PlanChange(("window",), window=Window(at(150), at(250)))
    play.do("lead.product", acts.Counter("product", None, "Not by then.", later))
    play.do(PLANNER, acts.AcceptCounter("product", play.step().digest))
    play.wait_until(20)
    return play


def escalated() -> Play:
    """Nobody answers; somebody takes it up, something is said of it, and it is open again."""
    play = Play(plan(step("product", remind_before=within(4)), acknowledged_for=3))
    play.wait_until(10)
    [raised] = play.open_escalations()
    play.do("lead.product", acts.AcknowledgeEscalation(raised.id, "I call them."))
    play.do("lead.product", acts.CommentOnEscalation(raised.id, "They are at lunch."))
    play.wait_until(14)
    return play


PLAYS = (silent, good, excused, negotiated, conditional, replanned, escalated)


def test_every_event_happens() -> None:
    happened = {type(entry.event) for story in PLAYS for entry in story().entries}
    assert {kind.__name__ for kind in get_args(Event)} == {kind.__name__ for kind in happened}


@pytest.mark.parametrize("story", PLAYS)
def test_every_entry_and_launch_survives_its_way_through_json(story: object) -> None:
    """The ledger keeps entries, a continued workflow its launch: both come back as they were."""
    assert callable(story)
    play = story()
    for entry in play.entries:
        assert ENTRY.validate_json(ENTRY.dump_json(entry)) == entry
    for end in range(1, len(play.entries) + 1):
        launch = fold(play.entries[:end])
        assert LAUNCH.validate_json(LAUNCH.dump_json(launch)) == launch


def test_deciding_changes_nothing_and_says_the_same_again() -> None:
    play = Play(two_signers())
    command = play.command("lead.product", acts.Sign("product", play.step().digest))
    before = copy.deepcopy(play.standing())
    first = decide(play.standing(), command, play.now)
    assert decide(play.standing(), command, play.now) == first
    assert play.standing() == before


def test_a_command_has_its_effect_once() -> None:
    play = Play(two_signers())
    command = play.command("lead.product", acts.Sign("product", play.step().digest))
    assert len(play.carry_out(command)) == 1
    assert play.carry_out(command) == ()
    other = acts.Command(acts.CancelLaunch("Enough."), command.id, command.actor)
    assert play.carry_out(other) == (), "the id is used up, whatever it now carries"
    assert play.standing().commands == {"start": 2, "c1": 3}


def test_the_envelope_stands_on_the_first_entry_only() -> None:
    play = Play(plan(step("product"), step("channel", ["product"])))
    play.sign()
    mine = [entry for entry in play.entries if entry.command == "c1"]
    assert [entry.jws for entry in mine] == ["jws of c1", None, None]
    assert [entry.actor for entry in mine] == ["lead.product", events.SYSTEM, events.SYSTEM]


def test_a_launch_starts_once() -> None:
    play = Play(single_step())
    with pytest.raises(CountersignError):
        play.carry_out(start_of(single_step(), command="another"))
    first = play.entries[0]
    with pytest.raises(ValueError, match="starts"):
        evolve(play.standing(), Entry(3, first.at, first.actor, "again", None, first.event))
    with pytest.raises(ValueError, match="does not follow"):
        evolve(None, Entry(2, first.at, first.actor, "again", None, first.event))


def test_entries_follow_one_another_without_a_gap() -> None:
    play = Play(single_step())
    play.sign()
    for missing in range(len(play.entries) - 1):
        with pytest.raises(ValueError, match=r"follow|to fold"):
            fold(play.entries[:missing] + play.entries[missing + 1 :])
    with pytest.raises(ValueError, match="follow"):
        fold([*play.entries, play.entries[-1]])
    with pytest.raises(ValueError, match="nothing"):
        fold([])


def test_the_order_is_the_sequence_and_never_the_clock() -> None:
    """The same decisions by a clock that runs backwards end the same way."""
    play = Play(plan(step("product"), step("channel"), step("service")))
    for key in ("service", "product", "channel"):
        play.now -= timedelta(seconds=1)
        play.sign(key)
    play.do(PLANNER, acts.CancelLaunch("Enough."))
    pending = [c.step for c in play.standing().compensations]
    assert pending == ["channel", "product", "service"]


def test_the_clock_changes_nothing_before_its_time() -> None:
    play = Play(single_step())
    deadline = next_deadline(play.standing())
    assert deadline is not None
    assert deadline.at == at(10)
    assert play.sleep_until(9.999) == ()
    assert play.sleep_until(10) != ()


def test_deadlines_move_on_when_they_fire() -> None:
    play = Play(plan(step("product"), step("channel", ["product"]), window=(30, 60)))
    seen: list[datetime] = []
    while (deadline := next_deadline(play.standing())) is not None:
        assert deadline.at > play.now or not seen
        seen.append(deadline.at)
        play.sleep_until(deadline.at)
        following = next_deadline(play.standing())
        assert following is None or following.at > deadline.at
    assert seen == sorted(seen)
    assert play.standing().outcome == "failed"


def test_what_a_step_needs_of_a_pool_is_in_its_terms() -> None:
    posters, phones = Resource("poster", 40, "channel", at(50)), Resource("phone", 2, "product")
    play = Play(plan(step("product"), step("channel"), resources=(posters, phones)))
    assert play.step("product").terms.quantities == (Quantity("phone", 2),)
    assert play.step("channel").terms.quantities == (Quantity("poster", 40, at(50)),)
