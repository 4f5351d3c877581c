"""Figures over many runs: what one run adds, and what many come to."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain import acts
from domain.canonical import canonical_text
from domain.insights.digest import digest_of
from domain.insights.summary import Run, summary
from tests.plans import PEOPLE, chain_of_five, plan, step
from tests.unit.play import Play


def closed(play: Play) -> Play:
    for _ in range(20):
        while play.standing().compensations:
            pending = play.standing().compensations[0]
            play.carry_out(acts.Command(acts.ReportCompensation(pending.step)))
        if play.standing().phase == "closed":
            return play
        play.wait(50)
    raise AssertionError(play.standing().phase)


def delivered() -> Play:
    """Asked at 0, stopped from 2 to 7, signed at 9; sent back, delivered at 40, live."""
    play = Play(plan(step("product", customer="marketing")))
    play.wait(2)
    play.do("lead.product", acts.StopLaunch("Wait."))
    play.wait(5)
    play.do("sponsor", acts.ResumeLaunch("Go on."))
    play.wait(2)
    play.sign()
    play.wait_until(30)
    play.do("lead.product", acts.Report("product", "It is there."))
    play.wait(4)
    play.do("lead.marketing", acts.Reject("product", "Not all of it."))
    play.wait_until(40)
    play.do("lead.product", acts.Report("product", "Now it is."))
    play.wait(1)
    play.do("lead.marketing", acts.Accept("product"))
    return closed(play)


def step_of(digest: dict[str, Any], key: str = "product") -> dict[str, Any]:
    return next(one for one in digest["steps"] if one["step"] == key)


def test_lengths_are_those_of_the_people_without_stops() -> None:
    digest = digest_of(delivered().entries)
    found = step_of(digest)
    assert found["interface"] == "product→marketing"
    assert found["lengths"] == {
        "answer": [[4, 4]],
        "delivery": [[21, 21], [31, 31]],
        "acceptance": [[4, 4], [1, 1]],
    }
    assert digest["stops"] == [5]
    assert digest["held"] == []
    assert digest["outcome"] == "completed"


def test_promises_and_rework_are_counted() -> None:
    counts = step_of(digest_of(delivered().entries))["counts"]
    assert counts == {"asked": 1, "promised": 1, "rejected": 1, "kept": 1, "kept_on_time": 1}


def test_a_late_delivery_is_kept_and_not_on_time() -> None:
    play = Play(plan(step("product", deliver_by=20)))
    play.sign()
    play.wait_until(50)
    play.deliver()
    counts = step_of(digest_of(closed(play).entries))["counts"]
    assert (counts["kept"], counts.get("kept_on_time"), counts["overdue"]) == (1, None, 1)


def test_what_is_broken_silent_and_held_is_counted() -> None:
    play = Play(plan(step("product"), step("marketing", silence="decline")))
    play.sign()
    play.do("lead.product", acts.Revoke("product", "No."))
    play.wait_until(300)
    digest = digest_of(closed(play).entries)
    assert step_of(digest)["counts"]["broken"] == 1
    assert step_of(digest, "marketing")["counts"]["silent"] == 1
    held = Play(plan(step("product")))
    held.sign()
    held.wait_until(300)
    assert digest_of(closed(held).entries)["held"] == [20]


def test_a_breach_is_a_promise_broken() -> None:
    play = Play(plan(step("product", deliver_by=150), repair_within=10))
    play.sign()
    play.wait_until(260)
    assert step_of(digest_of(closed(play).entries))["counts"]["broken"] == 1


def test_nobody_is_in_a_digest() -> None:
    play = Play(chain_of_five())
    play.sign_all()
    play.do("sponsor", acts.CancelLaunch("lead.product"))
    text = canonical_text([str(digest_of(closed(play).entries))])
    assert not [person for person in PEOPLE if "." in person and person in text]


def test_many_runs_are_summed_with_their_cases() -> None:
    declined = Play(plan(step("product", customer="marketing")))
    declined.wait(6)
    declined.do("lead.product", acts.Decline("product", "No."))
    digests = [digest_of(delivered().entries), digest_of(closed(declined).entries)]
    found = summary([Run(digests[0], ("clash", "tool")), Run(digests[1], ("clash",))])
    assert found["cases"] == 2
    assert found["outcomes"] == {"completed": 1, "cancelled": 0, "failed": 1}
    [row] = found["interfaces"]
    assert (row["interface"], row["step"], row["cases"]) == ("product→marketing", "product", 2)
    assert (row["answer"]["cases"], row["answer"]["median_seconds"]) == (2, 4)
    assert row["answer"]["p90_seconds"] == 6
    assert (row["declined"], row["promises"]["kept"], row["rework"]["rejected"]) == (1, 1, 1)
    assert found["stops"] == {"cases": 1, "times": 1, "median_seconds": 5, "p90_seconds": 5}
    assert found["gates"]["cases"] == 0
    assert found["factors"] == {
        "cases": 2,
        "named": [{"factor": "clash", "cases": 2}, {"factor": "tool", "cases": 1}],
    }


def test_factors_count_where_a_run_was_in_trouble() -> None:
    smooth = Play(plan(step("product", customer="marketing"), step("marketing", ("product",))))
    smooth.sign()
    smooth.deliver()
    smooth.do("lead.marketing", acts.Decline("marketing", "No."))
    digest = digest_of(closed(smooth).entries)
    found = summary([Run(digest, ("tool", "clash")), Run(digest)])
    of = {row["step"]: row["factors"] for row in found["interfaces"]}
    assert of["product"] == {"cases": 0, "named": []}
    assert of["marketing"] == {
        "cases": 1,
        "named": [{"factor": "clash", "cases": 1}, {"factor": "tool", "cases": 1}],
    }
    held = Play(plan(step("product")))
    held.sign()
    held.wait_until(300)
    [row] = summary([Run(digest_of(closed(held).entries), ("tool",))])["interfaces"]
    assert row["factors"]["cases"] == 1, "it held the gate"


def test_no_case_is_no_figure() -> None:
    found = summary([])
    assert found["cases"] == 0
    assert found["interfaces"] == []
    assert found["gates"]["median_seconds"] is None


@given(lengths=st.lists(st.integers(0, 1000), min_size=1, max_size=60))
def test_a_quantile_is_one_of_the_cases_and_no_fewer_lie_below(lengths: list[int]) -> None:
    steps = [
        {"step": "s", "interface": "a→b", "counts": {}, "lengths": {"answer": [[n, n]]}}
        for n in lengths
    ]
    digests = [{"outcome": "failed", "held": [], "stops": [], "steps": [one]} for one in steps]
    answer = summary([Run(digest) for digest in digests])["interfaces"][0]["answer"]
    for name, share in (("median_seconds", 0.5), ("p90_seconds", 0.9)):
        assert answer[name] in lengths
        assert sum(n <= answer[name] for n in lengths) >= share * len(lengths)
        assert sum(n < answer[name] for n in lengths) < share * len(lengths)
