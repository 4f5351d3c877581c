"""The record of a post-mortem: when it opens, who may do what with it, and what it tells."""

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import acts
from domain.blameless.hints import Blaming, hints
from domain.blameless.pseudonyms import Pseudonyms
from domain.blameless.scrub import Scrubber
from domain.canonical import plain
from domain.errors import FourEyes, Invalid, NotYours, Refusal, WrongState
from domain.evolve import fold as fold_launch
from domain.organisation import Name, Person
from domain.plan import Lesson, Plan
from domain.postmortem import events
from domain.postmortem.actions import Wish, action_plan
from domain.postmortem.decide import Act, Change, Open, Reveal, Say, Writer, cause_of, decide
from domain.postmortem.document import Reading, document
from domain.postmortem.evolve import evolve, fold
from domain.postmortem.follow_ups import Asking
from domain.postmortem.lessons import Proposal, changes_between, lesson_plan, touched
from domain.postmortem.record import FACTORS, PostMortem
from domain.template import STANDARD_LAUNCH
from domain.view import launch_document
from tests.plans import PEOPLE, at, chain_of_five, plan, rung, step
from tests.replay.goldens import names
from tests.replay.goldens import read as read_golden
from tests.unit.play import Play

FACILITATOR = Writer("facilitator", frozenset({"facilitator"}))
SECOND = Writer("other.facilitator", frozenset({"facilitator"}))
SPONSOR = Writer("sponsor", frozenset({"sponsor"}))
LEAD = Writer("lead.product", frozenset({"lead:product"}))
COMPLETE: dict[str, Any] = {"summary": "It failed.", "factors": ("late_plan", "shortage")}


class Report:
    """A post-mortem played by hand, of a launch that failed."""

    def __init__(self, play: Play | None = None) -> None:
        self.play = play or failed()
        self.entries: list[events.Entry] = []
        self.record: PostMortem | None = None
        self.do(FACILITATOR, Open())

    def do(self, writer: Writer, act: Act) -> tuple[events.Event, ...]:
        found = decide(self.record, act, writer, self.play.standing())
        for event in found:
            seq = len(self.entries) + 1
            entry = events.Entry(seq, at(1000 + seq), writer.person, f"c{seq}", event)
            self.record = evolve(self.record, "L1", entry)
            self.entries.append(entry)
        assert fold("L1", self.entries) == self.record
        return found

    def change(
        self,
        writer: Writer = FACILITATOR,
        **values: Any,  # noqa: ANN401 - what a body holds
    ) -> tuple[events.Event, ...]:
        state, seq = values.pop("state", None), values.pop("seq", None)
        return self.do(writer, Change(values, state, seq))

    def refused(self, writer: Writer, act: Act, refusal: type[Refusal]) -> str:
        before = self.record
        with pytest.raises(refusal) as raised:
            self.do(writer, act)
        assert self.record == before, "nothing changed"
        return raised.value.detail

    def standing(self) -> PostMortem:
        assert self.record is not None
        return self.record


def failed() -> Play:
    play = Play(chain_of_five())
    play.wait(3)
    play.sign()
    play.do("lead.marketing", acts.Decline("marketing", "Zoe Miller has no time."))
    play.do("lead.product", acts.StopLaunch("王芳不在"))
    play.wait(2)
    play.do("sponsor", acts.ResumeLaunch("Go on."))
    play.wait_until(60)
    return closed(play)


def closed(play: Play) -> Play:
    while play.standing().compensations:
        pending = play.standing().compensations[0]
        play.carry_out(acts.Command(acts.ReportCompensation(pending.step)))
    assert play.standing().phase == "closed"
    return play


def cancelled(*, signed: bool) -> Play:
    play = Play(chain_of_five())
    if signed:
        play.sign()
    play.do("sponsor", acts.CancelLaunch("Enough."))
    return closed(play)


def breached() -> Play:
    play = Play(plan(step("product", deliver_by=150), repair_within=10))
    play.sign()
    play.wait_until(260)
    return closed(play)


