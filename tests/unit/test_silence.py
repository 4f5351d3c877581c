"""When nobody answers: the three policies, and ladders with their rungs."""

import pytest

from domain import acts
from domain.events import EscalationAdvanced, EscalationRaised
from domain.plan import Rung
from domain.waiting import waiting_on
from tests.plans import EXECUTIVE, PEOPLE, SPONSOR, at, plan, rung, single_step, step, two_signers
from tests.unit.play import Play, kinds


def without(*people: str) -> dict[str, tuple[str, ...]]:
    return {person: posts for person, posts in PEOPLE.items() if person not in people}


def reached(play: Play) -> list[tuple[int, str | None]]:
    """Every rung that was reached: its level, and whom it reached."""
    moved = (e.event for e in play.entries)
    rungs = [e for e in moved if isinstance(e, EscalationRaised | EscalationAdvanced)]
    return [(e.level, e.to.role or e.to.person) for e in rungs]


def test_silence_escalates_rung_by_rung_to_the_top_and_stays_open() -> None:
    play = Play(single_step())
    assert kinds(play.wait_until(10)) == ["AnswerOverdue", "EscalationRaised"]
    assert kinds(play.wait_until(15)) == ["EscalationAdvanced"]
    assert kinds(play.wait_until(20)) == ["EscalationAdvanced"]
    assert play.when(EscalationRaised) == [10]
    assert play.when(EscalationAdvanced) == [15, 20]
    assert reached(play) == [(1, "lead"), (2, "head"), (3, "sponsor")]
    assert play.wait_until(99) == ()
    [top] = play.open_escalations()
    assert (top.level, top.cause, top.step) == (3, "overdue_answer", "product")
    assert top.reason == "“product” is overdue since 2026-11-02T01:00:10Z (answer)."
    play.sign()
    assert play.standing().escalations[0].resolution == "answered"


def test_nobody_fires_what_was_answered_before() -> None:
    play = Play(single_step())
    play.wait_until(9.999)
    play.sign()
    assert play.wait_until(59) == ()


def test_the_first_rung_waits_its_own_time() -> None:
    play = Play(single_step(ladder=(rung(3, "lead"), rung(4, "head"))))
    assert kinds(play.wait_until(12.9)) == ["AnswerOverdue"]
    play.wait_until(40)
    assert play.when(EscalationRaised) == [13]
    assert play.when(EscalationAdvanced) == [17]


def test_rungs_on_which_nobody_stands_fall_through_at_once() -> None:
    ladder = (rung(1, "deputy"), rung(5, "lead"), rung(5, "head"), rung(5, "executive"))
    play = Play(single_step(ladder=ladder), people=without("deputy.product", "head.product"))
    play.wait_until(60)
    assert reached(play)[:2] == [(1, "lead"), (2, "executive")]
    assert play.when(EscalationRaised) == [11]
    assert play.when(EscalationAdvanced) == [16]


@pytest.mark.parametrize("ladder", [(), (rung(0, "deputy"), rung(3, "head"))])
def test_a_ladder_without_anybody_ends_with_the_sponsor(ladder: tuple[Rung, ...]) -> None:
    play = Play(single_step(ladder=ladder), people=without("deputy.product", "head.product"))
    play.wait_until(59)
    assert reached(play) == [(1, "sponsor")]


def test_a_rung_held_only_by_the_planner_is_empty() -> None:
    people = {**without("lead.product"), "planner.personal": ("planner", "lead:product")}
    play = Play(single_step(), people=people)
    play.wait_until(10)
    assert reached(play) == [(1, "head")]


def test_a_rung_may_name_a_person() -> None:
    play = Play(single_step(ladder=(rung(0, "head.channel"),)))
    play.wait_until(10)
    assert reached(play) == [(1, "head.channel")]
    [raised] = play.open_escalations()
    settled = acts.ResolveEscalation(raised.id, "dismiss", "I know.")
    assert play.refused("head.product", settled) == "not_yours"
    assert play.refused("head.channel", settled) == ""
    assert play.refused(SPONSOR, settled) == ""


