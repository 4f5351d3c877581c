"""The answer to “what if?”: the recorded run and the other one side by side, naming nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from domain.canonical import plain
from domain.events import Entry, LaunchStopped
from domain.evolve import fold
from domain.recall import Envelope
from domain.replay import compare
from domain.whatif.changes import Change, check_changes
from domain.whatif.outcome import Moved, moved, outcome_of
from domain.whatif.recording import recorded
from domain.whatif.rerun import rerun

Document = dict[str, Any]


def what_if(
    entries: Sequence[Entry], envelopes: Mapping[str, Envelope], changes: Sequence[Change]
) -> Document:
    """`{recorded, recomputed, moved, undone, assumed, faithful, differs_at}` of a run and the same
    with these changes. Where it is not faithful, the rules of today tell even the unchanged run
    otherwise, from entry `differs_at` on.

    Raises Invalid for changes that contradict the run; Untold for a ledger that does not tell what
    people did.
    """
    was_stopped = any(isinstance(entry.event, LaunchStopped) for entry in entries)
    check_changes(changes, fold(entries), was_stopped=was_stopped)
    tape = recorded(entries, envelopes)
    unsigned = [replace(entry, jws=None) for entry in entries]
    differences = compare(unsigned, rerun(tape).entries)
    again = rerun(tape, changes)
    before, after = outcome_of(entries), outcome_of(again.entries)
    return {
        "recorded": plain(before),
        "recomputed": plain(after),
        "moved": [_moved(found) for found in moved(before, after)],
        "undone": plain(again.undone),
        "assumed": plain(again.assumed),
        "faithful": not differences,
        "differs_at": differences[0].seq if differences else None,
    }


def _moved(found: Moved) -> Document:
    return {
        "step": found.step,
        "what": found.what,
        "recorded": plain(found.recorded),
        "recomputed": plain(found.recomputed),
        "seconds": found.seconds,
    }