# -- when it opens -------------------------------------------------------------------------------


def test_it_opens_for_runs_that_failed_broke_a_promise_or_were_cancelled_after_one() -> None:
    assert cause_of(failed().standing()) == "failed"
    assert cause_of(cancelled(signed=True).standing()) == "cancelled"
    assert cause_of(cancelled(signed=False).standing()) is None
    assert cause_of(breached().standing()) == "breach"
    assert breached().standing().outcome == "completed"


def test_a_signature_that_was_voided_was_a_signature() -> None:
    play = Play(chain_of_five())
    play.sign()
    play.do("lead.product", acts.Revoke("product", "No."))
    play.do("planner.personal", acts.Request("product", "Again."))
    play.do("sponsor", acts.CancelLaunch("Enough."))
    assert cause_of(closed(play).standing()) == "cancelled"


def test_any_closed_run_gets_one_on_request_once() -> None:
    report = Report(cancelled(signed=False))
    assert report.standing().cause == "requested"
    assert report.do(LEAD, Open()) == ()
    with pytest.raises(WrongState):
        decide(None, Open(), LEAD, Play(chain_of_five()).standing())


# -- two people ----------------------------------------------------------------------------------


def test_a_record_is_published_by_two_people() -> None:
    report = Report()
    report.change(**COMPLETE, state="in_review")
    assert report.standing().state == "in_review"
    report.refused(FACILITATOR, Change({}, "published"), FourEyes)
    report.refused(LEAD, Change({}, "published"), NotYours)
    report.change(SPONSOR, state="published")
    record = report.standing()
    assert record.state == "published"
    assert [(v.version, v.submitted_by, v.published_by) for v in record.versions] == [
        (1, "facilitator", "sponsor")
    ]


def test_who_wrote_in_it_does_not_publish_it_whoever_submitted_it() -> None:
    report = Report()
    report.change(SECOND, **COMPLETE)
    report.change(FACILITATOR, state="in_review")
    report.refused(SECOND, Change({}, "published"), FourEyes)
    report.refused(FACILITATOR, Change({}, "published"), FourEyes)
    report.change(SPONSOR, state="published")


def test_publishing_at_once_is_refused_to_the_writer_before_all_else() -> None:
    report = Report()
    report.change(**COMPLETE)
    report.refused(FACILITATOR, Change({}, "published"), FourEyes)
    assert "in_review first" in report.refused(SPONSOR, Change({}, "published"), WrongState)


def test_what_is_published_stays_and_another_version_is_begun() -> None:
    report = Report()
    report.change(**COMPLETE, state="in_review")
    report.change(SPONSOR, state="published")
    said = report.refused(FACILITATOR, Change({"summary": "Other."}), WrongState)
    assert "Version 1 is published and stays" in said
    report.change(state="draft", summary="Other.")
    record = report.standing()
    assert (record.version, record.state, record.content.summary) == (2, "draft", "Other.")
    assert record.versions[0].content.summary == "It failed."
    report.change(state="in_review")
    report.change(SPONSOR, state="published")
    assert [v.content.summary for v in report.standing().versions] == ["It failed.", "Other."]


def test_what_is_read_is_not_written_in() -> None:
    report = Report()
    report.change(**COMPLETE, state="in_review")
    said = report.refused(FACILITATOR, Change({"summary": "Other."}), WrongState)
    assert "take it back with state draft" in said
    report.change(SPONSOR, state="draft")
    report.change(summary="Other.")


def test_there_is_never_a_single_cause() -> None:
    report = Report()
    report.change(summary="It failed.", factors=("late_plan",))
    assert "never a single cause" in report.refused(FACILITATOR, Change({}, "in_review"), Invalid)
    report.refused(FACILITATOR, Change({"summary": None}, "in_review"), Invalid)


