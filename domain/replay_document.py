"""A run told again as everybody may see it: frames and waits, with pseudonyms instead of people.

Nothing anybody wrote stands in it, because a reason or an evidence may name people.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from domain.blameless.groups import group_of
from domain.blameless.pseudonyms import Pseudonyms
from domain.canonical import plain
from domain.events import step_of
from domain.inbox import InboxItem
from domain.telling import PERSON, Frame
from domain.view import waiting_document
from domain.waits import Stretch, Total, Wait, waits

Document = dict[str, Any]


def replay_document(frames: Sequence[Frame], until: datetime) -> Document:
    """`{frames, waits, path, length}`. Times are in seconds; `until` is the present of a run that
    is still open. The waits that are critical add up to `length`, and so does the path.
    """
    if not frames:
        return {"frames": [], "waits": [], "path": [], "length": 0.0}
    names = Pseudonyms.of_run([frame.entry for frame in frames])
    found = waits(frames, until)
    return {
        "frames": [frame_document(frame, names) for frame in frames],
        "waits": [_total(total) for total in found.totals],
        "path": [_stretch(stretch) for stretch in found.path],
        "length": sum((s.until - s.since for s in found.path), timedelta()).total_seconds(),
    }


def frame_document(frame: Frame, names: Pseudonyms) -> Document:
    """The chain right after an entry. `inboxes` are what each party had before it then, and
    `visible_to` the parties that had anything.
    """
    launch, entry = frame.launch, frame.entry
    step = step_of(entry.event)
    inboxes = {
        _party(party, names): [_sight(item) for item in items]
        for party, items in frame.sights.items()
    }
    return {
        "seq": entry.seq,
        "at": plain(frame.at),
        "event": entry.event.kind,
        "step": step,
        "actor": names.of(entry.actor),
        "role": group_of(launch, entry.actor, step),
        "phase": launch.phase,
        "outcome": launch.outcome,
        "stopped": launch.is_stopped,
        "chain": {commitment.key: commitment.state for commitment in launch.steps},
        "attempts": {commitment.key: commitment.attempt for commitment in launch.steps},
        "waiting_on": [waiting_document(item) for item in frame.waiting],
        "visible_to": list(inboxes),
        "inboxes": inboxes,
    }


def _party(party: str, names: Pseudonyms) -> str:
    return names.of(party.removeprefix(PERSON)) if party.startswith(PERSON) else party


def _sight(item: InboxItem) -> Document:
    return {
        "kind": item.kind,
        "step": item.step,
        "since": plain(item.since),
        "due": plain(item.due),
        "overdue": item.overdue,
    }


def _total(total: Total) -> Document:
    return {
        **_wait(total.wait),
        "seconds": total.elapsed.total_seconds(),
        "business_seconds": total.business.total_seconds(),
        "critical": total.critical,
    }


def _stretch(stretch: Stretch) -> Document:
    return {
        **_wait(stretch.wait),
        "since": plain(stretch.since),
        "until": plain(stretch.until),
        "seconds": (stretch.until - stretch.since).total_seconds(),
        "business_seconds": stretch.business.total_seconds(),
    }


def _wait(wait: Wait) -> Document:
    return {
        "interface": wait.interface,
        "step": wait.step,
        "party": wait.party,
        "for": wait.wanted,
    }
