"""Another plan for a launch under way: whom it touches, and what stands."""

from datetime import timedelta

import pytest

from domain import acts, events
from domain.changing import replace
from domain.plan import Contact, Offer, Plan, Resource, Window
from domain.plan_change import PlanChange, postponed_by
from domain.terms import TermsChange
from domain.view import launch_document
from tests.plans import PLANNER, SPONSOR, at, chain_of_five, plan, single_step, step, within
from tests.unit.play import Play, kinds, seconds

OFFERS = PlanChange(("offers",), offers=(Offer("other", "data", "9.00", "1.00", "CNY"),))
THEME = PlanChange(("theme",), theme="金秋回馈")
LATER = PlanChange(("window",), window=Window(at(150), at(250)))
LONGER = PlanChange(("window",), window=Window(at(100), at(300)))


def resting_on(planned: Plan, **material: tuple[str, ...]) -> Plan:
    """The same chain, whose steps rest on these fields and on nothing else."""
    steps = (replace(s, material=material.get(s.key, ())) for s in planned.steps)
    return replace(planned, steps=tuple(steps))


def amend(play: Play, change: PlanChange) -> list[str]:
    """The planner changes the plan; what happens, by name."""
    return kinds(play.do(PLANNER, acts.AmendPlan(change, "It has to be.")))


def signed(planned: Plan | None = None) -> Play:
    play = Play(planned or chain_of_five())
    play.sign_all()
    return play


def test_only_what_rests_on_a_changed_field_is_asked_for_anew() -> None:
    play = signed(resting_on(chain_of_five(), communications=("theme", "contact")))
    before = play.step("communications")
    assert amend(play, THEME)[:2] == ["PlanAmended", "CommitmentSuperseded"]
    touched = play.step("communications")
    assert (touched.state, touched.version, touched.signatures) == ("requested", 2, ())
    assert touched.terms == before.terms
    assert touched.digest != before.digest
    [void] = touched.versions
    assert [s.person for s in void.signatures] == ["lead.communications"]
    assert [play.step(key).state for key in ("product", "marketing")] == ["signed", "signed"]
    after = [play.step(key) for key in ("channel", "service")]
    assert [(c.state, c.version, c.upstream_open) for c in after] == [
        ("signed", 1, True),
        ("signed", 1, False),
    ]


def test_touched_steps_wait_for_touched_steps_before_them() -> None:
    play = signed()
    amend(play, OFFERS)
    assert [c.state for c in play.standing().steps] == ["requested", *["pending"] * 4]
    play.sign("product")
    assert play.step("marketing").state == "requested"
    assert play.step("marketing").version == 2
    assert play.standing().plan.offers == OFFERS.offers


def test_what_was_signed_for_the_plan_before_counts_no_more() -> None:
    play = Play(single_step())
    read = play.step().digest
    amend(play, OFFERS)
    assert play.refused("lead.product", acts.Sign("product", read)) == "terms_changed"
    play.sign()
    assert play.step().signatures[0].version == 2


def test_a_delivery_is_owed_anew() -> None:
    play = signed(single_step())
    play.deliver()
    amend(play, OFFERS)
    stands = play.step()
    assert (stands.state, stands.ran_seq, play.due("answer")) == ("requested", None, 10)
    assert [d.accepted for d in stands.deliveries] == [True], "what was delivered is kept"
    play.sign()
    assert play.due("delivery") == 60


def test_what_a_counter_offer_was_made_to_is_asked_for_anew() -> None:
    play = Play(single_step())
    play.do("lead.product", acts.Counter("product", TermsChange("Half"), "Too much."))
    amend(play, OFFERS)
    stands = play.step()
    assert (stands.state, stands.version, play.due("counter")) == ("requested", 3, None)
    assert stands.terms.deliverable == "What product delivers"
    assert [v.version for v in stands.versions] == [2, 1]


def test_quantities_and_dues_follow_the_plan_where_nobody_agreed_otherwise() -> None:
    planned = resting_on(
        plan(
            step("product", lead_time=within(40)),
            step("service", ["product"]),
            resources=(Resource("gift", 500, "service"),),
        ),
        product=("window",),
        service=("resources",),
    )
    play = Play(planned)
    amend(play, PlanChange(("resources",), resources=(Resource("gift", 300, "service"),)))
    assert [q.quantity for q in play.step("service").terms.quantities] == [300]
    assert play.step("product").version == 1, "its own terms did not change"
    amend(play, PlanChange(("window",), window=Window(at(120), at(300))))
    assert seconds(play.step("product").terms.deliver_by) == 80
    assert seconds(play.step("service").terms.deliver_by) == 60, "an instant stays one"


