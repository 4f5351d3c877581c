"""The performer's side before the promise: acknowledge, ask, sign, decline, be asked again."""

from domain import acts
from domain.terms import TermsChange
from tests.plans import PLANNER, at, chain_of_five, diamond, plan, single_step, step, two_signers
from tests.unit.play import Play, kinds, seconds


def test_the_next_step_is_requested_in_the_decision_that_signs_the_one_before() -> None:
    play = Play(chain_of_five())
    assert [c.state for c in play.standing().steps] == ["requested", *["pending"] * 4]
    assert kinds(play.sign("product")) == ["CommitmentSigned", "StepRan", "CommitmentRequested"]
    assert play.step("product").ran_seq is not None
    assert play.step("marketing").state == "requested"
    assert play.step("communications").state == "pending"


def test_a_step_waits_for_all_before_it() -> None:
    play = Play(diamond())
    play.sign("product")
    assert play.step("marketing").state == play.step("channel").state == "requested"
    play.sign("marketing")
    assert play.step("service").state == "pending"
    play.sign("channel")
    assert play.step("service").state == "requested"
    assert play.standing().phase == "committing"
    play.sign("service")
    assert play.standing().phase == "preparing"


def test_a_signature_says_who_promised_what_and_proves_it() -> None:
    play = Play(single_step())
    digest = play.step().digest
    play.do("deputy.product", acts.Sign("product", digest, "Gladly."))
    [signature] = play.step().signatures
    assert (signature.person, signature.role, signature.version) == ("deputy.product", "deputy", 1)
    assert (signature.digest, signature.note, signature.jws) == (digest, "Gladly.", "jws of c1")


def test_other_terms_than_the_current_ones_cannot_be_signed() -> None:
    play = Play(chain_of_five())
    assert play.refused("lead.product", acts.Sign("product", "sha256:0")) == "terms_changed"
    other = play.step("marketing").digest
    assert play.refused("lead.product", acts.Sign("product", other)) == "terms_changed"


def test_two_signers_are_two_people() -> None:
    play = Play(two_signers())
    assert kinds(play.sign()) == ["SignatureGiven"]
    assert play.step().state == "requested"
    assert play.step().answer is not None
    again = acts.Sign("product", play.step().digest)
    assert play.refused("lead.product", again) == "four_eyes"
    assert "CommitmentSigned" in kinds(play.sign(person="head.product"))
    assert [s.person for s in play.step().signatures] == ["lead.product", "head.product"]
    assert play.refused("head.product", again) == "four_eyes"
    assert play.refused("deputy.product", again) == "already_answered"


def test_a_decline_between_two_signatures_ends_the_attempt_and_keeps_the_first() -> None:
    play = Play(two_signers())
    play.sign()
    play.do("head.product", acts.Decline("product", "Not in December."))
    assert play.step().state == "declined"
    play.do(PLANNER, acts.Request("product", "In January?"))
    assert play.step().signatures == ()
    assert [s.person for s in play.step().attempts[0].signatures] == ["lead.product"]
    assert kinds(play.sign()) == ["SignatureGiven"], "the old signature does not count"


def test_silence_after_the_first_of_two_signatures_is_overdue() -> None:
    play = Play(two_signers(silence="deemed"))
    play.sign()
    assert kinds(play.wait_until(10))[0] == "AnswerOverdue"
    assert play.step().state == "requested"


def test_the_performer_moves_the_answer_by_once_and_not_too_far() -> None:
    play = Play(single_step())
    too_far, past = acts.Acknowledge("product", at(21)), acts.Acknowledge("product", at(0))
    assert play.refused("lead.product", too_far) == "invalid"
    assert play.refused("lead.product", past) == "invalid"
    play.do("lead.product", acts.Acknowledge("product"))
    play.do("lead.product", acts.Acknowledge("product", at(20)))
    assert play.due("answer") == 20
    again = acts.Acknowledge("product", at(12))
    assert play.refused("lead.product", again) == "already_answered"
    assert not play.wait_until(19)
    assert kinds(play.wait_until(20))[0] == "AnswerOverdue"