def test_only_a_facilitator_writes_and_everybody_comments() -> None:
    report = Report()
    report.refused(LEAD, Change({"summary": "x"}), NotYours)
    report.refused(SPONSOR, Change({}, "in_review"), NotYours)
    report.do(LEAD, Say("We were not told."))
    assert [c.text for c in report.standing().comments] == ["We were not told."]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten() -> None:
    report = Report()
    seen = report.standing().seq
    report.change(summary="One.")
    said = report.refused(FACILITATOR, Change({"summary": "Two."}, seq=seen), WrongState)
    assert "it is at 2" in said
    report.change(summary="Two.", seq=2)


def test_nothing_to_change_is_said() -> None:
    report = Report()
    report.refused(FACILITATOR, Change({}), Invalid)
    report.change(summary="One.")
    assert report.change(summary="One.") == ()


def test_each_side_is_written_by_itself() -> None:
    report = Report()
    report.change(sides={"customer": "Angry.", "company": "Cost."})
    report.change(sides={"company": None})
    sides = report.standing().content.sides
    assert (sides.customer, sides.company) == ("Angry.", None)


def test_names_are_told_for_a_reason_to_few() -> None:
    report = Report()
    report.refused(LEAD, Reveal("Who?"), NotYours)
    report.refused(SPONSOR, Reveal("Who?"), NotYours)
    [event] = report.do(FACILITATOR, Reveal("A complaint."))
    assert event == events.NamesRevealed("A complaint.")


acts_on_it = st.one_of(
    st.builds(
        Change,
        st.fixed_dictionaries(
            {},
            optional={
                "summary": st.sampled_from([None, "One.", "Two."]),
                "factors": st.sampled_from([(), ("clash",), ("clash", "tool")]),
            },
        ),
        st.sampled_from([None, "draft", "in_review", "published"]),
    ),
    st.just(Say("Hm.")),
    st.just(Reveal("So.")),
)


@given(
    steps=st.lists(
        st.tuples(st.sampled_from([FACILITATOR, SECOND, SPONSOR, LEAD]), acts_on_it), max_size=25
    )
)
def test_in_every_order_what_is_published_took_two_people_and_stays(
    steps: list[tuple[Writer, Act]],
) -> None:
    report = Report(_FAILED)
    before: tuple[object, ...] = ()
    for writer, act in steps:
        with suppress(Refusal):
            report.do(writer, act)
        record = report.standing()
        assert record.versions[: len(before)] == before
        before = record.versions
        for version in record.versions:
            assert version.submitted_by != version.published_by
            assert version.content.summary
            assert len(version.content.factors) > 1
        assert record.version - len(record.versions) in (0, 1)


_FAILED = failed()

# -- what it tells -------------------------------------------------------------------------------

PERSONS = [
    *(Person(p, Name(f"Name of {p}", f"{p}的名字")) for p in PEOPLE if "." in p),
    Person("z1", Name("Zoe Miller", "佐伊")),
    Person("w1", Name("Wang Fang", "王芳")),
]


def read(
    report: Report, people: list[Person] = PERSONS, follow_ups: tuple[Plan, ...] = ()
) -> dict[str, Any]:
    launches = (Play(plan).standing() for plan in follow_ups)
    names = Pseudonyms.of_run(report.play.entries)
    reading = Reading(
        launch=report.play.standing(),
        entries=report.play.entries,
        scrubber=Scrubber(people, names.of),
        taxonomy={key: Name(*name) for key, name in FACTORS.items()},
        blaming=(Blaming(("fault",), Name("No.", "不。")),),
        refused={"wrong_state": 2},
        follow_ups=[plain(launch_document(launch)) for launch in launches],
        now=at(1000),
    )
    return document(report.standing(), reading)


def test_the_first_draft_is_made_of_facts() -> None:
    facts = read(Report())["facts"]
    seqs = [line["source"]["ledger"] for line in facts["timeline"]]
    assert seqs == list(range(1, len(seqs) + 1)), "a source for each line"
    assert [stop["seconds"] for stop in facts["stops"]] == [2]
    assert facts["refusals"] == [{"rule": "wrong_state", "count": 2}]
    assert {wait["interface"] for wait in facts["waits"]} >= {"planner→marketing"}
    critical = sum(w["seconds"] for w in facts["waits"] if w["critical"])
    assert critical == pytest.approx(facts["length"])


