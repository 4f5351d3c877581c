"""A run played again: exactly as it was, and differently; instants are in seconds from its start.

That any run played again with nothing changed is what was recorded, the state machine shows.
"""

from typing import Any

import pytest

from domain import acts
from domain.canonical import canonical
from domain.errors import Invalid
from domain.recall import Untold
from domain.terms import TermsChange
from domain.whatif.changes import Change, StepChange, WithoutStop
from domain.whatif.document import what_if
from domain.whatif.outcome import RunOutcome, StepOutcome, outcome_of
from domain.whatif.recording import recorded
from domain.whatif.rerun import Rerun, rerun
from runtime.signing import verify
from tests.plans import at, chain_of_five, plan, single_step, step, two_signers, within
from tests.replay.goldens import names, read
from tests.unit.again import envelopes_of, without_signatures
from tests.unit.play import Play, seconds

SIGNED = {"product": 8, "marketing": 3, "communications": 2, "channel": 4, "service": 5}


def chain(pause: float = 0) -> Play:
    """Five signatures, each so many seconds after it was asked for; delivered at 40, live at 100,
    over at 200. `pause` seconds of stop while product is asked, from 2 on.
    """
    play = Play(chain_of_five())
    if pause:
        play.wait(2)
        play.do("lead.channel", acts.StopLaunch("Wait."))
        play.wait(pause)
        play.do("sponsor", acts.ResumeLaunch("Go on."))
        play.wait(-2)
    for module, after in SIGNED.items():
        play.wait(after)
        play.sign(module)
    play.wait_until(40)
    for module in SIGNED:
        play.deliver(module)
    play.wait_until(300)
    return ended(play)


def signed_by_two() -> Play:
    """One step, signed at 3 and at 7, and delivered at once."""
    play = Play(two_signers())
    play.wait(3)
    play.sign()
    play.wait(4)
    play.sign(person="head.product")
    play.deliver()
    return ended(play)


def ended(play: Play) -> Play:
    """The play to its end; what was to be undone is undone at once."""
    while play.standing().phase != "closed":
        for pending in play.standing().compensations:
            play.carry_out(acts.Command(acts.ReportCompensation(pending.step)))
        play.wait(50)
    return play


def again(play: Play, *changes: Change) -> tuple[Rerun, RunOutcome]:
    tape = recorded(play.entries, envelopes_of("L1", play.effective))
    found = rerun(tape, changes)
    return found, outcome_of(found.entries)


def asked(play: Play, *changes: Change) -> dict[str, Any]:
    return what_if(play.entries, envelopes_of("L1", play.effective), changes)


def of(outcome: RunOutcome, key: str) -> StepOutcome:
    return next(found for found in outcome.steps if found.key == key)


def requested(outcome: RunOutcome) -> list[float | None]:
    return [seconds(found.requested_at) for found in outcome.steps]


def test_with_nothing_changed_it_is_what_was_recorded() -> None:
    play = chain(pause=7)
    assert again(play)[0].entries == without_signatures(play.entries)
    answer = asked(play)
    assert answer["faithful"]
    assert answer["recorded"] == answer["recomputed"]
    assert answer["moved"] == answer["undone"] == answer["assumed"] == []


def test_a_due_that_came_before_the_clock_was_set_back_stays_unnoticed() -> None:
    play = Play(single_step())
    play.now = at(10)
    play.do("lead.product", acts.Ask("product", "How many?"))
    play.now = at(9)
    play.do("lead.product", acts.Ask("product", "And when?"))
    play.do("lead.product", acts.Decline("product", "No people."))
    ended(play)
    assert "AnswerOverdue" not in [entry.event.kind for entry in play.entries]
    assert again(play)[0].entries == without_signatures(play.entries)


@pytest.mark.parametrize("name", names())
def test_recorded_launches_are_played_again_as_they_were(name: str) -> None:
    golden = read(name)
    jws = {e.command: e.jws for e in golden.ledger if e.command and e.jws}
    envelopes = {command: verify(text, golden.keys) for command, text in jws.items()}
    found = rerun(recorded(golden.ledger, envelopes))
    assert found.entries[: len(golden.ledger)] == without_signatures(golden.ledger)
    assert not found.undone


def test_an_earlier_answer_moves_what_waited_for_it() -> None:
    play = chain()
    assert requested(outcome_of(play.entries)) == [0, 8, 11, 13, 17]
    found, outcome = again(play, StepChange("product", within=within(2)))
    assert requested(outcome) == [0, 2, 5, 7, 11]
    assert outcome.outcome == "completed"
    assert not found.undone
    assert not found.assumed
    assert seconds(of(outcome, "product").reported_at) == 34, "so long after the promise"


def test_an_answer_after_its_due_is_overdue_and_climbs_the_ladder() -> None:
    play = chain()
    found, outcome = again(play, StepChange("marketing", at=at(30)))
    assert of(outcome, "marketing").overdue == 1
    assert requested(outcome) == [0, 8, 30, 32, 36]
    raised = [e for e in found.entries if e.event.kind.startswith("Escalation")]
    assert [(e.event.kind, seconds(e.at)) for e in raised] == [
        ("EscalationRaised", 18),
        ("EscalationAdvanced", 23),
        ("EscalationAdvanced", 28),
        ("EscalationResolved", 30),
    ]


