"""What speaks for a run's ledger and what against it, said without naming anybody."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from db.archives import Archived
from db.integrity import Told
from db.proof import Problem
from domain.canonical import plain
from domain.events import Entry
from domain.replay import Difference, compare
from runtime.build import build_id
from runtime.history import Runs, builds
from runtime.signing import PublicJwk
from workflows.replay import Doubt, doubts
from workflows.retelling import Retelling

Source = Literal["archive", "temporal", "ledger"]
Speaks = Literal["damaged", "empty", "no_history", "behind", "differs", "unsigned", "failed"]
"""What kind of thing speaks against a record."""

Document = dict[str, Any]
_EVENT: Final = re.compile(r"\bid: (\d+)")
_TELLING: Final = frozenset(
    {"at", "due", "since", "until", "next_at", "answer_by", "deliver_by", "repair_by", "judge_by"}
    | {"opens_at", "fails_at", "held_since", "passed_at", "started_at", "closed_at", "breach_at"}
    | {"seq", "attempt", "version", "digest", "level", "rung", "kind", "state", "phase", "outcome"}
)
"""The fields whose values are told; any other may name somebody."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a launch is told from. `runs` are None, and `trouble` says why, where only the ledger
    tells it. `stood` entries were in the ledger before the history was read: so many it must have.
    """

    ledger: Told
    trusted: Mapping[str, PublicJwk]
    archived: Archived | None
    source: Source
    runs: Runs | None
    trouble: str | None
    stood: int = 0

    def is_behind(self, story: Retelling) -> bool:
        """The history of a launch at work may lack what the ledger has, for as long as no worker
        has completed the task that wrote it.
        """
        told, entries = story.entries, self.ledger.entries
        is_short = self.source == "temporal" and story.failure is None and len(told) < self.stood
        return is_short and not compare(entries[: len(told)], told)

    def compared(self, story: Retelling) -> tuple[Entry, ...]:
        """The entries a replay must give: not those written while its history was read."""
        if self.source != "temporal":
            return self.ledger.entries
        return self.ledger.entries[: max(self.stood, len(story.entries))]


@dataclass(frozen=True, slots=True)
class Objection:
    """The first thing that speaks against a record, in words that name nobody."""

    kind: Speaks
    said: str
    seq: int | None = None
    difference: Difference | None = None
    is_of_a_build: bool = True


def verification_document(
    evidence: Evidence, story: Retelling | None, objection: Objection | None
) -> Document:
    """What was compared, and what speaks against it, if anything."""
    entries, runs = evidence.ledger.entries, evidence.runs or ()
    return {
        "events": len(entries),
        "source": evidence.source,
        "objection": None if objection is None else objection.kind,
        "detail": None if objection is None else _sentence(objection, story),
        "difference": None if objection is None else _difference(objection.difference),
        "history_events": sum(len(run.events) for run in runs),
        "signatures": sum(entry.jws is not None for entry in entries),
        "recorded_by": list(builds(runs)),
        "replayed_by": build_id(),
        "archive": None if evidence.archived is None else _archive(evidence.archived),
    }


def _archive(archived: Archived) -> Document | None:
    history = archived.history
    if history is None:
        return None
    return {
        "archived_at": plain(archived.archived_at),
        "runs": history.runs,
        "events": history.events,
        "bytes": len(history.packed),
    }


def first_objection(evidence: Evidence, story: Retelling | None) -> Objection | None:
    """Damage to the ledger comes before everything else."""
    ledger = evidence.ledger
    if ledger.problems:
        damage = ledger.problems[0]
        return _forgery(damage, evidence, story) or _damage(damage)
    if not ledger.entries:
        return Objection("empty", "the ledger has no entries of this launch")
    if story is None:
        return Objection(
            "no_history", f"{evidence.trouble}; the story is told from the ledger alone"
        )
    if evidence.is_behind(story):
        message = "the history does not have it yet, because no worker has completed it"
        return Objection("behind", message, len(story.entries) + 1, is_of_a_build=False)
    found = doubts(story, evidence.compared(story), trusted=evidence.trusted)
    return _objection(found[0], story) if found else None


def _damage(damage: Problem) -> Objection:
    return Objection("damaged", f"the ledger is damaged ({damage.kind})", damage.seq)


def _forgery(unsigned: Problem, evidence: Evidence, story: Retelling | None) -> Objection | None:
    """The difference that shows what stood in the place of an entry that nobody has signed."""
    end = unsigned.seq
    if unsigned.kind != "signature" or story is None or story.failure or evidence.is_behind(story):
        return None
    found = compare(evidence.ledger.entries[:end], story.entries[:end])
    return _told_differently(found[0]) if found else None


def _told_differently(difference: Difference) -> Objection:
    return Objection("differs", _in_words(difference), difference.seq, difference)


def _objection(doubt: Doubt, story: Retelling) -> Objection:
    if doubt.difference is not None:
        return _told_differently(doubt.difference)
    if doubt.kind == "signature":
        return Objection("unsigned", "no trusted key has signed this act", doubt.seq)
    cause = type(story.failure).__name__
    where = _EVENT.search(str(story.failure))
    at = f" at event {where[1]} of the history" if where else ""
    return Objection("failed", f"the workflow no longer does what it did{at} ({cause})")


def _sentence(objection: Objection, story: Retelling | None) -> str:
    where = "" if objection.seq is None else f"Entry {objection.seq}: "
    return f"{where}{objection.said}{_recorded_by(objection, story)}."


def _in_words(difference: Difference) -> str:
    if not difference.path:
        has, lacks = ("ledger", "replay") if difference.replay is None else ("replay", "ledger")
        return f"the {has} has it, the {lacks} does not"
    ledger, replay = (_shown(difference.path, v) for v in (difference.ledger, difference.replay))
    return f"{difference.path} is {ledger} in the ledger and {replay} in the replay"


def _recorded_by(objection: Objection, story: Retelling | None) -> str:
    """Which build told it that way."""
    if story is None or not story.builds or not objection.is_of_a_build:
        return ""
    last = len(story.builds)
    place = last if objection.seq is None else min(objection.seq, last)
    return f" (recorded by build {story.builds[place - 1]})"


def _difference(difference: Difference | None) -> Document | None:
    if difference is None:
        return None
    return {
        "seq": difference.seq,
        "path": difference.path,
        "ledger": _shown(difference.path, difference.ledger),
        "replay": _shown(difference.path, difference.replay),
    }


def _shown(path: str, value: object) -> str:
    """A value as far as it can name nobody."""
    if value is None:
        return "nothing"
    if path.rpartition(".")[2] in _TELLING and not isinstance(value, dict | list):
        return str(value)
    return "another value" if path else "an entry"
