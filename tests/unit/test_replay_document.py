"""A run told again names nobody: whoever acted, whatever they wrote, whatever they are called."""

import json

import pytest

from domain import acts
from domain.blameless.pseudonyms import Pseudonyms
from domain.replay_document import replay_document
from domain.telling import frames
from tests.plans import PEOPLE, chain_of_five
from tests.replay.goldens import names, read
from tests.unit.play import Play

PARTS = {"planner", "sponsor", "executive", "system", "launch"}


@pytest.mark.parametrize("name", names())
def test_a_recorded_run_names_nobody(name: str) -> None:
    golden = read(name)
    story = frames(golden.ledger)
    text = json.dumps(replay_document(story, story[-1].at), ensure_ascii=False)
    people = {p for post in story[0].launch.staff for p in post.people}
    people |= {entry.actor for entry in golden.ledger}
    assert not [person for person in people - PARTS if person in text]


def test_what_was_written_is_not_told() -> None:
    play = Play(chain_of_five())
    play.do("lead.product", acts.Ask("product", "Does lead.marketing know? 王芳不在"))
    play.do("lead.product", acts.Decline("product", "Because of Zoe Miller"))
    text = json.dumps(replay_document(frames(play.entries), play.now), ensure_ascii=False)
    assert "Zoe" not in text
    assert "王芳" not in text
    assert "lead.marketing" not in text


def test_a_frame_is_the_chain_at_that_moment() -> None:
    play = Play(chain_of_five())
    alias = Pseudonyms.of_run(play.entries).of
    play.wait(2)
    play.sign("product")
    document = replay_document(frames(play.entries), play.now)
    first, last = document["frames"][0], document["frames"][-1]
    assert first["event"] == "LaunchStarted"
    assert (first["actor"], first["role"]) == (alias("planner.personal"), "steering")
    assert set(first["chain"].values()) == {"pending"}
    assert last["event"] == "CommitmentRequested"
    assert last["actor"] == last["role"] == "system"
    assert (last["chain"]["product"], last["chain"]["marketing"]) == ("signed", "requested")
    assert {w["module"] for w in last["waiting_on"]} == {"product", "marketing"}
    assert last["visible_to"] == ["product", "marketing"]
    assert [item["kind"] for item in last["inboxes"]["marketing"]] == ["sign"]
    signed = next(f for f in document["frames"] if f["event"] == "CommitmentSigned")
    assert (signed["actor"], signed["role"]) == (alias("lead.product"), "product")
    assert document["length"] == 2.0


@pytest.mark.parametrize("person", ["zoe", "service", "executive", "planner"])
def test_who_is_asked_by_name_is_a_person_in_the_report(person: str) -> None:
    """Also somebody who is called like a module or a part."""
    play = Play(chain_of_five(), people={**PEOPLE, person: ("frontline:city-a",)})
    play.do(person, acts.Escalate("Who pays?", "product"))
    escalation = play.open_escalations()[0]
    play.do("sponsor", acts.ResolveEscalation(escalation.id, "reassign", "Hers.", to=person))
    play.do(person, acts.Ask("product", "What for?"))
    frame = replay_document(frames(play.entries), play.now)["frames"][-1]
    [alias] = [party for party in frame["visible_to"] if party.startswith("#")]
    assert frame["actor"] == alias
    assert frame["inboxes"][alias][0]["kind"] == "sign"


def test_nothing_told_is_an_empty_story() -> None:
    play = Play(chain_of_five())
    assert replay_document((), play.now) == {"frames": [], "waits": [], "path": [], "length": 0.0}
