"""Free text without people: every id and display name of the directory gives way to a pseudonym.

Whoever is called by a common word takes that word out of the text: rather a word too few than a
name. What is part of a longer word is no name, but in Chinese, which has no blanks between words.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from domain.organisation import Person

KEPT: Final = 4
"""Directories whose names are kept at hand."""

_CJK: Final = "\u2e80-\u9fff\uf900-\ufaff\uac00-\ud7af\uff66-\uff9f\U00020000-\U000323af"
_WORD: Final = rf"[^\W{_CJK}]"
_GAP: Final = r"[\s._·-]*"
_CJK_LETTER: Final = re.compile(f"[{_CJK}]")


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A text without people. `found` has what stood in it, and what stands there now."""

    text: str
    found: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Roll:
    """Every name of a directory as it may be written, whose it is, and the pattern of them all."""

    known: Mapping[str, str]
    names: re.Pattern[str] | None

    def who(self, text: str) -> str:
        """Whose name it is. Letters may be found by others than their own upper and lower case."""
        known = next((self.known[w] for w in _cases(text) if w in self.known), None)
        return known or next(person for name, person in self.known.items() if _is(name, text))


class Scrubber:
    """Takes the people of a directory out of texts."""

    def __init__(self, people: Iterable[Person], alias: Callable[[str], str]) -> None:
        self.alias = alias
        self._roll = roll_of(tuple(people))

    def scrub(self, text: str) -> Scrubbed:
        """The text as it may be shown. Where somebody hides between invisible or wide characters,
        the whole text is told in plain ones.
        """
        names = self._roll.names
        if names is None:
            return Scrubbed(text)
        shown = self._replaced(text, ())
        even = _plain(shown.text)
        return self._replaced(even, shown.found) if names.search(even) else shown

    def text(self, text: str) -> str:
        """The text alone."""
        return self.scrub(text).text

    def document(self, value: Any) -> Any:  # noqa: ANN401 - JSON
        """A JSON document with every text in it scrubbed; its keys are ours."""
        if isinstance(value, str):
            return self.scrub(value).text
        if isinstance(value, Mapping):
            return {key: self.document(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.document(item) for item in value]
        return value

    def _replaced(self, text: str, found: tuple[tuple[str, str], ...]) -> Scrubbed:
        changed = list(found)

        def alias(match: re.Match[str]) -> str:
            name = self.alias(self._roll.who(match[0]))
            changed.append((match[0], name))
            return name

        if self._roll.names is None:
            return Scrubbed(text, found)
        return Scrubbed(self._roll.names.sub(alias, text), tuple(changed))


@lru_cache(maxsize=KEPT)
def roll_of(people: tuple[Person, ...]) -> Roll:
    """The roll of a directory; the same one for the same people, since making it takes a while."""
    known: dict[str, str] = {}
    for person in people:
        for name in (person.id, person.name.en, person.name.zh):
            for written in _cases(name):
                known.setdefault(written, person.id)
    return Roll(known, _pattern(known))


def _plain(text: str) -> str:
    """Compatible forms folded together, invisible characters left out."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")


def _cases(name: str) -> tuple[str, ...]:
    """A name as it may be written, without blanks and separators: some letters change in number
    when they change their case.
    """
    plain = re.sub(r"[\s._·-]+", "", _plain(name))
    return tuple(filter(None, dict.fromkeys((plain, plain.lower(), plain.upper()))))


def _pattern(known: Iterable[str]) -> re.Pattern[str] | None:
    """All names in one pattern, the longest first; bounded where they begin or end as words do."""
    kinds: dict[tuple[bool, bool], list[str]] = {}
    for name in sorted(known, key=len, reverse=True):
        ends = (not _CJK_LETTER.match(name[0]), not _CJK_LETTER.match(name[-1]))
        kinds.setdefault(ends, []).append(_letters(name))
    if not kinds:
        return None
    parts = (
        f"{f'(?<!{_WORD})' if before else ''}(?:{'|'.join(names)}){f'(?!{_WORD})' if after else ''}"
        for (before, after), names in kinds.items()
    )
    return re.compile("|".join(parts), re.IGNORECASE)


def _letters(name: str) -> str:
    """Letters in a row, with or without something between."""
    return _GAP.join(re.escape(letter) for letter in name)


def _is(name: str, text: str) -> bool:
    return re.fullmatch(_letters(name), text, re.IGNORECASE) is not None
