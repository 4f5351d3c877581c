"""Somebody who stands in for the planner: the planner's acts, and none that need another person."""

from domain import acts
from domain.inbox import inbox_items
from domain.terms import Condition, TermsChange
from tests.plans import EXECUTIVE, PLANNER, SPONSOR, at, chain_of_five, single_step
from tests.unit.play import Play, kinds

B = "facilitator"


def away(play: Play | None = None, until: float = 30) -> Play:
    play = play or Play(single_step())
    play.do(PLANNER, acts.DelegatePlanning(B, at(until), "On leave."))
    return play


def test_who_stands_in_does_what_the_planner_would() -> None:
    play = away()
    play.do("lead.product", acts.Ask("product", "How many?"))
    play.do(B, acts.Reply("product", "Five."))
    play.do("lead.product", acts.Counter("product", TermsChange("Half"), "Too much."))
    play.do(B, acts.AcceptCounter("product", play.step().digest))
    play.do(B, acts.CancelCommitment("product", "Without it."))
    play.do(B, acts.Request("product", "After all."))
    play.do(PLANNER, acts.Withdraw("product", "No."))
    assert play.step().state == "withdrawn"


def test_what_waits_for_the_planner_waits_for_both() -> None:
    play = away()
    play.do("lead.product", acts.Ask("product", "How many?"))
    replies = [item.person for item in inbox_items(play.standing()) if item.kind == "reply"]
    assert replies == [PLANNER, B]


def test_it_is_no_second_person() -> None:
    """Four eyes: whoever plans promises nothing and waives nothing."""
    play = away()
    people = {**play.people, B: ("facilitator", "lead:product", "executive")}
    play.people = people
    assert play.refused(B, acts.Sign("product", play.step().digest)) == "four_eyes"
    assert play.refused(B, acts.Delegate("product", "x", at(9), "y")) == "four_eyes"
    play.do(SPONSOR, acts.Waive("product", "Not needed."))
    assert play.refused(B, acts.Waive("product", "Agreed.")) == "not_yours"
    play.do(EXECUTIVE, acts.Waive("product", "Agreed."))


def test_nobody_with_another_part_may_stand_in() -> None:
    play = Play(chain_of_five())
    for person in (SPONSOR, EXECUTIVE, "lead.service", "head.marketing"):
        act = acts.DelegatePlanning(person, at(30), "On leave.")
        assert play.refused(PLANNER, act) == "four_eyes"
    play.do("lead.product", acts.Delegate("product", B, at(30), "On leave."))
    assert play.refused(PLANNER, acts.DelegatePlanning(B, at(30), "x")) == "four_eyes"
    assert play.refused(PLANNER, acts.DelegatePlanning(PLANNER, at(30), "x")) == "invalid"
    assert play.refused(PLANNER, acts.DelegatePlanning("admin", at(0), "x")) == "invalid"


def test_nor_perform_while_standing_in() -> None:
    play = away()
    assert play.refused("lead.product", acts.Delegate("product", B, at(9), "x")) == "four_eyes"


def test_it_is_not_passed_on_and_ends() -> None:
    play = away(until=8)
    assert play.refused(B, acts.DelegatePlanning("admin", at(20), "x")) == "not_yours"
    assert play.refused("lead.product", acts.DelegatePlanning("admin", at(20), "x")) == "not_yours"
    assert play.refused(B, acts.CancelLaunch("No.")) == "not_yours"
    play.now = at(9)
    assert play.refused(B, acts.Remind("product")) == "not_yours", "also before a clock says so"
    play.now = at(1)
    assert "PlanningDelegationEnded" in kinds(play.wait_until(8))
    assert play.standing().delegate is None


def test_a_later_delegation_takes_the_place_of_an_earlier_one() -> None:
    play = away()
    play.do(PLANNER, acts.DelegatePlanning("admin", at(20), "B is ill."))
    assert play.refused(B, acts.Remind("product")) == "not_yours"
    play.do("admin", acts.Remind("product"))


def formerly_of_the_module() -> Play:
    """B stands in for the lead, until five seconds."""
    play = Play(single_step())
    play.do("lead.product", acts.Delegate("product", B, at(5), "This morning."))
    return play


def test_nobody_takes_the_own_counter_offer() -> None:
    """Also not after having changed sides."""
    play = formerly_of_the_module()
    play.do(B, acts.Counter("product", TermsChange("Half"), "Too much."))
    play.wait_until(6)
    away(play)
    accepting = acts.AcceptCounter("product", play.step().digest)
    assert play.refused(B, accepting) == "four_eyes"
    play.do(PLANNER, accepting)


def test_nobody_allows_the_own_release() -> None:
    play = formerly_of_the_module()
    play.sign(person=B)
    play.do(B, acts.RequestRelease("product", "We cannot."))
    play.wait_until(6)
    away(play)
    assert play.refused(B, acts.AllowRelease("product")) == "four_eyes"
    play.do(PLANNER, acts.AllowRelease("product"))


def test_nobody_confirms_what_the_own_signature_waits_for() -> None:
    play = formerly_of_the_module()
    waits = Condition(at(50), fact="There is stock.")
    play.do(B, acts.Sign("product", play.step().digest, None, waits))
    play.wait_until(6)
    away(play)
    assert play.refused(B, acts.Confirm("product", "There is stock.")) == "four_eyes"
    play.do(PLANNER, acts.Confirm("product", "There is stock."))
