"""The check `lead_time`: what blocks, what clears it, and a suggestion that really helps."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain import acts
from domain.calendar import Duration
from domain.chain import timeline
from domain.checks.lead_time import lead_time
from domain.finding import Finding
from domain.plan import Plan, Window
from tests.plans import (
    MODULES,
    START,
    at,
    chain_of_five,
    office_hours,
    plan,
    step,
    window_of,
    within,
)
from tests.unit.play import Play

DAY = 86_400


def findings(planned: Plan, now: datetime = START) -> dict[str, str]:
    """Severity by finding."""
    return {f.id: f.severity for f in lead_time(planned, office_hours(), now)}


def test_a_due_before_the_answer_can_come_blocks() -> None:
    assert findings(plan(step("marketing", deliver_by=9))) == {"lead_time:marketing": "block"}
    assert findings(plan(step("marketing", deliver_by=-1))) == {"lead_time:marketing": "block"}
    assert findings(plan(step("marketing", deliver_by=0))) == {"lead_time:marketing": "block"}
    assert findings(plan(step("marketing", deliver_by=10))) == {}


def test_a_due_before_everybodys_last_moment_blocks() -> None:
    late = plan(
        step("product"),
        step("marketing", ["product"], deliver_by=19),
        step("channel", deliver_by=10),
    )
    assert findings(late) == {"lead_time:marketing": "block"}
    assert lead_time(late, office_hours(), START, frozenset({"product"})) == ()


def test_findings_belong_to_marketing_or_to_the_step_itself() -> None:
    with_marketing = plan(step("channel", deliver_by=5), step("marketing"))
    assert [f.step for f in lead_time(with_marketing, office_hours(), START)] == ["marketing"]
    without = plan(step("channel", deliver_by=5))
    assert [f.step for f in lead_time(without, office_hours(), START)] == ["channel"]


def test_answered_steps_are_not_judged_again() -> None:
    late = plan(step("marketing", deliver_by=5))
    assert lead_time(late, office_hours(), START, frozenset({"marketing"})) == ()


def test_figures_say_how_late() -> None:
    [finding] = lead_time(plan(step("marketing", deliver_by=4)), office_hours(), START)
    assert finding.figures == {
        "step": "marketing",
        "answer_by": "2026-11-02T01:00:10Z",
        "deliver_by": "2026-11-02T01:00:04Z",
        "late_seconds": 6,
    }
    assert finding.suggested_counter is None, "an instant that was named moves with no window"


def test_the_check_runs_again_when_its_step_is_asked() -> None:
    """All took their time before, and product longer than that."""
    play = Play(plan(step("product"), step("marketing", ["product"], deliver_by=20)))
    assert play.standing().findings == ()
    play.wait_until(11)
    play.sign("product")
    [late] = play.standing().findings
    assert (late.severity, late.state, late.figures["late_seconds"]) == ("block", "open", 1)


@pytest.mark.parametrize(("moment", "state"), [(5, "cleared"), (5.001, "open"), (8, "open")])
def test_an_early_answer_clears_what_was_found(moment: float, state: str) -> None:
    """Channel comes last: product's and marketing's time are both ahead of it."""
    play = Play(
        plan(
            step("product"),
            step("marketing", ["product"]),
            step("channel", ["marketing"], deliver_by=25),
        )
    )
    assert [(f.id, f.state) for f in play.standing().findings] == [("lead_time:channel", "open")]
    play.wait_until(moment)
    play.sign("product")
    [finding] = play.standing().findings
    assert finding.state == state
    signed = acts.Sign("marketing", play.step("marketing").digest)
    code = "blocked_by_finding" if state == "open" else ""
    assert play.refused("lead.marketing", signed) == code


def test_the_timeline_takes_what_is_answered_as_answered_now() -> None:
    planned = plan(step("product"), step("marketing", ["product"]), step("channel", ["marketing"]))
    everybody = timeline(planned, office_hours(), START)
    assert [entry.answer_by for entry in everybody] == [at(10), at(20), at(30)]
    later = timeline(planned, office_hours(), at(3), frozenset({"product"}))
    assert [entry.answer_by for entry in later] == [at(3), at(13), at(23)]


def test_a_due_that_is_past_says_so() -> None:
    [past] = lead_time(plan(step("marketing", deliver_by=-1)), office_hours(), START)
    assert past.message == "“marketing” was due at 2026-11-02T00:59:59Z already."
    [late] = lead_time(plan(step("marketing", deliver_by=4)), office_hours(), START)
    assert late.message.endswith("its answer comes only at 2026-11-02T01:00:10Z.")


def moved(planned: Plan, finding: Finding) -> Plan:
    """The plan after its finding's suggestion."""
    assert finding.suggested_counter is not None
    change = finding.suggested_counter["plan"]
    assert isinstance(change, dict)
    window = Window(*(datetime.fromisoformat(change["window"][key]) for key in ("start", "end")))
    calendar = office_hours()
    steps = tuple(
        replace(s, deliver_by=calendar.before(window.start, s.lead_time)) if s.lead_time else s
        for s in planned.steps
    )
    return replace(planned, window=window, steps=steps)


def with_lead_times(days: int, leads: list[int], answer_within: str) -> Plan:
    """The standard chain, its window so many days away."""
    calendar, start = office_hours(), START + timedelta(days=days)
    chain = chain_of_five(answer_within=answer_within)
    steps = tuple(
        replace(
            planned,
            lead_time=Duration(business_days=lead),
            deliver_by=calendar.before(start, Duration(business_days=lead)),
        )
        for planned, lead in zip(chain.steps, leads, strict=True)
    )
    return replace(chain, window=Window(start, start + timedelta(days=30)), steps=steps)


@given(
    days=st.integers(0, 40),
    leads=st.lists(st.integers(1, 10), min_size=len(MODULES), max_size=len(MODULES)),
    answer_within=st.sampled_from(["1bd", "2bd", "PT4H"]),
    hours=st.integers(0, 200),
)
def test_the_suggested_counter_makes_the_finding_disappear(
    days: int, leads: list[int], answer_within: str, hours: int
) -> None:
    planned, now = with_lead_times(days, leads, answer_within), START + timedelta(hours=hours)
    found = lead_time(planned, office_hours(), now)
    assume(found)
    for finding in found:
        better = moved(planned, finding)
        assert window_of(better).end - window_of(better).start == timedelta(days=30)
        assert finding.id not in findings(better, now)


def test_no_earlier_whole_day_would_do() -> None:
    planned = with_lead_times(12, [10, 7, 5, 3, 3], "2bd")
    for finding in lead_time(planned, office_hours(), START):
        better = moved(planned, finding)
        days = (window_of(better).start - window_of(planned).start).days
        for fewer in range(1, days):
            start = window_of(planned).start + timedelta(days=fewer)
            window = {"start": start.isoformat(), "end": start.isoformat()}
            earlier = replace(finding, suggested_counter={"plan": {"window": window}})
            assert finding.id in findings(moved(planned, earlier))


def test_a_lead_time_that_nothing_can_meet_has_no_suggestion() -> None:
    endless = replace(step("marketing", deliver_by=5), lead_time=Duration(business_days=2000))
    [finding] = lead_time(plan(endless), office_hours(), START)
    assert finding.suggested_counter is None


def test_a_duration_in_seconds_is_a_lead_time_too() -> None:
    planned = plan(replace(step("marketing", deliver_by=5), lead_time=within(95)))
    [finding] = lead_time(planned, office_hours(), START)
    better = moved(planned, finding)
    assert window_of(better).start == at(100 + DAY)
    assert findings(better) == {}