def test_a_promise_instead_of_a_refusal_saves_the_launch() -> None:
    """Nobody was asked after it in the recording: those are taken to be on time."""
    play = Play(chain_of_five())
    play.wait(3)
    play.sign("product")
    play.wait(2)
    play.do("lead.marketing", acts.Decline("marketing", "No."))
    ended(play)
    assert play.standing().outcome == "failed"
    found, outcome = again(play, StepChange("marketing", act="sign"))
    assert outcome.outcome == "completed"
    assert requested(outcome) == [0, 3, 5, 15, 25]
    assert {assumed.act for assumed in found.assumed} == {"sign", "report", "accept"}
    assert seconds(of(outcome, "communications").answered_at) == 15, "at the last moment"


def test_a_refusal_instead_of_a_promise_ends_it() -> None:
    found, outcome = again(chain(), StepChange("channel", act="decline"))
    assert outcome.outcome == "failed"
    assert seconds(outcome.closed_at) == 47, "nobody asks again within 30 s"
    never = {(undone.step, undone.act) for undone in found.undone if undone.rule == "never_asked"}
    assert {("service", "sign"), ("channel", "report")} <= never


def test_silence_is_answered_by_the_policy() -> None:
    play = Play(plan(step("product", silence="decline", answer_within=10)))
    play.wait(3)
    play.sign()
    play.deliver()
    ended(play)
    _, outcome = again(play, StepChange("product", act="silence"))
    assert of(outcome, "product").state == "lapsed"
    assert of(outcome, "product").requested_at == at(0)
    assert outcome.outcome == "failed"


def test_two_signers_instead_of_one() -> None:
    play = Play(single_step())
    play.wait(3)
    play.sign()
    play.wait(1)
    play.deliver()
    ended(play)
    found, outcome = again(play, StepChange("product", signers=2))
    assert seconds(of(outcome, "product").promised_at) == 10, "the other one at the last moment"
    assert [(a.act, seconds(a.at)) for a in found.assumed] == [("sign", 10)]
    assert seconds(of(outcome, "product").reported_at) == 11


def test_one_signer_instead_of_two() -> None:
    found, outcome = again(signed_by_two(), StepChange("product", signers=1))
    assert seconds(of(outcome, "product").promised_at) == 3
    assert [(undone.act, undone.rule) for undone in found.undone] == [("sign", "already_answered")]


def test_without_the_stop() -> None:
    play = chain(pause=7)
    stopped = outcome_of(play.entries)
    assert requested(stopped)[:2] == [0, 15]
    found, outcome = again(play, WithoutStop())
    assert requested(outcome) == [0, 8, 11, 13, 17]
    assert found.undone == ()


def test_both_of_two_signatures_come_earlier() -> None:
    _, outcome = again(signed_by_two(), StepChange("product", within=within(1)))
    assert seconds(of(outcome, "product").promised_at) == 1


def test_a_counter_offer_moves_with_its_answer() -> None:
    play = Play(single_step())
    play.wait(4)
    play.do("lead.product", acts.Counter("product", TermsChange(deliver_by=at(80)), "Later."))
    play.wait(3)
    play.do("planner.personal", acts.AcceptCounter("product", play.step().digest))
    play.wait(1)
    play.deliver()
    ended(play)
    _, outcome = again(play, StepChange("product", within=within(1)))
    assert seconds(of(outcome, "product").answered_at) == 1
    assert seconds(of(outcome, "product").promised_at) == 4
    assert outcome.outcome == "completed"


@pytest.mark.parametrize(
    ("changes", "path", "says"),
    [
        ([StepChange("marketing", at=at(5))], "changes[0].answer_at", "01:00:08Z only"),
        ([StepChange("sales", act="sign")], "changes[0].step", "no step “sales”"),
        ([StepChange("product")], "changes[0]", "Say what is different"),
        ([StepChange("product", at=at(3), within=within(3))], "changes[0].answer_at", "not both"),
        ([StepChange("product", at=at(3), act="silence")], "changes[0].act", "no time"),
        ([StepChange("product", act="sign")] * 2, "changes[1]", "put both into one"),
        ([StepChange("product", signers=4)], "changes[0].signers", "has 3 to sign"),
        ([WithoutStop()], "changes[0].stop", "Nobody stopped"),
        (
            [StepChange("product", act="decline"), StepChange("service", act="sign")],
            "changes[1].step",
            "never asked",
        ),
    ],
)
def test_a_change_that_contradicts_the_run(changes: list[Change], path: str, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked(chain(), *changes)
    assert refused.value.field == path
    assert says in refused.value.detail


def test_the_answer_names_nobody() -> None:
    answer = asked(chain(), StepChange("marketing", at=at(30)))
    text = canonical({**answer, "moved": None, "faithful": None}).decode()
    assert not [person for person in ("lead.", "planner.", "sponsor") if person in text]
    assert {moved["step"] for moved in answer["moved"]} >= {"marketing", "channel"}
    assert all(moved["seconds"] is None or moved["seconds"] for moved in answer["moved"])


def test_a_ledger_that_does_not_tell_what_was_said_is_no_recording() -> None:
    play = chain()
    envelopes = dict(envelopes_of("L1", play.effective))
    signed = next(c.id for c in play.effective if c.act.kind == "sign")
    envelopes[signed or ""] = {**envelopes[signed or ""], "act": "amend"}
    with pytest.raises(Untold, match="does not tell what “amend” said"):
        recorded(play.entries, envelopes)
