"""What a worker remembers of launches, so that recording the next entry needs no fold.

It is never believed over the rows: what is remembered counts only for the hash of the last row it
was folded from.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace

from db.projection import Projection
from domain.calendar import Calendar
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
        self._calendars: dict[Calendar, Calendar] = {}

    def recall(self, launch: str, last_hash: str) -> Folded | None:
        """The launch as folded up to exactly that row, or None."""
        known = self._folded.get(launch)
        return known if known is not None and known.hash == last_hash else None

    def keep(self, folded: Folded) -> None:
        """Remember this state of a launch instead of an earlier one."""
        launch = folded.launch
        before = self._folded.pop(launch.id, None)
        if before is None or before.launch.calendar is not launch.calendar:
            folded = replace(folded, launch=self._sharing_calendar(launch))
        self._folded[launch.id] = folded
        if len(self._folded) > self._size:
            self._folded.popitem(last=False)

    def _sharing_calendar(self, launch: Launch) -> Launch:
        """The largest part of a launch is the same in all launches of a year."""
        calendar = self._calendars.setdefault(launch.calendar, launch.calendar)
        return replace(launch, calendar=calendar)
