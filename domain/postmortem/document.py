"""A post-mortem as everybody may read it: the facts of the run, what people wrote about it, and who
wrote it by pseudonyms only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.blameless.hints import Blaming, hints
from domain.blameless.scrub import Scrubber
from domain.canonical import plain
from domain.events import Entry
from domain.launch import Launch
from domain.organisation import Name
from domain.postmortem.actions import action_document
from domain.postmortem.facts import facts
from domain.postmortem.lessons import lesson_document
from domain.postmortem.record import Content, PostMortem, Published

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What it takes to show a record: the run, who is to be taken out of texts, and the words of
    the organisation. `refused` counts what each rule refused in the run, `follow_ups`
    are the launches' documents of what was asked for, as of `now`.
    """

    launch: Launch
    entries: Sequence[Entry]
    scrubber: Scrubber
    taxonomy: Mapping[str, Name]
    blaming: Sequence[Blaming]
    refused: Mapping[str, int]
    follow_ups: Sequence[Mapping[str, Any]]
    now: datetime


def document(record: PostMortem, reading: Reading) -> Document:
    """The whole post-mortem. Every text in it went through the scrubber."""
    say, alias = reading.scrubber.text, reading.scrubber.alias
    plan = reading.launch.plan
    content = content_document(record.content, reading.scrubber)
    return {
        "launch": record.launch,
        "code": say(plan.code),
        "title": say(plan.title),
        "department": plan.department,
        "outcome": reading.launch.outcome,
        "cause": record.cause,
        "state": record.state,
        "version": record.version,
        "seq": record.seq,
        "opened_at": plain(record.opened_at),
        "changed_at": plain(record.changed_at),
        "published_at": plain(record.versions[-1].at) if record.versions else None,
        "submitted_by": alias(record.submitted_by) if record.submitted_by else None,
        **content,
        "hints": [plain(hint) for hint in hints(dict(texts_of(content)), reading.blaming)],
        "taxonomy": [{"key": key, "name": plain(name)} for key, name in reading.taxonomy.items()],
        "facts": facts(reading.entries, reading.refused, say),
        "comments": [
            {"seq": c.seq, "at": plain(c.at), "by": alias(c.by), "text": say(c.text)}
            for c in record.comments
        ],
        "actions": [
            action_document(launch, reading.scrubber, reading.now)
            for launch in reading.follow_ups
            if launch["kind"] == "action"
        ],
        "lessons": [
            lesson_document(launch, reading.scrubber)
            for launch in reading.follow_ups
            if launch["kind"] == "lesson"
        ],
        "versions": [_version(version, reading.scrubber) for version in record.versions],
    }


def content_document(content: Content, scrubber: Scrubber) -> Document:
    """What people wrote, as the wire has it."""
    written = plain(content)
    written["factor_notes"] = written.pop("notes")
    factors = written.pop("factors")
    return {"factors": factors, **scrubber.document(written)}


def texts_of(content: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Every text somebody wrote, with its path: `went_well[0]`, `sides.customer`."""
    for name, value in content.items():
        place = f"{path}.{name}" if path else name
        if isinstance(value, str):
            yield place, value
        elif isinstance(value, Mapping):
            yield from texts_of(value, place)
        elif isinstance(value, list) and name != "factors":
            yield from ((f"{place}[{n}]", text) for n, text in enumerate(value))


def _version(version: Published, scrubber: Scrubber) -> Document:
    return {
        "version": version.version,
        "at": plain(version.at),
        "submitted_by": scrubber.alias(version.submitted_by),
        "published_by": scrubber.alias(version.published_by),
        **content_document(version.content, scrubber),
    }
