"""What a launch asks of the world outside, as typed signatures with pinned names.

The workflow calls these by name, so that its sandbox loads no storage; activities implement them.
"""

from dataclasses import dataclass
from typing import Literal

from domain.events import Entry

RECORD: Literal["ledger.record"] = "ledger.record"
STAND_DOWN: Literal["notices.stand_down"] = "notices.stand_down"


@dataclass(frozen=True, slots=True)
class Append:
    """Entries to be written to a launch's ledger, gapless from the first one's `seq`.

    `answers` is the command whose reply is the launch as it stands after them. There are none
    where the act was refused, or, as `fault` says, where the rules stumbled over it.
    """

    launch: str
    entries: tuple[Entry, ...]
    answers: str | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """`adopted` None: written as proposed. Otherwise the rows that already stood from that seq on:

    the ledger wins, and the launch takes these instead of its own. `fault`: nothing was written,
    because the rules of that time had nothing to write; so it stays, whatever they say today.
    `refused` likewise: they refused the act.
    """

    adopted: tuple[Entry, ...] | None = None
    fault: str | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class StandDown:
    """Undo what a step had set going and tell everyone who signed it; once per launch and step."""

    launch: str
    step: str
    people: tuple[str, ...]
