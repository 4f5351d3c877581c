"""The event log of closed runs as OCEL 2.0, the exchange form of object-centric event logs
(https://www.ocel-standard.org/2.0/), for tools that mine processes.

Who did something is not in it, nor anything people wrote: objects are launches, commitments,
modules, escalations and findings.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, get_args

from domain import events
from domain.canonical import rfc3339
from domain.commitment import Commitment
from domain.events import Entry
from domain.launch import Launch
from domain.telling import Frame, frames
from domain.template import PLANNER

Document = dict[str, Any]
Attributes = Mapping[str, str]

EVENT_ATTRIBUTES: Final[Attributes] = {"seq": "integer"}
OBJECT_TYPES: Final[Mapping[str, Attributes]] = {
    "launch": {"department": "string", "phase": "string", "outcome": "string"},
    "commitment": {
        "step": "string",
        "interface": "string",
        "attempt": "integer",
        "signers": "integer",
        "state": "string",
        "deliver_by": "time",
    },
    "module": {},
    "escalation": {"cause": "string", "level": "integer", "state": "string"},
    "finding": {"check": "string", "severity": "string", "state": "string"},
}
"""What each kind of object is described by; the values of one may change in time."""


def event_log(runs: Iterable[Sequence[Entry]]) -> Document:
    """The log of these runs, each from its LaunchStarted on. The same runs give the same log."""
    told: list[Document] = []
    objects: dict[str, _Object] = {}
    for entries in runs:
        run = frames(entries)
        for before, frame in zip((None, *run), run, strict=False):
            _note(objects, None if before is None else before.launch, frame)
            told.append(_event(frame))
    kinds = sorted(kind.__name__ for kind in get_args(events.Event))
    return {
        "objectTypes": [_type(name, attributes) for name, attributes in OBJECT_TYPES.items()],
        "eventTypes": [_type(kind, EVENT_ATTRIBUTES) for kind in kinds],
        "objects": [one.document() for one in objects.values()],
        "events": told,
    }


@dataclass(slots=True)
class _Object:
    """One object, with each value it had and since when."""

    id: str
    type: str
    related: tuple[tuple[str, str], ...] = ()
    values: list[tuple[str, object, datetime]] = field(default_factory=list)

    def describe(self, values: Mapping[str, object], at: datetime) -> None:
        """What it is like from now on, as far as that is new."""
        known = {name: value for name, value, _ in self.values}
        for name, value in values.items():
            if value is not None and known.get(name) != value:
                self.values.append((name, value, at))

    def document(self) -> Document:
        return {
            "id": self.id,
            "type": self.type,
            "attributes": [
                {"name": name, "value": value, "time": rfc3339(at)}
                for name, value, at in self.values
            ],
            "relationships": [
                {"objectId": other, "qualifier": qualifier} for other, qualifier in self.related
            ],
        }


def _type(name: str, attributes: Attributes) -> Document:
    described = [{"name": name, "type": kind} for name, kind in attributes.items()]
    return {"name": name, "attributes": described}


def _event(frame: Frame) -> Document:
    entry, launch = frame.entry, frame.launch
    return {
        "id": f"{launch.id}#{entry.seq}",
        "type": entry.event.kind,
        "time": rfc3339(frame.at),
        "attributes": [{"name": "seq", "value": entry.seq}],
        "relationships": [
            {"objectId": other, "qualifier": qualifier}
            for other, qualifier in _concerned(launch, entry.event)
        ],
    }


def _concerned(launch: Launch, event: events.Event) -> Iterator[tuple[str, str]]:
    """The objects an event is about."""
    yield _launch_id(launch), "of"
    step = events.step_of(event)
    if step is not None:
        commitment = launch.step(step)
        yield _commitment_id(launch, commitment), "about"
        yield from _parties(commitment)
    elif isinstance(event, events.LaunchStarted | events.PlanAmended):
        yield from ((_commitment_id(launch, c), "plans") for c in launch.steps)
    if isinstance(event, events.EscalationEvent):
        yield event.escalation, "about"
    if isinstance(event, events.FindingEvent):
        finding = event.finding
        yield _finding_id(launch, finding if isinstance(finding, str) else finding.id), "about"


def _note(objects: dict[str, _Object], before: Launch | None, frame: Frame) -> None:
    """What there is after an entry, and what it is like then."""
    launch, at = frame.launch, frame.at
    run = objects.setdefault(_launch_id(launch), _Object(_launch_id(launch), "launch"))
    facts = {"department": launch.plan.department, "phase": launch.phase, "outcome": launch.outcome}
    run.describe(facts, at)
    for commitment in launch.steps:
        if before is None or before.step(commitment.key) is not commitment:
            _note_commitment(objects, launch, commitment, at)
    for escalation in launch.escalations:
        about = (_commitment_id(launch, launch.step(escalation.step)),) if escalation.step else ()
        one = _Object(escalation.id, "escalation", _related(launch, about))
        objects.setdefault(one.id, one).describe(
            {"cause": escalation.cause, "level": escalation.level, "state": escalation.state}, at
        )
    for finding in launch.findings:
        about = (_commitment_id(launch, launch.step(finding.step)),)
        one = _Object(_finding_id(launch, finding.id), "finding", _related(launch, about))
        objects.setdefault(one.id, one).describe(
            {"check": finding.check, "severity": finding.severity, "state": finding.state}, at
        )


def _note_commitment(
    objects: dict[str, _Object], launch: Launch, commitment: Commitment, at: datetime
) -> None:
    plan, parties = commitment.plan, tuple(_parties(commitment))
    for module, _ in parties:
        objects.setdefault(module, _Object(module, "module"))
    related = ((_launch_id(launch), "part of"), *parties)
    one = _Object(_commitment_id(launch, commitment), "commitment", related)
    objects.setdefault(one.id, one).describe(
        {
            "step": plan.key,
            "interface": f"{plan.module}→{plan.customer}",
            "attempt": commitment.attempt,
            "signers": plan.signers,
            "state": commitment.state,
            "deliver_by": rfc3339(commitment.due),
        },
        at,
    )


def _related(launch: Launch, commitments: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return ((_launch_id(launch), "of"), *((one, "about") for one in commitments))


def _parties(commitment: Commitment) -> Iterator[tuple[str, str]]:
    """The modules it is between. A planner, who is one person, is none of the objects."""
    plan = commitment.plan
    yield f"module:{plan.module}", "performer"
    if plan.customer != PLANNER:
        yield f"module:{plan.customer}", "customer"


def _launch_id(launch: Launch) -> str:
    return f"launch:{launch.id}"


def _commitment_id(launch: Launch, commitment: Commitment) -> str:
    return f"{launch.id}/{commitment.key}/{commitment.attempt}"


def _finding_id(launch: Launch, finding: str) -> str:
    return f"{launch.id}/{finding}"
