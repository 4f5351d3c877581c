"""Whom an entry tells what."""

from typing import get_args

from domain import acts
from domain.evolve import evolve
from domain.launch import Launch
from domain.notices import NoticeKind, notices_of
from domain.plan import Offer, Window
from domain.plan_change import PlanChange
from domain.terms import Condition, TermsChange
from tests.plans import PLANNER, SPONSOR, at, chain_of_five, single_step, two_signers, within
from tests.unit.play import Play

HALF = TermsChange("Half")
OFFERS = PlanChange(("offers",), offers=(Offer("other", "data", "9.00", "1.00", "CNY"),))
LATER = PlanChange(("window",), window=Window(at(150), at(250)))

Told = tuple[str, tuple[str, ...], str | None]


def told(play: Play, since: int = 0) -> list[Told]:
    """Kind, people and words of every notice of the entries after a seq."""
    launch: Launch | None = None
    found: list[Told] = []
    for entry in play.entries:
        after = evolve(launch, entry)
        if launch is not None and entry.seq > since:
            found += ((n.kind, n.people, n.text) for n in notices_of(launch, entry, after))
        launch = after
    return found


def told_by(play: Play, person: str, act: acts.PersonAct) -> list[Told]:
    """The notices of one act."""
    since = play.standing().seq
    play.do(person, act)
    return told(play, since)


def test_who_is_waited_on_is_told_that_the_due_is_near() -> None:
    play = Play(two_signers(remind_before=within(4)))
    play.sign()
    play.wait_until(7)
    assert told(play) == [("reminder", ("deputy.product", "head.product"), None)]


def test_the_planner_reminds_others_only() -> None:
    play = Play(single_step())
    play.do("lead.product", acts.Ask("product", "How many?"))
    everybody = ("lead.product", "deputy.product", "head.product")
    assert told_by(play, PLANNER, acts.Remind("product")) == [("reminder", everybody, None)]


def test_who_stands_in_for_the_planner_is_reminded_too() -> None:
    play = Play(single_step(remind_before=within(4)))
    play.do(PLANNER, acts.DelegatePlanning("facilitator", at(60), "On leave."))
    play.do("lead.product", acts.Ask("product", "How many?"))
    play.wait_until(6)
    assert ("reminder", (PLANNER, "facilitator"), None) in told(play)


def test_signers_hear_that_their_signature_is_void() -> None:
    play = Play(chain_of_five())
    play.sign("product")
    play.sign("marketing", "head.marketing")
    assert told_by(play, PLANNER, acts.AmendPlan(OFFERS, "It is cheaper.")) == [
        ("voided", ("lead.product",), "It is cheaper."),
        ("voided", ("head.marketing",), "It is cheaper."),
    ]


def test_signers_hear_of_a_postponement() -> None:
    play = Play(single_step())
    play.sign()
    assert told_by(play, PLANNER, acts.AmendPlan(LATER, "A week.")) == [
        ("postponed", ("lead.product",), "A week.")
    ]


def test_the_first_of_two_hears_that_the_terms_changed() -> None:
    play = Play(two_signers())
    play.sign()
    assert told_by(play, PLANNER, acts.Amend("product", HALF, "Less.")) == [
        ("voided", ("lead.product",), "Less.")
    ]


def test_who_made_an_offer_hears_the_answer() -> None:
    for answer, kind, text in (
        (None, "counter_accepted", None),
        (acts.Amend("product", TermsChange("A third"), "Less."), "counter_answered", "Less."),
        (acts.Withdraw("product", "Not needed."), "withdrawn", "Not needed."),
    ):
        play = Play(single_step())
        play.do("deputy.product", acts.Counter("product", HALF, "Too much."))
        act = answer or acts.AcceptCounter("product", play.step().digest)
        assert told_by(play, PLANNER, act) == [(kind, ("deputy.product",), text)]


