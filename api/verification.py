"""What speaks for a run's ledger and what against it, said without naming anybody."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from db.archives import Archived
from db.integrity import Told
from domain.canonical import plain
from domain.events import SYSTEM, Entry
from domain.replay import Difference
from runtime.build import build_id
from runtime.history import Runs, builds
from runtime.signing import PublicJwk
from workflows.replay import Doubt, doubts
from workflows.retelling import Retelling

Source = Literal["archive", "temporal", "ledger"]
Document = dict[str, Any]
_TELLING: Final = re.compile(r"[a-z_]{1,20}|sha256:[0-9a-f]{64}|[0-9T:.+-]{4,40}Z?")
"""Values that say something and name nobody: states, digests, instants."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a launch is told from. `runs` are None, and `trouble` says why, where only the ledger
    tells it.
    """

    ledger: Told
    trusted: Mapping[str, PublicJwk]
    archived: Archived | None
    source: Source
    runs: Runs | None
    trouble: str | None


def verification_document(
    evidence: Evidence, story: Retelling | None, doubt: Doubt | None
) -> Document:
    """What was compared; `doubt` is the first thing that speaks against the ledger, if anything."""
    entries, runs = evidence.ledger.entries, evidence.runs or ()
    return {
        "events": len(entries),
        "source": evidence.source,
        "detail": None if doubt is None else _sentence(doubt, story, entries),
        "difference": None if doubt is None else _difference(doubt.difference),
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


def first_doubt(evidence: Evidence, story: Retelling | None) -> Doubt | None:
    """Damage to the ledger comes before everything else."""
    ledger = evidence.ledger
    if ledger.problems:
        damage = ledger.problems[0]
        return Doubt(f"the ledger is damaged ({damage.kind}): {damage.detail}", damage.seq)
    if not ledger.entries:
        return Doubt("the ledger has no entries of this launch")
    if story is None:
        return Doubt(f"{evidence.trouble}; the story is told from the ledger alone")
    found = doubts(story, ledger.entries, trusted=evidence.trusted)
    return found[0] if found else None


def _sentence(doubt: Doubt, story: Retelling | None, entries: Sequence[Entry]) -> str:
    """What a person reads, without naming anybody."""
    where = "" if doubt.seq is None else f"Entry {doubt.seq}: "
    said = doubt.said if doubt.difference is None else _in_words(doubt.difference)
    for person in sorted({entry.actor for entry in entries} - {SYSTEM}, key=len, reverse=True):
        said = said.replace(person, "somebody")
    return f"{where}{said}{_recorded_by(doubt, story)}."


def _in_words(difference: Difference) -> str:
    if not difference.path:
        has, lacks = ("ledger", "replay") if difference.replay is None else ("replay", "ledger")
        return f"the {has} has it, the {lacks} does not"
    ledger, replay = _shown(difference.ledger), _shown(difference.replay)
    return f"{difference.path} is {ledger} in the ledger and {replay} in the replay"


def _recorded_by(doubt: Doubt, story: Retelling | None) -> str:
    """Which build told it that way."""
    if story is None or not story.builds:
        return ""
    place = len(story.builds) if doubt.seq is None else min(doubt.seq, len(story.builds))
    return f" (recorded by build {story.builds[place - 1]})"


def _difference(difference: Difference | None) -> Document | None:
    if difference is None:
        return None
    return {
        "seq": difference.seq,
        "path": difference.path,
        "ledger": _shown(difference.ledger),
        "replay": _shown(difference.replay),
    }


def _shown(value: object) -> str:
    """A value as far as it names nobody."""
    if value is None:
        return "nothing"
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, str):
        return value if _TELLING.fullmatch(value) else f"a text of {len(value)} characters"
    return "another content"
