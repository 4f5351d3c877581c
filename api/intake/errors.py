"""What is wrong with a submitted document: every error at once, each with its path and a sentence.

Paths are those of the document (`offers[0].pay`); where a text could not be read at all, the path
is the place in it (`line 4, column 7`). Sentences are for planners, codes for programs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from domain.errors import CountersignError

WHOLE_DOCUMENT = "(document)"
"""The path of an error that concerns the document as such."""

_LONGEST_SHOWN = 60
_MOST_NAMED = 12
_MOST_ERRORS = 500


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing that is wrong, as it stands in a problem's `errors[]`."""

    path: str
    code: str
    message: str


class InvalidDocument(CountersignError):
    """A document cannot be used; `errors` are all of them, ordered as found, never empty."""

    code = "invalid"
    status = 422

    def __init__(self, errors: Iterable[FieldError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{e.path}: {e.message}" for e in self.errors))


@dataclass(slots=True)
class Faults:
    """Collects errors while a document is read, so that reading goes on after the first.

    A document with more than 500 errors is told the first 500 and that there are more.
    """

    found: list[FieldError] = field(default_factory=list)

    def add(self, path: str, code: str, message: str) -> None:
        """Note an error unless the same is noted already; an empty path is the document."""
        error = FieldError(path or WHOLE_DOCUMENT, code, message)
        if len(self.found) > _MOST_ERRORS or error in self.found:
            return
        if len(self.found) == _MOST_ERRORS:
            error = FieldError(WHOLE_DOCUMENT, "too_many_errors", "has more errors than these")
        self.found.append(error)

    def unknown(self, path: str, noun: str, name: str, known: Iterable[str]) -> None:
        """Note that a name is not among the known ones."""
        self.add(path, "unknown", f"unknown {noun} “{shown(name)}”{hint(name, known)}")

    def distinct(self, items: Sequence[str | None] | None, path: str) -> tuple[str, ...]:
        """The entries of a list that could be read, noting those that repeat an earlier one."""
        kept: dict[str, None] = {}
        for index, item in enumerate(items or ()):
            if item in kept:
                self.add(join(path, index), "duplicate", f"repeats “{shown(item)}”")
            elif item is not None:
                kept[item] = None
        return tuple(kept)

    def once(self, keys: Sequence[str | None], path: str, name: str) -> None:
        """Note every entry of a list whose key, the field `name`, an earlier entry has already."""
        seen: dict[str, int] = {}
        for index, key in enumerate(keys):
            if key in seen:
                message = f"“{shown(key)}” is already the {name} of {join(path, seen[key])}"
                self.add(join(join(path, index), name), "duplicate", message)
            elif key is not None:
                seen[key] = index

    def concerns(self, path: str) -> bool:
        """Whether something at or below this path is wrong already."""
        below = (f"{path}.", f"{path}[")
        return any(error.path == path or error.path.startswith(below) for error in self.found)

    def raise_if_any(self) -> None:
        """Raise InvalidDocument with all that was noted, if anything was."""
        if self.found:
            raise InvalidDocument(self.found)


def join(path: str, key: str | int) -> str:
    """The path one level deeper: `offers` + 0 → `offers[0]`, + `pay` → `offers[0].pay`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{shown(key)}" if path else shown(key)


def shown(name: str) -> str:
    """A submitted name as it may be repeated: encodable, no control characters, not too long."""
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
    return (safe if len(safe) <= _LONGEST_SHOWN else f"{safe[:_LONGEST_SHOWN]}…") or '""'


def listed(names: Iterable[str]) -> str:
    """Names for a sentence: `a, b, c`, cut after a dozen."""
    known = list(names)
    more = ", …" if len(known) > _MOST_NAMED else ""
    return ", ".join(known[:_MOST_NAMED]) + more


def hint(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: a close one as a question, or what there is."""
    names = list(known)
    # Comparing a very long text with every name would take seconds.
    if close := get_close_matches(name[:_LONGEST_SHOWN], names, n=1):
        return f"; did you mean “{close[0]}”?"
    return f"; known: {listed(names)}" if names else ""
