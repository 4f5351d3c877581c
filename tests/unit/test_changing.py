from dataclasses import dataclass, fields
from dataclasses import replace as copied

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.changing import replace
from domain.launch import Launch
from tests.db.story import Story


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    x: int
    y: int = 0

    def __post_init__(self) -> None:
        raise AssertionError


@given(st.dictionaries(st.sampled_from(["x", "y"]), st.integers()))
def test_it_is_what_the_standard_library_gives(changes: dict[str, int]) -> None:
    point = Point(1, 2)
    assert replace(point, **changes) == copied(point, **changes)
    assert point == Point(1, 2)


def test_the_fields_left_alone_are_the_same_objects() -> None:
    launch = Story().launch
    changed = replace(launch, seq=9)
    assert changed.seq == 9
    for field in fields(Launch):
        if field.name != "seq":
            assert getattr(changed, field.name) is getattr(launch, field.name)


def test_a_field_that_is_not_there_is_an_error() -> None:
    with pytest.raises(AttributeError):
        replace(Point(1), z=3)  # type: ignore[call-arg]


def test_a_value_that_checks_itself_keeps_its_constructor() -> None:
    with pytest.raises(TypeError, match="constructor"):
        replace(object.__new__(Checked), x=1)
