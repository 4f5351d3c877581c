"""Canonical JSON against another implementation of RFC 8785, and the digests made from it."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from domain.canonical import canonical, digest, plain, rfc3339
from domain.terms import Quantity, Terms, terms_digest
from tests.plans import at

EXACT = 2**53 - 1
texts = st.text() | st.sampled_from(["\U0001f600", "￿", "\x00", "\x7f", "\u2028", '"\\/', "é"])
documents = st.recursive(
    st.none() | st.booleans() | st.integers(-EXACT, EXACT) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(documents)
def test_the_bytes_are_those_of_rfc_8785(document: object) -> None:
    assert canonical(document) == rfc8785.dumps(document)  # type: ignore[arg-type]  # JSON by construction


def test_keys_are_ordered_by_utf_16_code_units() -> None:
    document = {"\U0001f600": 1, "\ufb33": 2, "a": 3}
    assert canonical(document) == rfc8785.dumps(document)
    assert canonical(document).decode().index("\U0001f600") < canonical(document).decode().index(
        "\ufb33"
    )


@pytest.mark.parametrize("document", [1.0, {"a": [0.5]}, {1, 2}, b"bytes", object()])
def test_what_has_no_exact_form_is_refused(document: object) -> None:
    with pytest.raises(TypeError):
        canonical(document)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        rfc3339(datetime(2026, 11, 2, 9))  # noqa: DTZ001 - that is the point


def test_instants_are_written_in_utc() -> None:
    east = timezone(timedelta(hours=8))
    assert rfc3339(datetime(2026, 11, 2, 9, tzinfo=east)) == "2026-11-02T01:00:00Z"
    assert rfc3339(datetime(2026, 11, 2, 1, 0, 0, 500_000, tzinfo=UTC)).endswith(":00.500000Z")


def test_values_become_plain_json() -> None:
    @dataclass(frozen=True)
    class Pair:
        left: object
        right: object

    value = Pair((1, date(2026, 11, 2)), {"at": time(18), "inner": Pair(None, 2)})
    assert plain(value) == {
        "left": [1, "2026-11-02"],
        "right": {"at": "18:00:00", "inner": {"left": None, "right": 2}},
    }


TERMS = Terms(
    deliverable="海报 40",
    conditions=("In place",),
    quantities=(Quantity("poster", 40, at(30)),),
    deliver_by=at(60),
)
TERMS_JSON = {
    "deliverable": "海报 40",
    "conditions": ["In place"],
    "quantities": [{"pool": "poster", "quantity": 40, "needed_by": "2026-11-02T01:00:30Z"}],
    "deliver_by": "2026-11-02T01:01:00Z",
}


def test_a_terms_digest_can_be_made_again_by_anybody() -> None:
    document = {"launch": "L1", "step": "s", "attempt": 1, "version": 2, "terms": TERMS_JSON}
    expected = "sha256:" + hashlib.sha256(rfc8785.dumps(document)).hexdigest()  # type: ignore[arg-type]  # JSON
    assert terms_digest("L1", "s", attempt=1, version=2, terms=TERMS) == expected
    assert digest(document) == expected


def test_a_terms_digest_names_launch_step_attempt_and_version() -> None:
    digests = {
        terms_digest(launch, step, attempt=attempt, version=version, terms=TERMS)
        for launch in ("L1", "L2")
        for step in ("s", "t")
        for attempt in (1, 2)
        for version in (1, 2)
    }
    assert len(digests) == 16
