"""Counter-offers and amendments are what was signed, also where all hashes were computed anew."""

from dataclasses import replace
from typing import Any

import pytest

from db.content import content_problems
from db.proof import Problem
from domain.acts import Acknowledge, Amend, AmendPlan, Counter
from domain.events import Entry, Event
from domain.plan_change import PlanChange
from domain.terms import TermsChange
from runtime.signing import sign
from tests.db.story import JWK, KEY, Story
from tests.plans import PLANNER, at

TRUSTED = {JWK["kid"]: JWK}


def problems_of(story: Story, entries: tuple[Entry, ...] | None = None) -> list[Problem]:
    return list(content_problems(story.id, entries or story.entries, TRUSTED))


def forged(story: Story, place: int, **values: Any) -> tuple[Entry, ...]:  # noqa: ANN401 - fields of an event
    """The story with other values in one event, under the signature that stood beside it."""
    entry = story.entries[place]
    event: Event = replace(entry.event, **values)
    return (*story.entries[:place], replace(entry, event=event), *story.entries[place + 1 :])


def last_begun(story: Story) -> int:
    """The place of the entry with which the last act begins."""
    return max(place for place, entry in enumerate(story.entries) if entry.jws is not None)


def test_a_counter_offer_with_other_terms_is_named() -> None:
    story = Story()
    change = TermsChange(deliverable="half of it")
    story.act("lead.product", Counter("product", change, "no people"))
    place = last_begun(story)
    terms = replace(story.launch.step("product").terms, deliverable="all of it")
    (problem,) = problems_of(story, forged(story, place, terms=terms))
    assert (problem.seq, problem.kind) == (place + 1, "signature")
    assert problem.detail == "the signature is for another content"
    assert problems_of(story, forged(story, place, reason="no will"))
    assert problems_of(story) == []


def test_a_plan_with_other_values_is_named() -> None:
    story = Story()
    change = PlanChange(("title", "theme"), title="Other", theme="Autumn")
    story.act(PLANNER, AmendPlan(change, "said otherwise"))
    place = last_begun(story)
    plan = replace(story.launch.plan, theme="Winter")
    assert [p.seq for p in problems_of(story, forged(story, place, plan=plan))] == [place + 1]
    assert problems_of(story) == []


@pytest.mark.parametrize("named", [("title",), ("title", "window", "regions", "theme")])
def test_fields_that_were_named_and_stayed_are_no_difference(named: tuple[Any, ...]) -> None:
    story = Story()
    plan = replace(story.launch.plan, title="Other")
    story.act(PLANNER, AmendPlan(PlanChange.of(plan, named), "a better title"))
    asked = story.launch.step("product").terms
    same = TermsChange("half of it", asked.conditions, asked.quantities, asked.deliver_by)
    story.act("lead.product", Counter("product", same, "no people"))
    again = TermsChange(conditions=("on Monday",), deliver_by=asked.deliver_by)
    story.act(PLANNER, Amend("product", again, "as agreed"))
    story.act("lead.product", Acknowledge("product"))
    assert problems_of(story) == []


def test_an_answer_by_that_nobody_asked_for_is_named() -> None:
    story = Story()
    story.act("lead.product", Acknowledge("product"))
    assert problems_of(story) == []
    later = forged(story, last_begun(story), answer_by=at(3600))
    assert [p.seq for p in problems_of(story, later)] == [last_begun(story) + 1]


def test_a_signature_for_no_act_is_named() -> None:
    story = Story()
    story.act("lead.product", Acknowledge("product"))
    entry = replace(story.entries[-1], jws=sign({"kind": "heads"}, KEY))
    (problem,) = problems_of(story, (*story.entries[:-1], entry))
    assert problem.detail == "the signature is for no act"


def test_an_act_that_the_ledger_does_not_tell_is_named() -> None:
    story = Story()
    story.act("lead.product", Counter("product", TermsChange(deliverable="half"), "no people"))
    other = Story("L1")
    other.act("lead.product", Acknowledge("product"))
    jws = story.entries[-1].jws
    (problem,) = problems_of(other, (*other.entries[:-1], replace(other.entries[-1], jws=jws)))
    assert problem.detail == "the ledger does not tell what “counter” said"
