"""Pseudonyms: who acted, without saying who. They hold within one report and nowhere else."""

from domain.escalation import SYSTEM


class Pseudonyms:
    """Names people in the order in which a report comes to speak of them: `person 1`, `person 2`.

    The same report of the same run names them alike each time; two reports have nothing in common.
    """

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, person: str) -> str:
        """The person's pseudonym; the system has no need of one."""
        if person == SYSTEM:
            return SYSTEM
        return self._known.setdefault(person, f"person {len(self._known) + 1}")
