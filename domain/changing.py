"""Changing immutable values: what `dataclasses.replace` does, in a fifth of the time.

A decision changes a launch or a commitment some forty times, each time one or two of their twenty
fields; copying the others without the constructor is what makes the difference.
"""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")

_put = object.__setattr__


def _replace(record: T, **changes: Any) -> T:  # noqa: ANN401 - whatever the fields hold
    """The frozen dataclass with these fields changed. AttributeError for a name that is no field.

    Only for dataclasses with slots and without `__post_init__`: no constructor is called.
    """
    kind: Any = type(record)
    changed: T = _copier(kind)(record)
    for name, value in changes.items():
        _put(changed, name, value)
    return changed


@cache
def _copier(kind: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - a class
    """A function that copies field by field, written out as `dataclasses` writes constructors."""
    if hasattr(kind, "__post_init__"):
        message = f"{kind.__name__} needs its constructor"
        raise TypeError(message)
    names = [field.name for field in fields(kind)]
    known = {f"set_{name}": getattr(kind, name).__set__ for name in names}
    lines = (f"    set_{name}(copy, record.{name})" for name in names)
    source = ("def copied(record):", "    copy = new(kind)", *lines, "    return copy")
    namespace: dict[str, Any] = {"kind": kind, "new": object.__new__, **known}
    exec("\n".join(source), namespace)  # noqa: S102 - nothing in it but the names of our own fields
    copied: Callable[[Any], Any] = namespace["copied"]
    return copied


if TYPE_CHECKING:  # the fields' names and types are checked where it is used
    from dataclasses import replace as replace  # noqa: PLC0414 - for others
else:
    replace = _replace