def test_terms_that_were_agreed_otherwise_stay() -> None:
    play = Play(single_step(lead_time=within(40)))
    fewer = TermsChange("Half", deliver_by=at(70))
    play.do(PLANNER, acts.Amend("product", fewer, "Less will do."))
    amend(play, OFFERS)
    assert (play.step().terms.deliverable, seconds(play.step().due)) == ("Half", 70)


def test_a_step_that_was_not_asked_yet_is_asked_as_the_plan_now_is() -> None:
    play = Play(chain_of_five())
    assert amend(play, OFFERS)[:3] == ["PlanAmended", "CommitmentSuperseded", "CommitmentRequested"]
    assert [c.version for c in play.standing().steps] == [2, 1, 1, 1, 1]


def test_an_ended_attempt_stays_ended_and_the_next_asks_for_the_plan_as_it_is() -> None:
    planned = plan(step("product"), resources=(Resource("gift", 500, "product"),))
    play = Play(resting_on(planned, product=("resources",)))
    play.do("lead.product", acts.Decline("product", "No stock."))
    amend(play, PlanChange(("resources",), resources=()))
    assert (play.step().state, play.due("repair")) == ("declined", 30)
    play.do(PLANNER, acts.Request("product", "Without gifts."))
    assert play.step().terms.quantities == ()
    [ended] = play.step().attempts
    assert ended.versions[0].terms.quantities, "what was declined is kept"


def test_what_two_people_excused_stays_excused() -> None:
    play = Play(single_step())
    play.do(SPONSOR, acts.Waive("product", "Not needed."))
    play.do("executive", acts.Waive("product", "Agreed."))
    amend(play, OFFERS)
    assert play.step().state == "waived"


def test_an_opened_waiver_is_void() -> None:
    play = Play(single_step())
    play.do(SPONSOR, acts.Waive("product", "Not needed."))
    amend(play, OFFERS)
    assert play.step().waiver is None


def test_a_deemed_step_keeps_its_label_in_the_version_that_was_deemed() -> None:
    play = Play(single_step(silence="deemed"))
    play.wait_until(10)
    amend(play, OFFERS)
    assert not play.step().deemed
    assert [version.deemed for version in play.step().versions] == [True]


# -- postponement --------------------------------------------------------------------------------


def test_in_a_postponement_every_promise_stands_and_dues_move() -> None:
    play = signed()
    happened = amend(play, LATER)
    assert happened == ["PlanAmended"]
    for commitment in play.standing().steps:
        assert (commitment.state, commitment.version) == ("signed", 1)
        assert (seconds(commitment.terms.deliver_by), seconds(commitment.due)) == (60, 110)
        assert play.due("delivery", commitment.key) == 110
    assert seconds(play.standing().gate.opens_at) == 150


def test_a_postponement_moves_no_answer_clock() -> None:
    play = Play(single_step())
    amend(play, LATER)
    assert (play.due("answer"), seconds(play.step().due)) == (10, 110)
    play.sign()
    assert play.due("delivery") == 110


def test_a_late_delivery_has_time_again() -> None:
    play = signed(single_step())
    play.wait_until(70)
    assert play.step().is_overdue
    assert play.open_escalations()
    amend(play, LATER)
    assert not play.step().is_overdue
    assert not play.open_escalations()
    assert kinds(play.wait_until(112)) == ["ClockOverdue", "EscalationRaised"]


def test_a_held_gate_is_closed_again_until_the_later_start() -> None:
    play = signed(single_step())
    play.wait_until(105)
    assert play.standing().gate.held_since is not None
    amend(play, PlanChange(("window",), window=Window(at(160), at(260))))
    gate = play.standing().gate
    assert (gate.held_since, gate.fails_at, seconds(gate.opens_at)) == (None, None, 160)
    assert not [e for e in play.open_escalations() if e.cause == "gate"]
    play.deliver()
    play.wait_until(160)
    assert play.standing().phase == "live"


