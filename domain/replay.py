"""The replay held against the ledger: the same launch told twice must be the same, value by value.

Both sides are compared in their plain form, so that it does not matter which copy of a class an
entry was told with.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from domain.canonical import plain
from domain.events import Entry


@dataclass(frozen=True, slots=True)
class Difference:
    """One value the two tell differently; `path` is its place in the entry (`event.reason`).

    An entry only one side has differs as a whole: its path is empty, the other side None.
    """

    seq: int
    path: str
    ledger: object
    replay: object

    def __str__(self) -> str:
        where = f"{self.seq}.{self.path}" if self.path else str(self.seq)
        return f"{where}: the ledger says {self.ledger!r}, the replay {self.replay!r}"


def compare(ledger: Sequence[Entry], replay: Sequence[Entry]) -> tuple[Difference, ...]:
    """Every difference, in the order of the ledger; none means that the replay is true."""
    return tuple(
        Difference(place + 1, path, ours, theirs)
        for place in range(max(len(ledger), len(replay)))
        for path, ours, theirs in differing(_at(ledger, place), _at(replay, place))
    )


def differing(ours: Any, theirs: Any, path: str = "") -> Iterator[tuple[str, object, object]]:  # noqa: ANN401 - any two JSON values
    """The places in which two JSON values differ, with what stands there on either side."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        names: Iterable[Any] = dict.fromkeys((*ours, *theirs))
        for name in names:
            yield from differing(ours.get(name), theirs.get(name), f"{path}.{name}".lstrip("."))
        return
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, pair in enumerate(zip(ours, theirs, strict=True)):
            yield from differing(*pair, f"{path}[{index}]")
        return
    if ours != theirs or type(ours) is not type(theirs):
        yield path, ours, theirs


def _at(entries: Sequence[Entry], place: int) -> Any:  # noqa: ANN401 - JSON
    return plain(entries[place]) if place < len(entries) else None
