"""Closed runs as an event log of objects: what is in it, and who is not."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import acts
from domain.blameless.scrub import Scrubber
from domain.events import Event
from domain.insights.ocel.keys import Keys
from domain.insights.ocel.log import event_log, types
from domain.organisation import Name, Person
from tests.plans import PEOPLE, chain_of_five, plan, step
from tests.unit.event_logs import check_event_log, texts, typed, values
from tests.unit.play import Play
from tests.unit.test_blameless import COMMON
from tests.unit.test_insights import closed, delivered

WRITTEN = "because nobody else would"


def log_of(*plays: Play, people: tuple[Person, ...] = ()) -> dict[str, Any]:
    return event_log([play.entries for play in plays], Keys(people))


def renewed(launch: str = "L1") -> Play:
    """Declined, asked for again, signed late, delivered; marketing waits for it."""
    planned = plan(step("product", customer="marketing"), step("marketing", ["product"]))
    play = Play(planned, launch=launch)
    play.do("lead.product", acts.Decline("product", WRITTEN))
    play.do("planner.personal", acts.Request("product", WRITTEN))
    play.wait(12)
    play.sign()
    play.sign("marketing")
    play.deliver()
    play.deliver("marketing")
    return closed(play)


def course(one: dict[str, Any], name: str) -> list[Any]:
    return [a["value"] for a in one["attributes"] if a["name"] == name]


def test_a_run_is_a_log() -> None:
    play = delivered()
    log = log_of(play)
    check_event_log(log, [play.entries])
    [commitment] = typed(log["objects"], "commitment")
    assert course(commitment, "state") == [
        *("pending", "requested", "signed", "reported", "signed", "reported", "accepted")
    ]
    assert len(course(commitment, "deliver_by")) == 2, "the stop moved the due"
    [launch] = typed(log["objects"], "launch")
    assert course(launch, "stopped") == [False, True, False]
    assert (values(launch)["outcome"], values(launch)["department"]) == ("completed", "personal")


def test_an_attempt_is_a_commitment_of_its_own() -> None:
    log = log_of(renewed())
    first, second = (
        one for one in typed(log["objects"], "commitment") if values(one)["step"] == "product"
    )
    assert (values(first)["state"], values(second)["state"]) == ("declined", "accepted")
    assert course(second, "overdue") == [False, True, False]
    assert {"objectId": first["id"], "qualifier": "renews"} in second["relationships"]
    [other] = (
        one for one in typed(log["objects"], "commitment") if values(one)["step"] != "product"
    )
    after = [r["objectId"] for r in other["relationships"] if r["qualifier"] == "after"]
    assert after == [first["id"], second["id"]]


def test_an_event_says_what_it_is_about_and_whose() -> None:
    log = log_of(renewed())
    signed = next(event for event in log["events"] if event["type"] == "CommitmentSigned")
    assert [(r["objectId"], r["qualifier"]) for r in signed["relationships"]] == [
        ("L1", "part of"),
        ("commitment:L1:product:2", "about"),
        ("module:product", "performer"),
        ("module:marketing", "customer"),
    ]
    assert values(signed) == {
        "seq": signed_seq(log),
        "automatic": False,
        "attempt": 2,
        "version": 1,
    }
    overdue = next(event for event in log["events"] if event["type"] == "AnswerOverdue")
    assert values(overdue)["automatic"] is True
    raised = next(event for event in log["events"] if event["type"] == "EscalationRaised")
    assert ("escalation:L1:1", "about") in {
        (r["objectId"], r["qualifier"]) for r in raised["relationships"]
    }


def signed_seq(log: dict[str, Any]) -> int:
    kinds = [event["type"] for event in log["events"]]
    return kinds.index("CommitmentSigned") + 1


def test_the_planner_is_no_party() -> None:
    play = Play(plan(step("product", customer="planner")))
    log = log_of(closed(play))
    assert [one["id"] for one in typed(log["objects"], "module")] == ["module:product"]
    assert not [text for text in texts(log) if "planner" in text]


def test_runs_share_their_modules() -> None:
    plays = [Play(chain_of_five(), launch=launch) for launch in ("L1", "L2")]
    for play in plays:
        play.sign_all()
        closed(play)
    log = log_of(*plays)
    check_event_log(log, [play.entries for play in plays])
    assert len(typed(log["objects"], "module")) == 5
    assert len(typed(log["objects"], "launch")) == 2


def test_no_run_is_a_log_too() -> None:
    log = log_of()
    assert (log["events"], log["objects"]) == ([], [])
    assert len(log["eventTypes"]) == len(get_args(Event))


def test_no_text_of_an_event_is_declared() -> None:
    """A field that holds any text is none of a log's, whatever it is called."""
    shown = {t["name"]: {a["name"] for a in t["attributes"]} for t in types()["eventTypes"]}
    for kind in get_args(Event):
        free = {field.name for field in fields(kind) if "str" in str(field.type)}
        assert not free & shown[kind.__name__], kind


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("li.lei", "step 1"),
        ("ask-Li_Lei", "step 1"),
        ("LILEI", "step 1"),
        ("product", "product"),
        ("lileila", "lileila"),
    ],
)
def test_a_key_with_a_name_gives_way_to_a_number(key: str, shown: str) -> None:
    keys = Keys([Person("li.lei", Name("Li Lei", "李雷"))])
    assert keys.shown("step", key) == shown
    assert keys.shown("step", key) == shown, "the same each time"