def test_what_becomes_of_a_promise_is_told_to_who_gave_it() -> None:
    play = Play(single_step())
    play.sign()
    play.do("head.product", acts.RequestRelease("product", "We cannot."))
    refused = told_by(play, PLANNER, acts.RefuseRelease("product", "You promised."))
    assert refused == [("release_refused", ("head.product",), "You promised.")]
    play.do("lead.product", acts.Report("product", "There."))
    rejected = told_by(play, PLANNER, acts.Reject("product", "Not all."))
    assert rejected == [("rejected", ("lead.product",), "Not all.")]
    play.do("head.product", acts.RequestRelease("product", "Really."))
    released = told_by(play, PLANNER, acts.AllowRelease("product"))
    assert ("released", ("head.product",), None) in released
    play.do(PLANNER, acts.Request("product", "Again."))
    play.sign()
    cancelled = told_by(play, PLANNER, acts.CancelCommitment("product", "Not needed."))
    assert cancelled == [("cancelled", ("lead.product",), "Not needed.")]
    play.do(PLANNER, acts.Request("product", "After all."))
    play.sign()
    play.do("lead.product", acts.Report("product", "There."))
    assert told_by(play, PLANNER, acts.Accept("product")) == [("accepted", ("lead.product",), None)]


def test_who_is_to_stand_in_hears_of_it() -> None:
    play = Play(single_step())
    act = acts.Delegate("product", "somebody.else", at(60), "On leave.")
    assert told_by(play, "lead.product", act) == [("standing_in", ("somebody.else",), "On leave.")]


def test_signers_hear_of_a_stop_and_its_end() -> None:
    play = Play(chain_of_five())
    play.sign("product")
    waiting = Condition(at(50), fact="There is stock.")
    play.do("lead.marketing", acts.Sign("marketing", play.step("marketing").digest, None, waiting))
    everybody = ("lead.product", "lead.marketing")
    stopped = told_by(play, "frontline.city-a", acts.StopLaunch("Nobody is trained."))
    assert stopped[0] == ("stopped", everybody, "Nobody is trained.")
    resumed = told_by(play, SPONSOR, acts.ResumeLaunch("Tomorrow."))
    assert ("resumed", everybody, "Tomorrow.") in resumed


def test_who_raised_an_escalation_hears_what_is_said_and_done() -> None:
    play = Play(single_step())
    play.do("frontline.city-a", acts.Escalate("No posters.", "product"))
    [raised] = play.open_escalations()
    comment = acts.CommentOnEscalation(raised.id, "They are printed.")
    assert told_by(play, "head.product", comment) == [
        ("escalation_comment", ("frontline.city-a",), "They are printed.")
    ]
    settled = told_by(play, SPONSOR, acts.ResolveEscalation(raised.id, "dismiss", "They come."))
    assert settled == [("escalation_settled", ("frontline.city-a",), "They come.")]


def test_an_act_that_concerns_nobody_else_tells_nobody() -> None:
    play = Play(single_step())
    play.do("lead.product", acts.Ask("product", "How many?"))
    play.do(PLANNER, acts.Reply("product", "Five."))
    play.sign()
    play.wait_until(80)
    assert told(play) == []


def test_every_kind_has_its_words() -> None:
    from domain.words.signs import NOTICES  # noqa: PLC0415 - words belong to the command line

    assert set(NOTICES) == set(get_args(NoticeKind))


def test_who_signed_first_of_two_stands_down_with_the_launch() -> None:
    play = Play(two_signers())
    play.sign()
    found = told_by(play, SPONSOR, acts.CancelLaunch("Enough."))
    assert ("stand_down", ("lead.product",), None) in found


def test_who_signed_a_step_that_ran_is_told_once_as_it_is_undone() -> None:
    play = Play(single_step())
    play.sign()
    assert told_by(play, SPONSOR, acts.CancelLaunch("Enough.")) == []


def test_a_signature_on_a_condition_is_void_where_its_step_waits_again() -> None:
    play = Play(chain_of_five())
    play.sign()
    on_fact = acts.Sign(
        "marketing", play.step("marketing").digest, None, Condition(at(50), fact="F")
    )
    play.do("lead.marketing", on_fact)
    found = told_by(play, "lead.product", acts.Revoke("product", "No."))
    assert ("voided", ("lead.marketing",), None) in found


def test_who_signed_what_was_asked_is_told_that_another_offer_is_taken() -> None:
    play = Play(two_signers())
    play.sign()
    play.do("head.product", acts.Counter("product", HALF, "Too much."))
    found = told_by(play, PLANNER, acts.AcceptCounter("product", play.step().digest))
    assert ("counter_accepted", ("head.product",), None) in found
    assert ("voided", ("lead.product",), None) in found
