"""Where the time of a run went; instants are in seconds from its start."""

from datetime import timedelta

import pytest

from domain import acts
from domain.telling import frames
from domain.waits import Stretch, Waits, waits
from tests.plans import at, chain_of_five, plan, step
from tests.replay.goldens import names, read
from tests.unit.play import Play, seconds


def told(play: Play) -> Waits:
    return waits(frames(play.entries), play.now)


def path(found: Waits) -> list[tuple[str, str, float, float]]:
    """Each stretch as interface, what was wanted, and its begin and end in seconds from START."""
    return [
        (s.wait.interface, s.wait.wanted, seconds(s.since) or 0.0, seconds(s.until) or 0.0)
        for s in found.path
    ]


def length(stretches: tuple[Stretch, ...]) -> timedelta:
    return sum((s.until - s.since for s in stretches), timedelta())


def beside(found: Waits) -> set[tuple[str, str, float]]:
    return {
        (t.wait.interface, t.wait.wanted, t.elapsed.total_seconds())
        for t in found.totals
        if not t.critical
    }


def test_signatures_one_after_the_other() -> None:
    play = Play(chain_of_five())
    play.wait(3)
    play.sign("product")
    play.wait(2)
    play.sign("marketing")
    play.wait(1)
    assert path(told(play)) == [
        ("product→marketing", "sign", 0, 3),
        ("marketing→communications", "sign", 3, 5),
        ("communications→channel", "sign", 5, 6),
    ]
    assert beside(told(play)) == {
        ("product→marketing", "report", 3),
        ("marketing→communications", "report", 1),
    }


def test_the_longer_branch_is_critical() -> None:
    chain = (
        step("product"),
        step("marketing", ("product",), customer="service"),
        step("channel", ("product",), customer="service"),
        step("service", ("marketing", "channel"), customer="planner"),
    )
    play = Play(plan(*chain))
    play.wait(1)
    play.sign("product")
    play.wait(1)
    play.sign("marketing")
    play.wait(3)
    play.sign("channel")
    play.wait(1)
    play.sign("service")
    assert path(told(play)) == [
        ("product→planner", "sign", 0, 1),
        ("channel→service", "sign", 1, 5),
        ("service→planner", "sign", 5, 6),
    ]
    assert ("marketing→service", "sign", 1.0) in beside(told(play))


def test_a_question_holds_nothing_up() -> None:
    play = Play(chain_of_five())
    play.wait(1)
    play.do("lead.product", acts.Ask("product", "For whom?"))
    play.wait(1)
    play.do("planner.personal", acts.Reply("product", "All."))
    play.wait(1)
    play.sign("product")
    assert path(told(play)) == [("product→marketing", "sign", 0, 3)]
    assert beside(told(play)) == {("planner→product", "reply", 1)}


def test_a_decline_makes_the_planner_critical() -> None:
    play = Play(chain_of_five())
    play.wait(1)
    play.do("lead.product", acts.Decline("product", "Too early."))
    play.wait(2)
    play.do("planner.personal", acts.Request("product", "Please."))
    play.wait(1)
    play.sign("product")
    assert path(told(play)) == [
        ("product→marketing", "sign", 0, 1),
        ("planner→product", "repair", 1, 3),
        ("product→marketing", "sign", 3, 4),
    ]


def test_a_stop_is_the_sponsors() -> None:
    play = Play(chain_of_five())
    play.wait(1)
    play.do("lead.channel", acts.StopLaunch("Wait."))
    play.wait(2)
    play.do("sponsor", acts.ResumeLaunch("Go on."))
    play.wait(1)
    play.sign("product")
    assert path(told(play)) == [
        ("product→marketing", "sign", 0, 1),
        ("sponsor→launch", "resume", 1, 3),
        ("product→marketing", "sign", 3, 4),
    ]