def test_a_moved_answer_by_ends_the_escalation_of_the_old_one() -> None:
    play = Play(single_step())
    play.wait_until(12)
    assert len(play.open_escalations()) == 1
    play.do("lead.product", acts.Acknowledge("product", at(18)))
    assert play.open_escalations() == ()
    assert not play.step().is_overdue
    assert not play.wait_until(17)


def test_a_question_runs_the_planners_clock_beside_the_performers() -> None:
    play = Play(single_step())
    play.wait_until(4)
    play.do("lead.product", acts.Ask("product", "For how many outlets?"))
    assert {c.kind: seconds(c.due) for c in play.step().clocks} == {"answer": 10, "reply": 14}
    play.wait_until(6)
    play.do("lead.product", acts.Ask("product", "And from which day?"))
    assert play.due("reply") == 14, "the planner is waited on since the first question"
    play.do(PLANNER, acts.Reply("product", "Forty, from the first."))
    assert [c.kind for c in play.step().clocks] == ["answer"]


def test_a_planner_who_does_not_reply_is_escalated_to_the_sponsor() -> None:
    play = Play(single_step(answer_within=30))
    play.do("lead.product", acts.Ask("product", "For how many outlets?"))
    assert kinds(play.wait_until(30)).count("ClockOverdue") == 1
    [escalation] = (e for e in play.open_escalations() if e.clock == "reply")
    assert (escalation.cause, escalation.to.role) == ("overdue_answer", "sponsor")
    play.do(PLANNER, acts.Reply("product", "Forty."))
    assert escalation.id not in [e.id for e in play.open_escalations()]


def test_a_declined_step_is_asked_again_with_other_terms() -> None:
    play = Play(plan(step("product"), step("marketing", ["product"])))
    first = play.step().digest
    play.do("lead.product", acts.Decline("product", "Too early."))
    assert play.step("marketing").state == "pending"
    asked = acts.Request("product", "Later, then.", TermsChange(deliver_by=at(90)))
    assert kinds(play.do(PLANNER, asked)) == ["AttemptRenewed", "CommitmentRequested"]
    again = play.step()
    assert (again.state, again.attempt, again.version) == ("requested", 2, 1)
    assert again.digest != first
    assert seconds(again.due) == 90
    [ended] = again.attempts
    assert (ended.state, ended.digest, ended.reason) == ("declined", first, "Too early.")
    assert play.refused("lead.product", acts.Sign("product", first)) == "terms_changed"


def test_the_same_terms_asked_again_are_not_the_same_promise() -> None:
    play = Play(single_step())
    first = play.step()
    play.do("lead.product", acts.Decline("product", "No."))
    play.do(PLANNER, acts.Request("product", "Please."))
    assert play.step().terms == first.terms
    assert play.step().digest != first.digest


def test_new_terms_are_due_in_the_campaigns_time() -> None:
    play = Play(single_step())
    play.do("lead.product", acts.Decline("product", "No."))
    for moment in (0, 201):
        changed = acts.Request("product", "Please.", TermsChange(deliver_by=at(moment)))
        assert play.refused(PLANNER, changed) == "invalid"


def test_an_answer_is_possible_after_its_time_until_silence_was_noticed() -> None:
    play = Play(single_step(silence="decline"))
    play.now = at(15)
    play.sign()
    assert play.step().state == "signed"
    assert play.wait_until(15) == ()


def test_who_answers_late_stops_the_ladder() -> None:
    play = Play(single_step())
    play.wait_until(16)
    assert play.step().is_overdue
    assert play.open_escalations()[0].level == 2
    assert kinds(play.sign()) == [
        "CommitmentSigned",
        "EscalationResolved",
        "StepRan",
        "ChainCompleted",
    ]
    assert play.open_escalations() == ()
    assert play.standing().escalations[0].resolution == "answered"
    assert not play.step().is_overdue
    assert play.wait_until(59) == ()
