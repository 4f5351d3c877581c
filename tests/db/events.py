"""Events of every class, drawn by Hypothesis from the fields of their dataclasses."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, time
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from domain.calendar import Calendar, Duration, ZoneOffset
from domain.events import Event

KINDS: Final[tuple[type[Event], ...]] = get_args(Event)

# Surrogates are no text in UTF-8, and PostgreSQL stores no NUL.
_texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
_instants = st.datetimes(timezones=st.just(UTC)).filter(lambda at: at.year > 1)
_dates = st.dates(date(2000, 1, 1), date(2100, 1, 1))
_whole = st.integers(0, 2**53)
_json = st.recursive(
    st.none() | st.booleans() | _whole | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=6,
)
_durations = st.builds(Duration, milliseconds=_whole) | st.builds(Duration, business_days=_whole)


@st.composite
def _calendars(draw: st.DrawFn) -> Calendar:
    since = sorted(draw(st.sets(_instants, min_size=1, max_size=3)))
    offsets = tuple(ZoneOffset(at, draw(st.integers(-43_200, 43_200))) for at in since)
    days = st.sets(_dates, max_size=4).map(lambda found: tuple(sorted(found)))
    return Calendar(
        zone="Asia/Shanghai",
        cutoff=draw(st.times(time(6), time(22))),
        offsets=offsets,
        free=draw(days),
        working=draw(days),
        provisional_from=draw(st.none() | _dates),
    )


_PLAIN: Final[Mapping[object, st.SearchStrategy[Any]]] = {
    str: _texts,
    int: _whole,
    bool: st.booleans(),
    datetime: _instants,
    date: _dates,
    NoneType: st.none(),
    object: _json,
    Duration: _durations,
    Calendar: _calendars(),
}


def of_type(kind: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - any annotation of the domain
    """Values of an annotation: a class, a union, a tuple, a mapping or a literal."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, UnionType):
        return st.one_of(*map(of_type, arguments))
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(of_type(arguments[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*map(of_type, arguments))
    if origin is Mapping:
        return st.dictionaries(*map(of_type, arguments), max_size=3)
    return instances(kind)


def instances(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Values of a dataclass with every field drawn."""
    hints = get_type_hints(kind)
    drawn = {field.name: of_type(hints[field.name]) for field in fields(kind)}
    return st.deferred(lambda: st.builds(kind, **drawn))
