"""Whatever is submitted: a plan, an organisation, or errors that each name a path. Never else."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.intake.errors import InvalidDocument
from api.intake.organisation import read_organisation
from api.intake.organisation_dump import organisation_document
from api.intake.text import load_json, load_yaml
from domain.plan_document import plan_document
from tests.api.intake.samples import organisation_body, plan_body, resolve

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(exclude_categories=()), max_size=12),
    st.sampled_from(("PT5S", "2bd", "2026-12-01", "9999-12-31T23:59:59Z", "service", "planner",
                     "lead:product", "standard-launch", "1.00", "today+1d", "*")),
)  # fmt: skip
names = st.one_of(
    st.sampled_from(("code", "window", "start", "end", "steps", "key", "after", "offers", "pools",
                     "people", "roles", "from", "to", "ladder", "policy", "customer", "id")),
    st.text(st.characters(exclude_categories=()), max_size=6),
)  # fmt: skip
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=5),
    max_leaves=12,
)


def places_in(tree: object, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every path of a tree, its own included."""
    if isinstance(tree, dict):
        inner = [places_in(value, (*here, key)) for key, value in tree.items()]
    elif isinstance(tree, list):
        inner = [places_in(value, (*here, index)) for index, value in enumerate(tree)]
    else:
        inner = []
    return [here, *(place for places in inner for place in places)]


FULL_PLAN = plan_document(resolve(plan_body()))
PLAN_PLACES = [place for place in places_in(FULL_PLAN) if place]
ORGANISATION_PLACES = [place for place in places_in(organisation_body()) if place]


def replaced(tree: Any, place: tuple[str | int, ...], value: object) -> Any:  # noqa: ANN401 -- any JSON
    if not place:
        return value
    copied = tree.copy()
    copied[place[0]] = replaced(tree[place[0]], place[1:], value)
    return copied


def judge(invalid: InvalidDocument) -> None:
    assert invalid.errors
    for error in invalid.errors:
        assert error.path
        assert error.code
        assert error.message
        f"{error.path}{error.message}".encode()


@given(trees | st.dictionaries(names, trees, max_size=8))
def test_any_tree_is_read_or_refused(tree: object) -> None:
    for read in (resolve, read_organisation):
        try:
            read(tree)
        except InvalidDocument as invalid:
            judge(invalid)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(PLAN_PLACES), trees), min_size=1, max_size=3))
def test_any_value_in_a_plan_is_read_or_refused(
    changes: list[tuple[tuple[str | int, ...], object]],
) -> None:
    raw = FULL_PLAN
    for place, value in changes:
        try:
            raw = replaced(raw, place, value)
        except (KeyError, IndexError, TypeError, AttributeError):
            continue  # An earlier change took that place away.
    try:
        plan = resolve(raw)
    except InvalidDocument as invalid:
        judge(invalid)
    else:
        assert resolve(plan_document(plan)) == plan


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(ORGANISATION_PLACES), trees)
def test_any_value_in_an_organisation_is_read_or_refused(
    place: tuple[str | int, ...], value: object
) -> None:
    try:
        known = read_organisation(replaced(organisation_body(), place, value))
    except InvalidDocument as invalid:
        judge(invalid)
    else:
        assert read_organisation(organisation_document(known)) == known


@given(
    st.binary(max_size=60) | st.text(st.sampled_from("a:- \n[]{}&*!|>'\"#%@`?,.1~<\t"), max_size=40)
)
def test_any_text_is_decoded_or_refused(content: bytes | str) -> None:
    for load in (load_yaml, load_json):
        try:
            load(content)
        except InvalidDocument as invalid:
            judge(invalid)
