"""Bars of charts: how long each is, and what is written at it; how they are drawn is the
template's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.moments import length_of
from domain.words.names import Names
from domain.words.signs import to_do


@dataclass(frozen=True, slots=True)
class Bar:
    """`share` is its length in hundredths of the longest."""

    label: str
    more: str
    text: str
    share: float
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait of a run in words."""

    interface: str
    step: str
    wanted: str
    time: str
    working: str
    is_critical: bool
    share: float

    @property
    def bar(self) -> Bar:
        more = f"{self.step} · {self.wanted}" if self.step else self.wanted
        return Bar(self.interface, more, self.time, self.share, self.is_critical)


def wait_rows(waits: Iterable[Mapping[str, Any]], names: Names) -> list[Wait]:
    """The longest first."""
    rows = sorted(waits, key=lambda wait: -float(wait["seconds"]))
    longest = max((wait["seconds"] for wait in rows), default=0) or 1
    return [
        Wait(
            interface_in_words(wait["interface"], names),
            names.module(wait["step"]) if wait["step"] else "",
            to_do(wait["for"], names.lang),
            length_of(wait["seconds"], names.lang),
            length_of(wait["business_seconds"], names.lang),
            wait["critical"],
            _share(wait["seconds"], longest),
        )
        for wait in rows
    ]


def bars(rows: Sequence[tuple[str, str, float, str]]) -> list[Bar]:
    """Bars of `(label, more, value, text)`, in their order."""
    longest = max((value for _, _, value, _ in rows), default=0) or 1
    return [Bar(label, more, text, _share(value, longest)) for label, more, value, text in rows]


def interface_in_words(interface: str, names: Names) -> str:
    """`product→marketing` as `Product → Marketing`."""
    return " → ".join(map(names.module, interface.split("→")))


def _share(value: float, longest: float) -> float:
    return round(100 * value / longest, 1)
