"""What the ledger says of people is what they signed, also where all hashes were computed anew."""

from dataclasses import replace
from typing import Any

import pytest

from db.ledger import GENESIS, chained
from db.proof import Problem, chain_problems
from db.signed import signature_problems
from domain.acts import (
    AllowRelease,
    CancelCommitment,
    Confirm,
    Decline,
    PersonAct,
    RequestRelease,
    Revoke,
    Sign,
    Withdraw,
)
from domain.events import (
    SYSTEM,
    AnswerExtended,
    CommitmentSigned,
    ConditionMet,
    Entry,
    EscalationResolved,
    Event,
    LaunchCancelled,
    PerformerReassigned,
    PlanAmended,
    QuestionAsked,
    SignedConditionally,
    TermsAmended,
    WaiverOpened,
)
from domain.postmortem.actions import Wish, action_plan
from domain.postmortem.follow_ups import Asking
from domain.terms import Condition, Terms
from runtime.signing import generate_key, public_jwk
from tests.db.story import JWK, Story, signed_story, stalled_story
from tests.plans import PLANNER, SPONSOR, at, chain_of_five

TERMS = Terms("Other", (), (), at(60))


def signatures_of(story: Story, entries: tuple[Any, ...], jwk: Any = JWK) -> list[Problem]:  # noqa: ANN401 - a key
    rows = chained(story.id, entries, GENESIS)
    assert list(chain_problems(story.id, rows)) == []
    return list(signature_problems(story.id, rows, {jwk["kid"]: jwk}))


@pytest.mark.parametrize("ends_by", ["decline", "withdraw", "revoke", "release", "cancel"])
def test_an_action_that_ends_by_an_act_is_what_was_signed(ends_by: str) -> None:
    asking = Asking(chain_of_five(), "L0", "facilitator", SPONSOR)
    wish = Wish("service", "Training is booked.", at(60))
    story = Story("L1", action_plan(asking, wish, "A1"))
    if ends_by in ("revoke", "release", "cancel"):
        story.sign("service")
    told: dict[str, list[tuple[str, PersonAct]]] = {
        "decline": [("lead.service", Decline("service", "No."))],
        "withdraw": [("facilitator", Withdraw("service", "Not needed."))],
        "revoke": [("lead.service", Revoke("service", "No."))],
        "release": [
            ("lead.service", RequestRelease("service", "Ill.")),
            ("facilitator", AllowRelease("service")),
        ],
        "cancel": [("facilitator", CancelCommitment("service", "Not needed."))],
    }
    for person, act in told[ends_by]:
        story.act(person, act)
    assert story.launch.ending == "cancelled"
    assert signatures_of(story, story.entries) == []


def edited(story: Story, **values: Any) -> tuple[Any, ...]:  # noqa: ANN401 - columns
    """The story with its first signature changed."""
    index = next(
        i for i, entry in enumerate(story.entries) if isinstance(entry.event, CommitmentSigned)
    )
    entry = replace(story.entries[index], **values)
    return (*story.entries[:index], entry, *story.entries[index + 1 :])


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"actor": "lead.service"}, "another person"),
        ({"command": "L1-99"}, "another command"),
        ({"jws": None}, "without a signature"),
        ({"jws": "a.b.c"}, "signature refused"),
        ({"jws": "nonsense"}, "not a compact JWS"),
    ],
)
def test_a_signature_that_does_not_fit_is_named(values: dict[str, Any], says: str) -> None:
    story = signed_story()
    (problem,) = signatures_of(story, edited(story, **values))
    assert (problem.seq, problem.kind) == (3, "signature")
    assert says in problem.detail


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"digest": "sha256:" + "1" * 64}, "another content"),
        ({"note": "only if it rains"}, "another content"),
        ({"step": "service"}, "another step"),
    ],
)
def test_a_signature_of_other_terms_is_named(change: dict[str, Any], says: str) -> None:
    story = signed_story()
    event = next(e.event for e in story.entries if isinstance(e.event, CommitmentSigned))
    (problem,) = signatures_of(story, edited(story, event=replace(event, **change)))
    assert says in problem.detail


def test_every_act_of_a_person_needs_a_signature_of_a_trusted_key() -> None:
    story = signed_story()
    acts = {entry.command for entry in story.entries} - {None}
    assert signatures_of(story, story.entries) == []
    assert len(signatures_of(story, story.entries, public_jwk(generate_key()))) == len(acts)


def test_a_signature_counts_for_its_own_launch_only() -> None:
    story = signed_story("L1")
    story.id = "L2"
    assert {p.detail for p in signatures_of(story, story.entries)} == {
        "the signature is for another launch"
    }


# -- rows put in that nobody has signed -----------------------------------------------------------


def with_more(story: Story, event: Event, **values: Any) -> list[Problem]:  # noqa: ANN401 - columns
    """What is found where the story goes on with this event, by nobody unless said otherwise."""
    last = story.entries[-1]
    blank: dict[str, Any] = {"actor": SYSTEM, "command": None, "jws": None}
    more = Entry(**{"seq": last.seq + 1, "at": last.at, "event": event, **blank, **values})
    return signatures_of(story, (*story.entries, more))