def test_a_held_gate_is_told_with_what_held_it() -> None:
    play = Play(plan(step("product"), gate_grace=20))
    play.sign()
    play.wait_until(300)
    [held] = read(Report(closed(play)))["facts"]["held"]
    assert held["seconds"] == 20
    assert held["reasons"] == ["product:undelivered"]


def test_nobody_is_named_in_it() -> None:
    report = Report()
    report.change(summary="Zoe Miller and lead.marketing; 王芳!", went_well=("Thank you, z1",))
    report.do(LEAD, Say("wang fang knew."))
    shown = read(report)
    text = json.dumps(shown, ensure_ascii=False)
    for person in PERSONS:
        for name in (person.id, person.name.en, person.name.zh):
            assert name.lower() not in text.lower(), name
    assert shown["comments"][0]["by"].startswith("#")
    line = next(x for x in shown["facts"]["timeline"] if x["event"] == "CommitmentDeclined")
    assert line["said"]["reason"].endswith("has no time.")


def test_nobody_is_named_in_what_follows_from_it() -> None:
    said = "Zoe Miller trains lead.service; 王芳 too"
    asking = Asking(chain_of_five(), "L1", "head.product", "sponsor")
    action = action_plan(asking, Wish("service", said, at(60), (said,)), "z1-A")
    rungs = (rung(0, "z1"),)
    after = replace(
        STANDARD_LAUNCH, version=2, policy=replace(STANDARD_LAUNCH.policy, ladder=rungs)
    )
    changes = changes_between(STANDARD_LAUNCH, after)
    lesson = Lesson(STANDARD_LAUNCH.name, after, changes)
    modules = touched(STANDARD_LAUNCH, after, changes)
    assert modules == ("product", "marketing", "communications", "channel", "service")
    proposal = Proposal(lesson, said, modules)
    shown = read(Report(), follow_ups=(action, lesson_plan(asking, proposal, at(60))))
    assert [one["module"] for one in shown["actions"]] == ["service"]
    assert [one["template"] for one in shown["lessons"]] == [after.name]
    text = json.dumps([shown["actions"], shown["lessons"]], ensure_ascii=False)
    for person in PERSONS:
        for name in (person.id, person.name.en, person.name.zh):
            assert name.lower() not in text.lower(), name


@pytest.mark.parametrize("name", names())
def test_a_run_that_an_older_build_recorded_still_opens(name: str) -> None:
    entries = read_golden(name).ledger
    launch = fold_launch(entries)
    opened = events.Entry(1, at(0), "facilitator", "c1", events.PostMortemOpened("requested"))
    reading = Reading(
        launch=launch,
        entries=entries,
        scrubber=Scrubber(PERSONS, Pseudonyms.of_run(entries).of),
        taxonomy={},
        blaming=(),
        refused={},
        follow_ups=(),
        now=at(1000),
    )
    record = fold(launch.id, [opened])
    assert record is not None
    told = document(record, reading)["facts"]["timeline"]
    assert [line["source"]["ledger"] for line in told] == [entry.seq for entry in entries]


def test_two_reports_name_the_same_people_otherwise() -> None:
    one, other = Report(), Report()
    first = replace(other.play.entries[0], jws="another start")
    other.play.entries[0] = first
    names = [{x["actor"] for x in read(report)["facts"]["timeline"]} for report in (one, other)]
    assert names[0] & names[1] == {"system"}


def test_wording_that_blames_gets_a_hint_and_stops_nothing() -> None:
    report = Report()
    report.change(**{**COMPLETE, "summary": "It was the FAULT of default."}, state="in_review")
    [hint] = read(report)["hints"]
    assert (hint["field"], hint["word"], hint["say"]["zh"]) == ("summary", "fault", "不。")


def test_chinese_words_are_found_without_blanks() -> None:
    known = [Blaming(("失职",), Name("x", "y"))]
    assert [h.word for h in hints({"summary": "他失职了，失职！"}, known)] == ["失职"]
