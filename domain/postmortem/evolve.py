"""From one entry of a post-mortem's ledger to the next state of the record."""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from domain.postmortem import events
from domain.postmortem.record import Comment, PostMortem, Published


def evolve(record: PostMortem | None, launch: str, entry: events.Entry) -> PostMortem:
    """The record after one more entry; the first must be PostMortemOpened, seqs gapless."""
    event = entry.event
    if record is None and entry.seq == 1 and isinstance(event, events.PostMortemOpened):
        return PostMortem(launch, 1, event.cause, entry.at, entry.at)
    if record is None or entry.seq != record.seq + 1:
        message = f"entry {entry.seq} does not follow {record.seq if record else 0}"
        raise ValueError(message)
    return replace(_applied(record, entry), seq=entry.seq)


def fold(launch: str, entries: Iterable[events.Entry]) -> PostMortem | None:
    """The record these entries tell; None where there are none."""
    record: PostMortem | None = None
    for entry in entries:
        record = evolve(record, launch, entry)
    return record


def _applied(record: PostMortem, entry: events.Entry) -> PostMortem:
    event = entry.event
    match event:
        case events.PostMortemOpened():
            message = "a post-mortem is opened once"
            raise ValueError(message)
        case events.CommentAdded():
            comment = Comment(entry.seq, entry.at, entry.actor, event.text)
            return replace(record, comments=(*record.comments, comment))
        case events.FollowUpRequested():
            return replace(record, follow_ups=(*record.follow_ups, event.follow_up))
        case events.NamesRevealed():
            return record
        case events.PostMortemEdited():
            editors = tuple(dict.fromkeys((*record.editors, entry.actor)))
            changed = replace(record, content=event.content, editors=editors)
        case events.PostMortemSubmitted():
            changed = replace(record, state="in_review", submitted_by=entry.actor)
        case events.PostMortemReturned():
            changed = replace(record, state="draft", submitted_by=None)
        case events.PostMortemPublished():
            changed = _published(record, entry)
        case events.PostMortemReopened():
            changed = replace(
                record, state="draft", version=event.version, editors=(), submitted_by=None
            )
        case _:
            assert_never(event)
    return replace(changed, changed_at=entry.at)


def _published(record: PostMortem, entry: events.Entry) -> PostMortem:
    version = Published(
        version=record.version,
        at=entry.at,
        submitted_by=record.submitted_by or entry.actor,
        published_by=entry.actor,
        content=record.content,
    )
    return replace(record, state="published", versions=(*record.versions, version))
