"""Changing immutable values: what `dataclasses.replace` does, in half the time.

A decision changes a launch or a commitment some forty times, each time one or two of their twenty
fields; copying the others without the constructor is what makes the difference.
"""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")

Setters = tuple[Callable[[Any, Any], None], ...]


def _replace(record: T, **changes: Any) -> T:  # noqa: ANN401 - whatever the fields hold
    """The frozen dataclass with these fields changed. AttributeError for a name that is no field.

    Only for dataclasses with slots and without `__post_init__`: no constructor is called.
    """
    kind: Any = type(record)
    read, setters = _parts(kind)
    changed: T = object.__new__(kind)
    for put, value in zip(setters, read(record), strict=True):
        put(changed, value)
    for name, value in changes.items():
        object.__setattr__(changed, name, value)
    return changed


@cache
def _parts(kind: Any) -> tuple[Callable[[Any], tuple[Any, ...]], Setters]:  # noqa: ANN401 - a class
    names = [field.name for field in fields(kind)]
    if hasattr(kind, "__post_init__") or len(names) < _FEWEST:
        message = f"{kind.__name__} needs its constructor"
        raise TypeError(message)
    return attrgetter(*names), tuple(getattr(kind, name).__set__ for name in names)


_FEWEST = 2  # of one field `attrgetter` gives no tuple

if TYPE_CHECKING:  # the fields' names and types are checked where it is used
    from dataclasses import replace as replace  # noqa: PLC0414 - for others
else:
    replace = _replace
