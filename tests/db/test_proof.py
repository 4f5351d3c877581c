from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.ledger import GENESIS, chained
from db.proof import Problem, chain_problems, signature_problems
from domain.events import CommitmentSigned
from runtime.signing import generate_key, public_jwk
from tests.db.story import JWK, Story, signed_story, stalled_story

# -- signatures: the whole chain was computed anew -----------------------------------------------


def signatures_of(story: Story, entries: tuple[Any, ...], jwk: Any = JWK) -> list[Problem]:  # noqa: ANN401 - a key
    rows = chained(story.id, entries, GENESIS)
    assert list(chain_problems(story.id, rows)) == []
    return list(signature_problems(story.id, rows, {jwk["kid"]: jwk}))


def edited(story: Story, **values: Any) -> tuple[Any, ...]:  # noqa: ANN401 - columns
    """The story with its first signature changed."""
    index = next(
        i for i, entry in enumerate(story.entries) if isinstance(entry.event, CommitmentSigned)
    )
    entry = replace(story.entries[index], **values)
    return (*story.entries[:index], entry, *story.entries[index + 1 :])


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"actor": "lead.service"}, "another person"),
        ({"command": "L1-99"}, "another command"),
        ({"jws": None}, "without a signature"),
        ({"jws": "a.b.c"}, "signature refused"),
        ({"jws": "nonsense"}, "not a compact JWS"),
    ],
)
def test_a_signature_that_does_not_fit_is_named(values: dict[str, Any], says: str) -> None:
    story = signed_story()
    (problem,) = signatures_of(story, edited(story, **values))
    assert (problem.seq, problem.kind) == (3, "signature")
    assert says in problem.detail


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"digest": "sha256:" + "1" * 64}, "another content"),
        ({"note": "only if it rains"}, "another content"),
        ({"step": "service"}, "another step"),
    ],
)
def test_a_signature_of_other_terms_is_named(change: dict[str, Any], says: str) -> None:
    story = signed_story()
    event = next(e.event for e in story.entries if isinstance(e.event, CommitmentSigned))
    (problem,) = signatures_of(story, edited(story, event=replace(event, **change)))
    assert says in problem.detail


def test_every_act_of_a_person_needs_a_signature_of_a_trusted_key() -> None:
    story = signed_story()
    acts = {entry.command for entry in story.entries} - {None}
    assert signatures_of(story, story.entries) == []
    assert len(signatures_of(story, story.entries, public_jwk(generate_key()))) == len(acts)


def test_a_signature_counts_for_its_own_launch_only() -> None:
    story = signed_story("L1")
    story.id = "L2"
    assert {p.detail for p in signatures_of(story, story.entries)} == {
        "the signature is for another launch"
    }


# -- the chain, at random ------------------------------------------------------------------------

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