def test_a_rung_may_put_somebody_else_in_charge() -> None:
    play = Play(single_step(ladder=(rung(0, "lead"), rung(5, "head", "reassign"))))
    play.wait_until(14)
    assert play.refused("deputy.product", acts.Sign("product", play.step().digest)) == ""
    assert kinds(play.wait_until(15)) == ["EscalationAdvanced", "PerformerReassigned"]
    for person, code in (("lead.product", "not_yours"), ("deputy.product", "not_yours")):
        assert play.refused(person, acts.Sign("product", play.step().digest)) == code
    play.sign(person="head.product")
    assert play.step().signatures[0].role == "head"


def test_a_rung_that_puts_the_sponsor_in_charge_means_this_launchs_sponsor() -> None:
    people = {**PEOPLE, "sponsor.other": ("sponsor",)}
    play = Play(single_step(ladder=(rung(0, "sponsor", "reassign"),)), people=people)
    play.wait_until(10)
    signed = acts.Sign("product", play.step().digest)
    assert play.refused("sponsor.other", signed) == "not_yours"
    assert play.refused(SPONSOR, acts.Waive("product", "I owe it now.")) == "not_yours"
    play.do(SPONSOR, signed)
    assert play.step().signatures[0].role == "sponsor"


def test_a_new_attempt_is_performed_by_the_module_again() -> None:
    play = Play(single_step(ladder=(rung(0, "head", "reassign"),)))
    play.wait_until(10)
    play.do("head.product", acts.Decline("product", "No."))
    play.do("planner.personal", acts.Request("product", "Please."))
    assert play.step().performer is None
    play.sign(person="deputy.product")


def test_silence_may_be_a_decline() -> None:
    play = Play(single_step(silence="decline"))
    assert kinds(play.wait_until(10)) == ["CommitmentLapsed"]
    assert play.step().state == "lapsed"
    assert play.step().answered_at is None
    play.do("planner.personal", acts.Request("product", "Again."))
    play.sign()
    assert play.step().attempts[0].state == "lapsed"


def test_silence_may_be_deemed_enough_but_is_never_a_signature() -> None:
    play = Play(plan(step("product", silence="deemed"), step("marketing", ["product"])))
    assert kinds(play.wait_until(10)) == ["CommitmentDeemed", "StepRan", "CommitmentRequested"]
    deemed = play.step("product")
    assert (deemed.state, deemed.deemed, deemed.signatures) == ("signed", True, ())
    assert play.step("marketing").state == "requested"


def test_silence_never_stands_for_two_signatures() -> None:
    play = Play(two_signers(silence="deemed"))
    assert kinds(play.wait_until(10))[0] == "AnswerOverdue"
    assert not play.step().deemed


def test_silence_passes_no_blocking_finding() -> None:
    play = Play(single_step(silence="deemed", deliver_by=5))
    assert kinds(play.wait_until(10))[0] == "AnswerOverdue"
    assert play.step().state == "requested"


def test_a_worker_that_was_down_climbs_every_rung_that_is_due_at_once() -> None:
    play = Play(single_step())
    happened = play.sleep_until(18)
    assert kinds(happened) == ["AnswerOverdue", "EscalationRaised", "EscalationAdvanced"]
    assert kinds(play.wait_until(20)) == ["EscalationAdvanced"], "the next one at its own time"


def test_somebody_extends_the_time_to_answer() -> None:
    play = Play(single_step())
    play.wait_until(12)
    [raised] = play.open_escalations()
    for moment in (12, 201):
        extended = acts.ResolveEscalation(raised.id, "extend", "Wait.", answer_by=at(moment))
        assert play.refused("lead.product", extended) == "invalid"
    assert play.refused("lead.product", acts.ResolveEscalation(raised.id, "extend", "Wait."))
    extended = acts.ResolveEscalation(raised.id, "extend", "Wait.", answer_by=at(30))
    assert kinds(play.do("lead.product", extended)) == ["EscalationResolved", "AnswerExtended"]
    assert not play.step().is_overdue
    assert play.wait_until(29.9) == ()
    assert kinds(play.wait_until(35))[:2] == ["AnswerOverdue", "EscalationRaised"]
    assert reached(play) == [(1, "lead"), (1, "lead"), (2, "head")]


