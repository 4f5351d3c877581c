"""What a worker remembers of launches, so that recording the next entry needs no fold.

It is never believed over the rows: what is remembered counts only for the hash of the last row it
was folded from.
"""

from collections import OrderedDict
from dataclasses import dataclass

from db.projection import Projection
from domain.launch import Launch


@dataclass(frozen=True, slots=True)
class Folded:
    """A launch folded up to the row with this hash, and its read model."""

    launch: Launch
    projection: Projection
    hash: str


class Memory:
    """The launches used last, at most `size` of them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._folded: OrderedDict[str, Folded] = OrderedDict()

    def recall(self, launch: str, last_hash: str) -> Folded | None:
        """The launch as folded up to exactly that row, or None."""
        known = self._folded.get(launch)
        return known if known is not None and known.hash == last_hash else None

    def keep(self, folded: Folded) -> None:
        """Remember this state of a launch instead of an earlier one."""
        self._folded.pop(folded.launch.id, None)
        self._folded[folded.launch.id] = folded
        if len(self._folded) > self._size:
            self._folded.popitem(last=False)
