"""Keys that somebody chose, as they may be shown."""

from collections.abc import Iterable
from typing import Literal

from domain.blameless.scrub import Scrubber
from domain.organisation import Person

Kind = Literal["step", "module", "department", "template"]


class Keys:
    """Keys of steps, modules, departments and templates: one in which somebody's name stands gives
    way to a number, the same one in the whole document.

    A blank is in no key, so no number is taken for one.
    """

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self._scrubber = Scrubber(people, str)
        self._shown: dict[tuple[Kind, str], str] = {}
        self._hidden: dict[Kind, int] = {}

    def shown(self, kind: Kind, key: str) -> str:
        known = self._shown.get((kind, key))
        if known is None:
            known = self._shown[kind, key] = self._numbered(kind) if self._names_one(key) else key
        return known

    def _names_one(self, key: str) -> bool:
        """A low line joins words as a hyphen does."""
        return bool(self._scrubber.scrub(key.replace("_", "-")).found)

    def _numbered(self, kind: Kind) -> str:
        self._hidden[kind] = number = self._hidden.get(kind, 0) + 1
        return f"{kind} {number}"
