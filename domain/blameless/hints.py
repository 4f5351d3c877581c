"""Hints on wording that looks for somebody to blame: remarks to whoever writes, no refusals."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from domain.organisation import Name


@dataclass(frozen=True, slots=True)
class Blaming:
    """Words, and what helps instead of them."""

    words: tuple[str, ...]
    say: Name


@dataclass(frozen=True, slots=True)
class Hint:
    """A word in a field of a record, and what helps instead."""

    field: str
    word: str
    say: Name


def hints(texts: Mapping[str, str], known: Iterable[Blaming]) -> Iterator[Hint]:
    """The hints on these texts, by field; each word once in a field."""
    listed = [(blaming, _pattern(blaming.words)) for blaming in known]
    for field, text in texts.items():
        for blaming, pattern in listed:
            for word in dict.fromkeys(found.lower() for found in pattern.findall(text)):
                yield Hint(field, word, blaming.say)


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """English words stand alone; Chinese ones have no blanks around them."""
    each = (rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w) for w in words)
    return re.compile("|".join(each), re.IGNORECASE)
