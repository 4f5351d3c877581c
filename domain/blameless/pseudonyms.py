"""Pseudonyms: who acted, without saying who. They hold within one report and nowhere else."""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from domain.escalation import SYSTEM
from domain.events import Entry

LETTERS: Final = "bcdfghjkmnpqrstvwxz"
"""Without vowels, so that no pseudonym is a word or a name; without digits, nor a number."""
SHORTEST: Final = 4
ALIAS: Final = re.compile(rf"#[{LETTERS}]{{{SHORTEST},}}")
"""A pseudonym in a text."""


class Pseudonyms:
    """Names people by letters that only the report's own `salt` leads to: `#k7fd`.

    The same report names them alike each time, whatever else it comes to tell; two reports have
    nothing in common. The salt is the signature of the run's start: nobody can guess it, and it is
    in no report.
    """

    def __init__(self, salt: str) -> None:
        self._salt = salt
        self._taken: dict[str, str] = {}

    @classmethod
    def of_run(cls, entries: Sequence[Entry]) -> "Pseudonyms":
        """Those of the report on this run."""
        first = entries[0]
        return cls(first.jws or first.command or "")

    def of(self, person: str) -> str:
        """The person's pseudonym; the system has no need of one."""
        if person == SYSTEM:
            return SYSTEM
        code, length = self._code(person), SHORTEST
        while self._taken.setdefault(name := f"#{code[:length]}", person) != person:
            length += 1
        return name

    def _code(self, person: str) -> str:
        number = int.from_bytes(sha256(f"{self._salt}\n{person}".encode()).digest())
        letters = []
        while number:
            number, place = divmod(number, len(LETTERS))
            letters.append(LETTERS[place])
        return "".join(letters)