def test_what_a_stop_granted_is_kept() -> None:
    play = signed(single_step())
    play.do(PLANNER, acts.StopLaunch("Wait."))
    play.wait(20)
    play.do(SPONSOR, acts.ResumeLaunch("Go on."))
    amend(play, LATER)
    assert seconds(play.step().due) == 130
    assert seconds(play.standing().gate.opens_at) == 170


@pytest.mark.parametrize(
    "window", [(90, 190), (150, 260), (100, 300)], ids=["earlier", "unequal", "longer"]
)
def test_any_other_window_is_material(window: tuple[int, int]) -> None:
    play = signed(single_step())
    amend(play, PlanChange(("window",), window=Window(at(window[0]), at(window[1]))))
    assert play.step().state == "requested"


def test_a_title_may_change_beside_it() -> None:
    before = single_step()
    after = replace(before, title="Later", window=Window(at(150), at(250)))
    assert postponed_by(before, after) == timedelta(seconds=50)
    assert postponed_by(before, replace(after, theme="x")) is None


# -- refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (PlanChange(("window",), window=Window(at(-5), at(95))), "invalid"),
        (PlanChange(("window",), window=Window(at(150), at(140))), "invalid"),
        (PlanChange(("window",), window=Window(at(100), at(0))), "invalid"),
        (PlanChange(("window",), window=Window(at(100), at(200))), "invalid"),
        (PlanChange(("title",), title="充100送50"), "invalid"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(change: PlanChange, code: str) -> None:
    play = Play(single_step())
    play.wait(1)
    assert play.refused(PLANNER, acts.AmendPlan(change, "Try.")) == code


def test_the_start_of_a_live_campaign_stands_and_its_end_may_move() -> None:
    play = signed(resting_on(single_step()))
    play.deliver()
    play.wait_until(100)
    assert play.refused(PLANNER, acts.AmendPlan(LATER, "Later.")) == "wrong_state"
    amend(play, LONGER)
    play.wait_until(250)
    assert play.standing().phase == "live"


def test_others_than_the_planner_change_no_plan() -> None:
    play = Play(single_step())
    for person in ("lead.product", SPONSOR, "executive", "planner.enterprise"):
        assert play.refused(person, acts.AmendPlan(OFFERS, "Mine.")) == "not_yours"


def test_a_stopped_or_ended_launch_changes_no_plan() -> None:
    play = Play(single_step())
    play.do(PLANNER, acts.StopLaunch("Wait."))
    assert play.refused(PLANNER, acts.AmendPlan(OFFERS, "Now.")) == "launch_stopped"
    play.do(PLANNER, acts.CancelLaunch("No."))
    assert play.refused(PLANNER, acts.AmendPlan(OFFERS, "Now.")) == "launch_closed"


# -- by a counter-offer, by an escalation --------------------------------------------------------


def test_an_accepted_counter_offer_changes_the_plan() -> None:
    play = signed(resting_on(chain_of_five(), product=("offers",), marketing=("offers",)))
    play.do(PLANNER, acts.CancelCommitment("channel", "Again."))
    play.do(PLANNER, acts.Request("channel", "Once more."))
    play.do("lead.channel", acts.Counter("channel", None, "Too dear.", OFFERS))
    offered = play.step("channel")
    assert (offered.state, offered.version) == ("countered", 2)
    assert offered.proposal is not None
    assert offered.proposal.plan == OFFERS
    assert play.standing().plan.offers != OFFERS.offers, "not before it is accepted"
    play.do(PLANNER, acts.AcceptCounter("channel", offered.digest))
    assert play.standing().plan.offers == OFFERS.offers
    states = {c.key: (c.state, c.upstream_open) for c in play.standing().steps}
    assert states == {
        "product": ("requested", False),
        "marketing": ("pending", False),
        "communications": ("signed", True),
        "channel": ("signed", False),
        "service": ("signed", False),
    }


def test_a_later_window_offered_is_a_due_by_the_later_start() -> None:
    play = signed(chain_of_five(lead_time=within(40)))
    play.do(PLANNER, acts.CancelCommitment("service", "Again."))
    play.do(PLANNER, acts.Request("service", "Once more."))
    play.do("lead.service", acts.Counter("service", None, "Not by then.", LATER))
    assert seconds(play.step("service").terms.deliver_by) == 110
    play.do(PLANNER, acts.AcceptCounter("service", play.step("service").digest))
    assert [c.state for c in play.standing().steps] == ["signed"] * 5
    assert {seconds(c.due) for c in play.standing().steps} == {110}


def test_terms_and_plan_may_be_offered_together() -> None:
    play = Play(single_step())
    terms = TermsChange("Half", deliver_by=at(240))
    play.do("lead.product", acts.Counter("product", terms, "Later, and half.", LATER))
    play.do(PLANNER, acts.AcceptCounter("product", play.step().digest))
    stands = play.step()
    assert (stands.state, stands.terms.deliverable, seconds(stands.due)) == ("signed", "Half", 240)
    assert play.standing().plan.window == LATER.window


def test_an_offer_without_anything_is_none() -> None:
    play = Play(single_step())
    assert play.refused("lead.product", acts.Counter("product", None, "So.")) == "invalid"
    same = PlanChange(("theme",), theme=None)
    assert play.refused("lead.product", acts.Counter("product", None, "So.", same)) == "invalid"


def test_an_offer_for_a_window_that_is_past_is_accepted_no_more() -> None:
    play = Play(single_step())
    soon = PlanChange(("window",), window=Window(at(5), at(105)))
    play.do("lead.product", acts.Counter("product", None, "At once.", soon))
    play.wait(7)
    act = acts.AcceptCounter("product", play.step().digest)
    assert play.refused(PLANNER, act) == "wrong_state"


def test_an_escalation_is_settled_by_postponing() -> None:
    play = signed(single_step())
    play.wait_until(105)
    [gate] = [e for e in play.open_escalations() if e.cause == "gate"]
    settle = acts.ResolveEscalation(gate.id, "postpone", "Two more days.", window=LATER.window)
    happened = kinds(play.do(SPONSOR, settle))
    assert happened[:2] == ["EscalationResolved", "PlanAmended"]
    assert play.standing().gate.held_since is None
    assert play.standing().escalation(gate.id).resolution == "postpone"
    [amendment] = play.standing().amendments
    assert (amendment.by, amendment.role) == (SPONSOR, "sponsor")


def test_postponing_moves_both_ends_later_and_takes_somebody_of_the_whole() -> None:
    play = Play(single_step())
    play.wait_until(16)
    [raised] = play.open_escalations()
    longer = acts.ResolveEscalation(raised.id, "postpone", "x", window=LONGER.window)
    assert play.refused(SPONSOR, longer) == "invalid"
    assert play.refused(SPONSOR, replace(longer, window=None)) == "invalid"
    later = replace(longer, window=LATER.window)
    assert play.refused("head.product", later) == "not_yours"
    play.do(SPONSOR, later)


# -- shown ---------------------------------------------------------------------------------------


def test_every_change_of_the_plan_is_shown_field_by_field() -> None:
    play = Play(single_step())
    contact = Contact("sms", 2)
    amend(play, PlanChange(("theme", "contact"), theme="x", contact=contact))
    document = launch_document(play.standing())
    [amendment] = document["amendments"]
    assert (amendment["by"], amendment["role"]) == (PLANNER, "planner")
    assert amendment["changes"] == [
        {
            "field": "contact",
            "before": None,
            "after": {"channel": "sms", "messages_per_customer": 2},
        },
        {"field": "theme", "before": None, "after": "x"},
    ]
    assert document["plan"]["theme"] == "x"


def test_an_offered_plan_is_shown_as_it_would_be_handed_in() -> None:
    play = Play(single_step())
    play.do("lead.product", acts.Counter("product", None, "Later.", LATER))
    [shown] = launch_document(play.standing())["steps"]
    assert shown["counter"]["plan"] == {
        "window": {"start": "2026-11-02T01:02:30Z", "end": "2026-11-02T01:04:10Z"}
    }


def test_a_later_start_clears_a_finding() -> None:
    late = plan(step("marketing", deliver_by=5, lead_time=within(95)), window=(100, 200))
    play = Play(late)
    [finding] = play.standing().findings
    assert finding.is_blocking
    assert "FindingCleared" in amend(play, LATER)
    assert isinstance(play.happened(events.FindingCleared)[0], events.FindingCleared)