def test_what_a_stop_interrupted_is_what_went_on_after_it() -> None:
    """The other branch had time, although its answer was due first."""
    chain = (
        step("marketing", customer="service", answer_within=5),
        step("channel", customer="service", answer_within=20),
        step("service", ("marketing", "channel"), customer="planner"),
    )
    play = Play(plan(*chain))
    play.wait(3)
    play.do("lead.channel", acts.StopLaunch("Wait."))
    play.wait(2)
    play.do("sponsor", acts.ResumeLaunch("Go on."))
    play.sign("marketing")
    play.wait(6)
    play.sign("channel")
    play.wait(1)
    play.sign("service")
    assert path(told(play))[:3] == [
        ("channel→service", "sign", 0, 3),
        ("sponsor→launch", "resume", 3, 5),
        ("channel→service", "sign", 5, 11),
    ]


def test_the_calendar_is_waited_for_when_everything_is_there() -> None:
    """The delivery is due before the window: until it is there, it is what is waited for."""
    play = Play(plan(step("product", deliver_by=90, answer_within=10), window=(100, 200)))
    play.wait(2)
    play.sign("product")
    play.wait(10)
    assert path(told(play))[-1] == ("product→planner", "report", 2, 12), "still open"
    play.do("lead.product", acts.Report("product", "There."))
    play.wait(3)
    play.do("planner.personal", acts.Accept("product"))
    play.wait_until(101)
    assert path(told(play)) == [
        ("product→planner", "sign", 0, 2),
        ("product→planner", "report", 2, 12),
        ("planner→product", "accept", 12, 15),
        ("calendar→launch", "window_start", 15, 100),
        ("calendar→launch", "window_end", 100, 101),
    ]


def test_a_held_gate_is_held_by_what_is_missing() -> None:
    play = Play(plan(step("product", deliver_by=90, answer_within=10), window=(100, 200)))
    play.sign("product")
    play.wait_until(110)
    assert path(told(play)) == [("product→planner", "report", 0, 110)]
    assert ("sponsor→launch", "gate", 10.0) in beside(told(play))
    play.wait_until(130)
    assert play.standing().ending == "failed"
    assert path(told(play))[0] == ("product→planner", "report", 0, 120)


def test_time_that_runs_backwards_counts_as_none() -> None:
    """I22: the order is that of the seqs, whatever a clock says."""
    play = Play(chain_of_five())
    play.wait(3)
    play.sign("product")
    play.now = at(2)
    play.sign("marketing")
    play.now = at(4)
    play.sign("communications")
    assert path(told(play)) == [
        ("product→marketing", "sign", 0, 3),
        ("communications→channel", "sign", 3, 4),
    ]


def test_a_run_of_no_length_has_no_waits() -> None:
    play = Play(chain_of_five())
    assert told(play) == Waits((), ())


@pytest.mark.parametrize("name", names())
def test_the_critical_waits_of_a_recorded_run_are_as_long_as_it_was(name: str) -> None:
    story = frames(read(name).ledger)
    found = waits(story, story[-1].at)
    whole = story[-1].at - story[0].at
    assert length(found.path) == whole
    assert sum((t.elapsed for t in found.totals if t.critical), timedelta()) == whole
    assert story[-1].launch.phase == "closed"
    assert waits(story, story[-1].at + timedelta(days=1)) == found, "what is over stays as it was"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("failed-by-repair", ["sign", "sign", "sign", "repair", "compensation"]),
        ("cancelled", ["sign", "sign", "sign", "sign", "compensation"]),
        ("gate-held-and-waived", ["sign", "sign", "sign", "window_end"]),
        (
            "stopped-across-a-deadline",
            ["sign", "resume", "sign", "sign", "window_start", "window_end"],
        ),
    ],
)
def test_what_a_recorded_run_waited_for(name: str, wanted: list[str]) -> None:
    story = frames(read(name).ledger)
    assert [s.wait.wanted for s in waits(story, story[-1].at).path] == wanted
