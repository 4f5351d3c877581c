from hypothesis import given
from hypothesis import strategies as st

from domain.precedence import find_cycles, ordered

KEYS = "abcdefg"
graphs = st.fixed_dictionaries(
    {key: st.lists(st.sampled_from(KEYS), unique=True, max_size=3).map(tuple) for key in KEYS}
)


def test_the_order_is_stable_by_file_order() -> None:
    assert ordered({"c": (), "b": ("a",), "a": (), "d": ("b",)}) == ("c", "a", "b", "d")


def test_a_cycle_is_named_in_the_order_of_work() -> None:
    assert find_cycles({"a": ("c",), "b": ("a",), "c": ("b",), "d": ("c",)}) == (("a", "b", "c"),)
    assert find_cycles({"a": ("a",), "b": ("x", "a")}) == (("a",),)
    assert find_cycles({"a": ("b",), "b": ("a",), "c": ("d",), "d": ("c",)}) == (
        ("a", "b"),
        ("c", "d"),
    )


@given(graphs)
def test_either_everything_is_ordered_or_a_cycle_is_named(
    graph: dict[str, tuple[str, ...]],
) -> None:
    order, cycles = ordered(graph), find_cycles(graph)
    assert (len(order) == len(graph)) == (not cycles)
    for place, key in enumerate(order):
        assert set(graph[key]) <= set(order[:place])
    for cycle in cycles:
        for before, key in zip((cycle[-1], *cycle), cycle, strict=False):
            assert before in graph[key]
    broken = {key for cycle in cycles for key in cycle}
    assert not find_cycles({key: before for key, before in graph.items() if key not in broken})
