"""The first draft of a post-mortem, made from facts only: what happened when, each line with its
entry of the ledger; where the time went; what held the gate, who stopped it, what was refused.

Nobody is named: who acted is a pseudonym with its group, and what people wrote goes through `said`,
which takes names out of it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from domain import events
from domain.blameless.groups import group_of
from domain.blameless.pseudonyms import Pseudonyms
from domain.canonical import plain
from domain.events import Entry
from domain.replay_document import replay_document
from domain.telling import Frame, frames

Document = dict[str, Any]
Say = Callable[[str], str]

SAID: Final = ("reason", "text", "note", "evidence", "fact", "message")
"""The fields of events in which somebody's words stand."""
LATE: Final = (events.AnswerOverdue, events.ClockOverdue)


def facts(entries: Sequence[Entry], refused: Mapping[str, int], say: Say) -> Document:
    """`{timeline, waits, path, length, held, stops, overdue, escalated, breached, refusals}` of a
    closed run. `refused` counts the refusals of each rule.
    """
    told = frames(entries)
    names = Pseudonyms.of_run(entries)
    replay = replay_document(told, told[-1].at)
    return {
        "timeline": [_line(frame, names, say) for frame in told],
        "waits": replay["waits"],
        "path": replay["path"],
        "length": replay["length"],
        "held": list(_held(told)),
        "stops": list(_stops(told, say)),
        "overdue": list(_overdue(told)),
        "escalated": sum(isinstance(e.event, events.EscalationRaised) for e in entries),
        "breached": [c.key for c in told[-1].launch.steps if c.breached],
        "refusals": [{"rule": rule, "count": refused[rule]} for rule in sorted(refused)],
    }


def _line(frame: Frame, names: Pseudonyms, say: Say) -> Document:
    entry = frame.entry
    step = events.step_of(entry.event)
    words = plain(entry.event)
    said = {name: say(words[name]) for name in SAID if isinstance(words.get(name), str)}
    return {
        "source": {"ledger": entry.seq},
        "at": plain(frame.at),
        "event": entry.event.kind,
        "step": step,
        "actor": names.of(entry.actor),
        "role": group_of(frame.launch, entry.actor, step),
        "said": said,
    }


def _held(told: Sequence[Frame]) -> Iterator[Document]:
    """Each time the gate was held: since when, until what ended it, and by what."""
    held: Frame | None = None
    for frame in told:
        is_held = frame.launch.gate.held_since is not None and frame.launch.gate.passed_at is None
        ended = not is_held or frame.launch.phase in ("live", "closing", "closed")
        if held is None and isinstance(frame.entry.event, events.GateHeld):
            held = frame
        elif held is not None and ended:
            yield _stretch(held, frame, reasons=_reasons(held))
            held = None


def _reasons(frame: Frame) -> Sequence[str]:
    event = frame.entry.event
    return list(event.reasons) if isinstance(event, events.GateHeld) else []


def _stops(told: Sequence[Frame], say: Say) -> Iterator[Document]:
    stopped: Frame | None = None
    reason = ""
    for frame in told:
        event = frame.entry.event
        if isinstance(event, events.LaunchStopped):
            stopped, reason = frame, say(event.reason)
        elif stopped is not None and not frame.launch.is_stopped:
            yield _stretch(stopped, frame, reason=reason)
            stopped = None


def _stretch(since: Frame, until: Frame, **more: object) -> Document:
    return {
        "source": {"ledger": since.entry.seq},
        "since": plain(since.at),
        "until": plain(until.at),
        "seconds": (until.at - since.at).total_seconds(),
        **more,
    }


def _overdue(told: Sequence[Frame]) -> Iterator[Document]:
    for frame in told:
        event = frame.entry.event
        if isinstance(event, LATE):
            clock = "answer" if isinstance(event, events.AnswerOverdue) else event.clock
            yield {
                "source": {"ledger": frame.entry.seq},
                "step": event.step,
                "clock": clock,
                "due": plain(event.due),
            }
