"""Which records tell a run that closed."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from db.closed_runs import entries_of
from db.integrity import Record
from db.ledger import GENESIS, chained, row_hash
from db.proof import Problem
from tests.unit.test_insights import delivered

PLAY = delivered()
Rows = list[dict[str, Any]]


def record(change: Callable[[Rows], Rows] = lambda rows: rows) -> Record:
    return Record("L1", tuple(change(chained("L1", PLAY.entries, GENESIS))), ())


def with_hashes(rows: Rows) -> Rows:
    """The chain computed anew, by somebody who knows how."""
    before = GENESIS
    for row in rows:
        row["prev_hash"] = before
        row["hash"] = before = row_hash(row)
    return rows


def with_row(place: int, **changes: Any) -> Callable[[Rows], Rows]:  # noqa: ANN401 - columns
    return lambda rows: with_hashes([*rows[:place], {**rows[place], **changes}, *rows[place + 1 :]])


def test_a_whole_record_tells_its_run() -> None:
    assert entries_of(record()) == tuple(PLAY.entries)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: [],
        lambda rows: rows[1:],
        lambda rows: rows[:-1],
        lambda rows: with_hashes([*rows[:4], *rows[5:]]),
        lambda rows: [*rows[:3], {**rows[3], "actor": "nobody"}, *rows[4:]],
        with_row(3, type="NobodyKnows"),
        with_row(3, data="{}"),
        with_row(3, data="no JSON"),
        with_row(6, step="no-such-step"),
        with_row(1, data=json.dumps({"answer_by": 3})),
    ],
    ids=["empty", "begun", "cut", "gap", "edited", "unknown", "empty", "text", "step", "type"],
)
def test_a_damaged_record_tells_none(change: Callable[[Rows], Rows]) -> None:
    assert entries_of(record(change)) is None


def test_a_row_that_cannot_be_read_tells_none() -> None:
    problem = Problem("L1", 3, "edited", "it cannot be read")
    assert entries_of(Record("L1", record().rows, (problem,))) is None
