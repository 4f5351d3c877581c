"""Histories packed and unpacked: the same each time, and every damage is noticed."""

import gzip
import random
from collections.abc import Callable, Sequence

import pytest
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from runtime.history import HistoryDamaged, builds, has_ended, pack, unpack
from tests.replay.goldens import names, read

NAMES = names()
Events = Sequence[HistoryEvent]


@pytest.mark.parametrize("name", NAMES)
def test_what_was_packed_comes_back(name: str) -> None:
    run = read(name).history
    [again] = unpack(pack([run]), name)
    assert again.workflow_id == f"launch-{name}"
    assert again.run_id == run.run_id
    assert list(again.events) == list(run.events)
    assert has_ended([again])
    assert builds([again])


def test_runs_keep_their_order_and_are_packed_the_same_each_time() -> None:
    runs = [read(name).history for name in NAMES[:3]]
    assert pack(runs) == pack(runs)
    assert [run.run_id for run in unpack(pack(runs), "L")] == [run.run_id for run in runs]


def test_a_run_that_goes_on_has_not_ended() -> None:
    run = read("diamond").history
    assert not has_ended([WorkflowHistory(run.workflow_id, run.events[:-1])])


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_history_is_not_taken_for_one(seed: int) -> None:
    """One octet is another, or the end is missing, at some place."""
    chance = random.Random(seed)
    packed = bytearray(pack([read("diamond").history]))
    place = chance.randrange(12, len(packed) - 1)
    if chance.random() < 0.5:
        packed[place] ^= 1 << chance.randrange(8)
    else:
        del packed[place:]
    with pytest.raises(HistoryDamaged):
        unpack(bytes(packed), "diamond")


@pytest.mark.parametrize(
    "framed", [b"", b"\0\0\0\0", b"\0\0\0\x09short", b"\0\0\0\x02\xff\xff"], ids=str
)
def test_what_holds_no_run_is_damaged(framed: bytes) -> None:
    with pytest.raises(HistoryDamaged):
        unpack(gzip.compress(framed), "L")


CUTS = {
    "the first event": lambda events: events[1:],
    "all but the first event": lambda events: events[:1],
    "events in the middle": lambda events: [*events[:4], *events[6:]],
    "an event twice": lambda events: [*events[:4], *events[3:]],
    "one empty event": lambda events: [HistoryEvent(event_id=1)],
}


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_a_history_with_a_gap_is_damaged(cut: Callable[[Events], Events]) -> None:
    """The replayer would never come back from it."""
    run = read("diamond").history
    cut_run = WorkflowHistory(run.workflow_id, cut(list(run.events)))
    with pytest.raises(HistoryDamaged):
        unpack(pack([cut_run]), "diamond")
