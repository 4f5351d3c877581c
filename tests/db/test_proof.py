"""The chain of hashes, damaged at random."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from db.ledger import GENESIS, chained
from db.proof import chain_problems
from tests.db.story import stalled_story

ROWS = chained("L1", stalled_story().entries, GENESIS)


def _cut(rows: list[Any], data: st.DataObject) -> None:
    del rows[data.draw(st.integers(0, len(rows) - 2))]


def _swap(rows: list[Any], data: st.DataObject) -> None:
    one, other = data.draw(
        st.lists(st.sampled_from(range(len(rows))), min_size=2, max_size=2, unique=True)
    )
    rows[one], rows[other] = (
        {**rows[other], "seq": rows[one]["seq"]},
        {**rows[one], "seq": rows[other]["seq"]},
    )


def _edit(rows: list[Any], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(rows) - 1))
    name = data.draw(st.sampled_from(["type", "actor", "data", "hash", "prev_hash"]))
    rows[index] = {**rows[index], name: rows[index][name] + data.draw(st.sampled_from("x ,"))}


@given(data=st.data())
@settings(max_examples=100)
def test_any_single_damage_to_a_chain_is_found(data: st.DataObject) -> None:
    rows = [dict(row) for row in ROWS]
    harm: Callable[[list[Any], st.DataObject], None] = data.draw(
        st.sampled_from((_cut, _swap, _edit))
    )
    harm(rows, data)
    assert list(chain_problems("L1", rows))
