"""In which order refusals are judged, and that there are no others."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import acts, errors
from domain.decide import decide
from domain.errors import REFUSALS, CountersignError, Refusal
from domain.terms import TermsChange
from tests.plans import (
    EXECUTIVE,
    PEOPLE,
    PLANNER,
    SPONSOR,
    at,
    plan,
    single_step,
    step,
    two_signers,
)
from tests.unit.play import Play

OLD = acts.Sign("marketing", "sha256:0")
UNKNOWN = (
    acts.Sign("nowhere", "sha256:0"),
    acts.WaiveFinding("nothing", "?"),
    acts.AcknowledgeEscalation("nothing"),
    acts.ResolveEscalation("nothing", "dismiss", "?"),
    acts.Escalate("?", "nowhere"),
)


def blocked() -> Play:
    """One step whose signature a finding blocks."""
    return Play(plan(step("marketing", deliver_by=5)))


def stopped(play: Play) -> Play:
    play.do(SPONSOR, acts.StopLaunch("Wait."))
    return play


def closed(play: Play) -> Play:
    play.do(SPONSOR, acts.CancelLaunch("Enough."))
    return play


@pytest.mark.parametrize("act", UNKNOWN, ids=lambda act: act.kind)
def test_what_is_missing_comes_before_whose_it_is_and_when(act: acts.PersonAct) -> None:
    for play in (single_step(), two_signers()):
        missing = closed(Play(play)).refused("admin", act)
        assert missing.startswith("no_such_")


@pytest.mark.parametrize(
    ("person", "act"),
    [
        ("lead.channel", OLD),
        (EXECUTIVE, acts.Waive("marketing", "I open it.")),
        ("head.channel", acts.WaiveFinding("lead_time:marketing", "?")),
        (EXECUTIVE, acts.WaiveFinding("lead_time:marketing", "I open it.")),
        (EXECUTIVE, acts.ResolveEscalation("L1.1", "waive", "I open it.")),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_whose_it_is_comes_before_the_moment(person: str, act: acts.PersonAct) -> None:
    for ended in (stopped, closed):
        play = blocked()
        play.do("lead.marketing", acts.Escalate("No time.", "marketing"))
        assert ended(play).refused(person, act) == "not_yours"


def test_a_second_person_comes_before_the_moment() -> None:
    play = Play(two_signers())
    play.sign()
    signed = acts.Sign("product", "sha256:0")
    assert stopped(play).refused("lead.product", signed) == "four_eyes"
    assert closed(play).refused("lead.product", signed) == "four_eyes"
    play = blocked()
    play.do(SPONSOR, acts.WaiveFinding("lead_time:marketing", "Known."))
    play.do(SPONSOR, acts.Waive("marketing", "Known."))
    play.do(SPONSOR, acts.Escalate("Look.", "marketing"))
    ended = closed(play)
    for act in (
        acts.WaiveFinding("lead_time:marketing", "Known."),
        acts.Waive("marketing", "Known."),
        acts.ResolveEscalation("L1.1", "waive", "Known."),
        acts.ResolveEscalation("L1.1", "reassign", "You.", to=PLANNER),
    ):
        assert ended.refused(SPONSOR, act) == "four_eyes"


def test_who_signs_twice_is_told_of_four_eyes_also_where_one_signature_is_enough() -> None:
    play = Play(single_step())
    again = acts.Sign("product", play.step().digest)
    play.sign(person="lead.product")
    assert play.refused("lead.product", again) == "four_eyes"
    assert play.refused("deputy.product", again) == "already_answered"
    play.deliver()
    assert play.refused("lead.product", again) == "four_eyes"


def test_a_signature_of_an_earlier_attempt_stands_no_more() -> None:
    play = Play(two_signers())
    play.sign(person="lead.product")
    play.do("head.product", acts.Decline("product", "No."))
    play.do(PLANNER, acts.Request("product", "Please."))
    assert play.refused("lead.product", acts.Sign("product", play.step().digest)) == ""


def test_the_planner_who_leads_is_told_of_four_eyes_first() -> None:
    people = {**PEOPLE, PLANNER: ("planner", "lead:marketing")}
    play = closed(Play(plan(step("marketing", deliver_by=5)), people=people))
    assert play.refused(PLANNER, OLD) == "four_eyes"


def test_closed_comes_before_stopped_and_stopped_before_the_state() -> None:
    play = stopped(blocked())
    assert play.refused("lead.marketing", OLD) == "launch_stopped"
    assert closed(play).refused("lead.marketing", OLD) == "launch_closed"
    play = Play(plan(step("product"), step("marketing", ["product"])))
    play.sign("product")
    again = acts.Sign("product", "sha256:0")
    assert stopped(play).refused("head.product", again) == "launch_stopped"


def test_what_is_answered_or_out_of_place_comes_before_the_terms() -> None:
    play = Play(plan(step("product"), step("marketing", ["product"], deliver_by=5)))
    assert play.refused("lead.marketing", OLD) == "wrong_state"
    play.sign("product")
    assert play.refused("head.product", acts.Sign("product", "sha256:0")) == "already_answered"
    assert play.refused("lead.product", acts.Decline("product", "No.")) == "wrong_state"


def test_the_terms_come_before_a_finding() -> None:
    play = blocked()
    assert play.refused("lead.marketing", OLD) == "terms_changed"
    signed = acts.Sign("marketing", play.step("marketing").digest)
    assert play.refused("lead.marketing", signed) == "blocked_by_finding"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("terms_changed", {"version", "digest"}),
        ("wrong_state", {"state", "possible"}),
        ("blocked_by_finding", {"findings"}),
    ],
)
def test_a_refusal_carries_what_one_needs_to_go_on(code: str, expected: set[str]) -> None:
    play = blocked()
    cases: dict[str, acts.PersonAct] = {
        "terms_changed": OLD,
        "wrong_state": acts.Report("marketing", "There."),
        "blocked_by_finding": acts.Sign("marketing", play.step("marketing").digest),
    }
    with pytest.raises(Refusal) as refused:
        play.do("lead.marketing", cases[code])
    assert refused.value.code == code
    assert expected <= set(refused.value.figures)


def refusal_of(play: Play, person: str, act: acts.PersonAct) -> Refusal:
    with pytest.raises(Refusal) as refused:
        play.do(person, act)
    return refused.value


def test_every_wrong_state_says_where_it_stands_and_what_is_possible() -> None:
    play = Play(single_step())
    running = refusal_of(play, SPONSOR, acts.ResumeLaunch("On."))
    assert running.figures == {"state": "committing", "possible": ["stop", "cancel"]}
    play.do("lead.product", acts.Escalate("Look.", "product"))
    play.sign()
    extending = acts.ResolveEscalation("L1.1", "extend", "Wait.", answer_by=at(30))
    signed = refusal_of(play, SPONSOR, extending)
    assert signed.figures["state"] == "signed"
    assert signed.figures["possible"] == [
        *("report", "request-release", "revoke", "cancel", "delegate", "remind", "waive")
    ]
    play.do(SPONSOR, acts.ResolveEscalation("L1.1", "dismiss", "Known."))
    settled = refusal_of(play, SPONSOR, extending)
    assert settled.figures == {"id": "L1.1", "state": "resolved", "possible": []}


def test_a_step_that_is_not_asked_for_yet_says_what_it_waits_for() -> None:
    play = Play(plan(step("product"), step("channel"), step("marketing", ["product", "channel"])))
    refused = refusal_of(play, "lead.marketing", OLD)
    assert refused.detail == "“marketing” is pending; it waits for product and channel."
    play.sign("product")
    refused = refusal_of(play, "lead.marketing", OLD)
    assert refused.detail == "“marketing” is pending; it waits for channel."


def test_a_digest_nobody_knows_is_said_to_be_of_other_terms() -> None:
    refused = refusal_of(blocked(), "lead.marketing", OLD)
    assert refused.detail == (
        "The digest you sent is not that of the current terms (version 1); "
        "read them and answer again."
    )


def test_the_same_answer_twice_is_already_answered() -> None:
    play = Play(plan(step("product"), step("channel")))
    play.sign("product")
    assert play.refused("head.product", acts.Sign("product", "d")) == "already_answered"
    play.do("lead.product", acts.Report("product", "There."))
    assert play.refused("head.product", acts.Report("product", "There.")) == "already_answered"
    play.do(PLANNER, acts.Accept("product"))
    assert play.refused(PLANNER, acts.Accept("product")) == "already_answered"
    play.do("lead.channel", acts.Decline("channel", "No."))
    assert play.refused("head.channel", acts.Decline("channel", "No.")) == "already_answered"


def test_every_code_is_documented_in_the_tree_of_errors() -> None:
    documented = set(re.findall(r"\b([a-z]+(?:_[a-z]+)*)$", str(errors.__doc__), re.MULTILINE))
    assert {code for code in REFUSALS if not code.startswith("no_such_")} <= documented


@given(
    text=st.text(),
    person=st.text() | st.sampled_from(list(PEOPLE)),
    roles=st.lists(st.text(max_size=12) | st.sampled_from(["lead:product", "sponsor"]), max_size=3),
)
def test_any_text_is_taken_or_refused_by_a_known_code(
    text: str, person: str, roles: list[str]
) -> None:
    play = Play(single_step())
    every: tuple[acts.PersonAct, ...] = (
        acts.Acknowledge(text),
        acts.Ask("product", text),
        acts.Reply(text, text),
        acts.Sign("product", text, text),
        acts.Decline("product", text),
        acts.Report("product", text, text),
        acts.Accept(text, (acts.Rating(text, 3),), text),
        acts.Reject("product", text),
        acts.Request("product", text, TermsChange(deliverable=text, conditions=(text,))),
        acts.Waive("product", text),
        acts.StopLaunch(text),
        acts.ResumeLaunch(text),
        acts.CancelLaunch(text),
        acts.WaiveFinding(text, text),
        acts.Escalate(text, text),
        acts.AcknowledgeEscalation(text, text),
        acts.ResolveEscalation(text, "reassign", text, to=text),
    )
    refused = []
    for act in every:
        command = acts.Command(act, text, acts.Actor(person, text, tuple(roles)))
        try:
            entries = decide(play.standing(), command, play.now)
        except Refusal as refusal:
            refused.append(refusal)
        else:
            assert entries or text == "start"
    assert all(REFUSALS[refusal.code] is type(refusal) for refusal in refused)


def test_an_act_without_a_person_is_nobodys() -> None:
    play = Play(single_step())
    with pytest.raises(CountersignError):
        play.carry_out(acts.Command(acts.CancelLaunch("Enough."), "c"))