def test_a_dismissed_ladder_climbs_no_further() -> None:
    play = Play(single_step())
    play.wait_until(12)
    [raised] = play.open_escalations()
    play.do("lead.product", acts.ResolveEscalation(raised.id, "dismiss", "Known."))
    assert play.wait_until(99) == ()
    assert play.step().is_overdue


def test_an_acknowledged_escalation_climbs_on_and_is_open_again() -> None:
    play = Play(single_step())
    play.wait_until(12)
    [raised] = play.open_escalations()
    play.do("lead.product", acts.AcknowledgeEscalation(raised.id))
    assert play.open_escalations()[0].state == "acknowledged"
    again = acts.AcknowledgeEscalation(raised.id)
    assert play.refused("head.product", again) == "already_answered"
    play.wait_until(15)
    [moved] = play.open_escalations()
    assert (moved.state, moved.acknowledged_at, moved.acknowledged_by) == ("open", None, None)


def test_an_escalation_is_settled_by_putting_somebody_in_charge() -> None:
    play = Play(single_step())
    play.wait_until(12)
    [raised] = play.open_escalations()
    to_planner = acts.ResolveEscalation(raised.id, "reassign", "You.", to="planner.personal")
    assert play.refused(EXECUTIVE, to_planner) == "four_eyes"
    assert play.refused(EXECUTIVE, acts.ResolveEscalation(raised.id, "reassign", "?")) == "invalid"
    to_channel = acts.ResolveEscalation(raised.id, "reassign", "You.", to="lead.channel")
    assert kinds(play.do(EXECUTIVE, to_channel)) == ["EscalationResolved", "PerformerReassigned"]
    assert play.refused("lead.product", acts.Sign("product", play.step().digest)) == "not_yours"
    play.wait_until(21)
    assert play.step().signatures == ()
    play.sign(person="lead.channel")
    assert play.step().signatures[0].role == "delegate"


def signers_asked(play: Play) -> tuple[tuple[str, ...], str | None]:
    """The posts and the person that one waits for a signature of."""
    [waiting] = [w for w in waiting_on(play.standing()) if w.wanted == "sign"]
    return waiting.posts, waiting.person


MODULE = ("lead:product", "deputy:product", "head:product")


def test_who_is_put_in_charge_of_two_signatures_signs_beside_the_module() -> None:
    play = Play(two_signers())
    play.wait_until(12)
    [raised] = play.open_escalations()
    play.do(SPONSOR, acts.ResolveEscalation(raised.id, "reassign", "You.", to="lead.channel"))
    assert signers_asked(play) == (MODULE, "lead.channel")
    play.sign(person="lead.channel")
    assert play.step().state == "requested"
    again = acts.Sign("product", play.step().digest)
    assert play.refused("lead.channel", again) == "four_eyes"
    assert play.refused("lead.service", again) == "not_yours"
    play.sign(person="deputy.product")
    assert play.step().state == "signed"
    assert [s.role for s in play.step().signatures] == ["delegate", "deputy"]


@pytest.mark.parametrize(
    ("to", "posts", "person"),
    [
        ("head", ("head:product", "lead:product", "deputy:product"), None),
        ("executive", ("executive", *MODULE), None),
        ("sponsor", MODULE, SPONSOR),
    ],
)
def test_a_rung_that_reassigns_two_signatures_leaves_them_to_the_module_too(
    to: str, posts: tuple[str, ...], person: str | None
) -> None:
    play = Play(two_signers(ladder=(rung(0, to, "reassign"),)))
    play.wait_until(10)
    assert signers_asked(play) == (posts, person)
    play.sign(person=to if to != "head" else "head.product")
    play.sign(person="lead.product")
    assert play.step().state == "signed"