def promise(story: Story, step: str) -> CommitmentSigned:
    asked = story.launch.step(step)
    return CommitmentSigned(
        step=step,
        attempt=asked.attempt,
        version=asked.version,
        digest=asked.digest,
        person=f"lead.{step}",
        role="lead",
        on_behalf_of=None,
        note=None,
    )


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"command": "L1-1"},
        {"command": "L1-1", "actor": "lead.product"},
        {"actor": "lead.marketing"},
    ],
)
def test_nobody_is_bound_without_a_signature(values: dict[str, Any]) -> None:
    story = stalled_story()
    (problem,) = with_more(story, promise(story, "marketing"), **values)
    assert (problem.seq, problem.kind) == (story.launch.seq + 1, "signature")
    assert problem.detail == "a promise without a signature"


def test_a_signature_is_used_once() -> None:
    story = stalled_story()
    (first,) = [e for e in story.entries if isinstance(e.event, CommitmentSigned)]
    again = {"actor": first.actor, "command": first.command, "jws": first.jws}
    (problem,) = with_more(story, first.event, **again)
    assert problem.detail == "the signature was used before"


def test_a_signature_binds_who_gave_it() -> None:
    story = signed_story()
    event = next(e.event for e in story.entries if isinstance(e.event, CommitmentSigned))
    others = (replace(event, person="head.product"), replace(event, on_behalf_of="head.product"))
    for other in others:
        (problem,) = signatures_of(story, edited(story, event=other))
        assert problem.detail == "the signature is another signer's"


@pytest.mark.parametrize(
    ("event", "values", "says"),
    [
        (WaiverOpened("marketing", "Too late."), {}, "without a signature"),
        (QuestionAsked("marketing", "Why?", at(90)), {}, "without a signature"),
        (QuestionAsked("marketing", "Why?", at(90)), {"command": "L1-1"}, "another content"),
        (WaiverOpened("marketing", "-"), {"command": "L1-1", "actor": "sponsor"}, "another person"),
        (WaiverOpened("marketing", "-"), {"actor": "sponsor"}, "without a signature"),
    ],
)
def test_no_act_is_ascribed_to_anybody(event: Event, values: dict[str, Any], says: str) -> None:
    (problem,) = with_more(stalled_story(), event, **values)
    assert says in problem.detail


def test_no_clock_changes_the_plan() -> None:
    story = stalled_story()
    (problem,) = with_more(story, PlanAmended(story.launch.plan, "-", "planner", ()))
    assert "without a signature" in problem.detail


# -- a signature on a condition is given before it holds -------------------------------------------


def waiting_story() -> Story:
    """Product has signed, on a fact that is to be confirmed within five seconds."""
    story = Story()
    condition = Condition(fact="The stock is there.", by=at(5))
    digest = story.launch.step("product").digest
    story.act("lead.product", Sign("product", digest, condition=condition))
    assert isinstance(story.entries[-1].event, SignedConditionally)
    return story


def test_a_condition_that_is_met_makes_the_signature_hold() -> None:
    story = waiting_story()
    story.act(PLANNER, Confirm("product", "The stock is there."), 3)
    assert story.launch.step("product").state == "signed"
    assert signatures_of(story, story.entries) == []


def test_one_that_was_not_met_does_not() -> None:
    story = waiting_story()
    promised = promise(story, "product")
    assert with_more(story, promised) == [], "it could have been met"
    story.wait(6)
    (problem,) = with_more(story, promised)
    assert problem.detail == "a promise without a signature"


@pytest.mark.parametrize(
    "event",
    [
        ConditionMet("marketing", 1, 1, None),
        PerformerReassigned("marketing", None, "mallory", None),
        AnswerExtended("marketing", at(500)),
        EscalationResolved("L1.1", "product", "dismiss", "Never mind."),
        LaunchCancelled("Enough.", "planner"),
    ],
)
def test_the_system_does_none_of_what_only_people_do(event: Event) -> None:
    story = stalled_story()
    last = story.entries[-1]
    forged = Entry(last.seq + 1, last.at, SYSTEM, None, None, event)
    [problem] = signatures_of(story, (*story.entries, forged))
    assert problem.seq == forged.seq
    assert "without a signature" in problem.detail


@pytest.mark.parametrize(
    "event",
    [
        WaiverOpened("marketing", "So."),
        LaunchCancelled("Enough.", "sponsor"),
        TermsAmended("marketing", 1, 2, "sha256:x", TERMS, "So.", at(500)),
    ],
)
def test_a_signature_is_for_its_own_act_only(event: Event) -> None:
    """The same person, the same command, but something else was done."""
    story = signed_story()
    index = next(i for i, e in enumerate(story.entries) if isinstance(e.event, CommitmentSigned))
    forged = replace(story.entries[index], event=event)
    told = (*story.entries[:index], forged)
    assert any(
        problem.seq == forged.seq and "for another" in problem.detail
        for problem in signatures_of(story, told)
    )