def test_numbers_tell_keys_apart() -> None:
    keys = Keys([Person("mark", Name("Mark", "马克"))])
    assert [keys.shown("step", key) for key in ("mark", "mark-2", "mark")] == [
        *("step 1", "step 2", "step 1")
    ]
    assert keys.shown("module", "mark") == "module 1"


letters = st.text(st.characters(categories=["L"]), min_size=1, max_size=6)
names = st.sampled_from([name for name in COMMON if name.isascii()] + ["王", "王芳"]) | letters


@st.composite
def directories(draw: st.DrawFn) -> tuple[Person, ...]:
    ids = draw(st.lists(names, min_size=1, max_size=5, unique=True))
    return tuple(Person(one, Name(draw(names), draw(names))) for one in ids)


def talked_of(key: str, module: str, text: str) -> Play:
    """A launch with these keys, and that text wherever somebody writes."""
    planned = plan(step(key, module=module, deliverable=text, conditions=(text,)))
    planned = replace(planned, code=text, title=text, department=key, template=f"{module}@1")
    people = {**PEOPLE, "lead.product": (f"lead:{module}",), text: ("executive",)}
    play = Play(planned, people=people, launch="0" * 32)
    play.do("lead.product", acts.Ask(key, text))
    play.do("planner.personal", acts.Reply(key, text))
    play.do("lead.product", acts.Delegate(key, text, play.now + timedelta(seconds=5), text))
    play.do("lead.product", acts.Sign(key, play.step(key).digest, text))
    play.do("lead.product", acts.Report(key, text, text))
    play.do("planner.personal", acts.Reject(key, text))
    play.do("sponsor", acts.Escalate(text, key))
    play.do("lead.product", acts.StopLaunch(text))
    play.do(text, acts.ResumeLaunch(text))
    play.do("sponsor", acts.CancelLaunch(text))
    return closed(play)


@given(people=directories(), data=st.data())
def test_nobody_survives(people: tuple[Person, ...], data: st.DataObject) -> None:
    """Wherever a name is written: in keys, in texts, and as who acts."""
    said = st.sampled_from([n for one in people for n in (one.id, one.name.en, one.name.zh)])
    key = data.draw(said | said.map(lambda name: f"ask_{name}-today"))
    log = log_of(talked_of(key, data.draw(said), data.draw(said)), people=people)
    without_names = {*texts(log_of(talked_of("step", "module", "text")))}
    found = Scrubber(people, str)
    assert not [text for text in {*texts(log)} - without_names if found.scrub(text).found]
    written = {name for one in people for name in (one.id, one.name.en, one.name.zh)}
    assert not written & ({*texts(log)} - without_names)
