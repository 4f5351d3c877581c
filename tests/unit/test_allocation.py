"""Whose work an item is: offered to several, taken by one, kept by who took it, in any order."""

from domain import acts
from tests.plans import MODULES, PEOPLE, PLANNER, SPONSOR, at, chain_of_five, diamond, single_step
from tests.unit.play import Play, kinds

BOTH = "lead.of.both"
MATRIX = {**PEOPLE, BOTH: ("lead:marketing", "lead:channel")}
"""Somebody who leads two modules."""


def test_who_of_the_module_answers_first_takes_it_from_the_others() -> None:
    play = Play(single_step())
    module = ("lead.product", "deputy.product", "head.product")
    assert [play.inbox(person) for person in module] == [[("sign", "product")]] * 3
    play.sign(person="deputy.product")
    assert [play.inbox(person) for person in module] == [[("report", "product")]] * 3
    for person in ("lead.product", "head.product"):
        assert play.refused(person, acts.Sign("product", play.step().digest)) == "already_answered"


def test_a_delivery_is_judged_by_whom_of_the_customers_it_finds() -> None:
    play = Play(chain_of_five())
    play.sign_all()
    play.do("lead.product", acts.Report("product", "There."))
    assert ("accept", "product") in play.inbox("head.marketing")
    assert kinds(play.do("head.marketing", acts.Accept("product"))) == ["DeliveryAccepted"]
    assert ("accept", "product") not in play.inbox("lead.marketing")


def test_a_promise_is_work_from_that_moment() -> None:
    play = Play(single_step())
    assert play.step().delivery is None
    play.wait(1)
    play.sign()
    assert play.step().delivery is not None
    assert play.inbox("lead.product") == [("report", "product")]


def test_who_was_put_in_charge_delivers_too() -> None:
    play = Play(single_step())
    play.wait_until(12)
    [raised] = play.open_escalations()
    play.do(SPONSOR, acts.ResolveEscalation(raised.id, "reassign", "You.", to="lead.channel"))
    play.sign(person="lead.channel")
    report = acts.Report("product", "There.")
    assert play.refused("lead.product", report) == "not_yours"
    assert kinds(play.do("lead.channel", report)) == ["DeliveryReported"]


def test_what_waits_side_by_side_is_taken_up_together_and_in_any_order() -> None:
    play = Play(diamond(), people=MATRIX)
    play.sign("product")
    assert play.inbox(BOTH) == [("sign", "marketing"), ("sign", "channel")]
    for step in ("marketing", "channel"):
        play.do(BOTH, acts.Acknowledge(step))
    play.sign("channel", BOTH)
    assert play.inbox(BOTH) == [("sign", "marketing"), ("report", "channel")]
    play.do(BOTH, acts.Report("channel", "There."))
    play.sign("marketing", BOTH)
    assert play.inbox(BOTH) == [("report", "marketing")]


def test_nothing_is_promised_or_delivered_before_its_turn() -> None:
    play = Play(chain_of_five())
    for module in MODULES[1:]:
        assert play.inbox(f"lead.{module}") == []
        sign = acts.Sign(module, play.step(module).digest)
        assert play.refused(f"lead.{module}", sign) == "wrong_state"
    report = acts.Report("product", "There already.")
    assert play.refused("lead.product", report) == "wrong_state"
    assert play.inbox(PLANNER) == []


def test_whom_an_attempt_was_reassigned_to_sees_it_beside_the_delegate() -> None:
    play = Play(single_step())
    play.wait_until(11)
    [raised] = play.open_escalations()
    to_deputy = acts.ResolveEscalation(raised.id, "reassign", "Hers.", to="deputy.product")
    play.do("head.product", to_deputy)
    play.do("head.product", acts.Delegate("product", "frontline.city-a", at(60), "At the fair."))
    assert ("sign", "product") in play.inbox("deputy.product")
    assert ("sign", "product") in play.inbox("frontline.city-a")
