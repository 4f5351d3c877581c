"""One closed run as events and objects: every event with the launch, the commitment, the modules,
the escalation or the finding it is about.

A commitment is one attempt at one step of one launch. Planner and sponsor are in no part of it:
each is one person.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from domain import events
from domain.canonical import rfc3339
from domain.changing import replace
from domain.commitment import Commitment
from domain.escalation import SYSTEM, Escalation
from domain.evolve import evolve
from domain.finding import Finding
from domain.insights.digest import is_held
from domain.insights.ocel.course import ALWAYS, Course, Value, Values, written
from domain.insights.ocel.keys import Keys
from domain.insights.ocel.vocabulary import OWN_ATTRIBUTES, ObjectType, Qualifier
from domain.launch import Launch
from domain.plan import StepPlan

Document = dict[str, Any]
Relation = tuple[str, Qualifier]
Part = TypeVar("Part")

PLANNER = "planner"
"""The customer of a step that delivers to no module."""


@dataclass(frozen=True, slots=True)
class Run:
    """Events in their order, and objects; `modules` are objects that other runs have as well."""

    events: tuple[Document, ...]
    objects: tuple[Document, ...]
    modules: tuple[str, ...]


def run_of(entries: Sequence[events.Entry], keys: Keys) -> Run:
    """A closed run. Raises what `evolve` raises where its entries tell no launch."""
    telling = _Telling(keys)
    happened = tuple([telling.event(entry) for entry in entries])
    objects = tuple(course.document() for course in telling.courses.values())
    return Run(happened, objects, tuple(telling.modules))


def module_object(module: str) -> Document:
    """A module, by its key as shown."""
    course = Course(_module_id(module), "module")
    course.note(ALWAYS, {"module": module})
    return course.document()


class _Telling:
    """A launch on its way through its entries, with the course of everything in it."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._launch: Launch | None = None
        self._at = ALWAYS
        self.courses: dict[str, Course] = {}
        self.modules: dict[str, None] = {}

    def event(self, entry: events.Entry) -> Document:
        """The next entry as an event. Time never runs backwards, as in `telling.frames`."""
        before, self._at = self._launch, max(self._at, entry.at)
        self._launch = launch = evolve(before, entry)
        self._follow(before, launch)
        # A pair of event and object is one relation, whatever else it might be called.
        relations: dict[str, Qualifier] = {}
        for other, qualifier in self._relations(entry.event, launch):
            relations.setdefault(other, qualifier)
        return {
            "id": f"{launch.id}:{entry.seq}",
            "type": entry.event.kind,
            "time": rfc3339(self._at),
            "attributes": [
                {"name": name, "value": written(value)}
                for name, value in _attributes(entry, launch).items()
                if value is not None
            ],
            "relationships": [
                {"objectId": other, "qualifier": qualifier}
                for other, qualifier in relations.items()
            ],
        }

    # -- what an event belongs to ----------------------------------------------------------------

    def _relations(self, event: events.Event, launch: Launch) -> Iterator[Relation]:
        yield launch.id, "part of"
        if isinstance(event, events.LaunchStarted):
            for commitment in launch.steps:
                yield self._commitment_id(launch, commitment), "opens"
            yield from ((_module_id(module), "involves") for module in self.modules)
        if isinstance(event, events.EscalationEvent):
            yield _escalation_id(launch, event.escalation), "about"
        if isinstance(event, events.FindingEvent):
            known = event.finding
            yield _finding_id(launch, known if isinstance(known, str) else known.id), "about"
        if (step := events.step_of(event)) is not None:
            commitment = launch.step(step)
            yield self._commitment_id(launch, commitment), "about"
            yield from self._parties(commitment.plan)

    def _parties(self, plan: StepPlan) -> Iterator[Relation]:
        yield self._module(plan.module), "performer"
        if plan.customer != PLANNER:
            yield self._module(plan.customer), "customer"

    def _module(self, key: str) -> str:
        shown = self._keys.shown("module", key)
        self.modules.setdefault(shown)
        return _module_id(shown)

    def _commitment_id(self, launch: Launch, commitment: Commitment) -> str:
        step = self._keys.shown("step", commitment.key)
        return f"commitment:{launch.id}:{step}:{commitment.attempt}"

    # -- the course of objects -------------------------------------------------------------------

    def _follow(self, before: Launch | None, launch: Launch) -> None:
        """What an entry changed, noted."""
        self._note(launch.id, "launch", self._of_launch(launch), _launch_now(launch))
        for commitment in _changed(before.steps if before else (), launch.steps):
            self._follow_commitment(launch, commitment)
        for escalation in _changed(before.escalations if before else (), launch.escalations):
            self._follow_escalation(launch, escalation)
        for finding in _changed(before.findings if before else (), launch.findings):
            self._follow_finding(launch, finding)

    def _follow_commitment(self, launch: Launch, commitment: Commitment) -> None:
        plan, key = commitment.plan, self._commitment_id(launch, commitment)
        fixed: Values = {
            "step": self._keys.shown("step", plan.key),
            "module": self._keys.shown("module", plan.module),
            "attempt": commitment.attempt,
            "signers": plan.signers,
            "silence": plan.silence,
        }
        course = self._note(key, "commitment", fixed, _commitment_now(commitment))
        course.relate(launch.id, "part of")
        for module, qualifier in self._parties(plan):
            course.relate(module, qualifier)
        for upstream in launch.upstream(commitment):
            course.relate(self._commitment_id(launch, upstream), "after")
        if commitment.attempt > 1:
            earlier = replace(commitment, attempt=commitment.attempt - 1)
            course.relate(self._commitment_id(launch, earlier), "renews")

    def _follow_escalation(self, launch: Launch, escalation: Escalation) -> None:
        key = _escalation_id(launch, escalation.id)
        fixed: Values = {"cause": escalation.cause, "clock": escalation.clock}
        course = self._note(key, "escalation", fixed, _escalation_now(escalation))
        self._place(course, launch, escalation.step)

    def _follow_finding(self, launch: Launch, finding: Finding) -> None:
        key = _finding_id(launch, finding.id)
        course = self._note(key, "finding", {"check": finding.check}, _finding_now(finding))
        self._place(course, launch, finding.step)

    def _note(self, key: str, of: ObjectType, fixed: Values, now: Values) -> Course:
        """What an object begins with it has always had, as the standard wants it."""
        course = self.courses.get(key)
        if course is None:
            course = self.courses[key] = Course(key, of)
            course.note(ALWAYS, {**fixed, **now})
        course.note(self._at, now)
        return course

    def _place(self, course: Course, launch: Launch, step: str | None) -> None:
        """Where an object belongs; a later attempt is a commitment of its own."""
        if course.relations:
            return
        course.relate(launch.id, "part of")
        if step is not None:
            course.relate(self._commitment_id(launch, launch.step(step)), "about")

    def _of_launch(self, launch: Launch) -> Values:
        return {
            "department": self._keys.shown("department", launch.plan.department),
            "template": self._keys.shown("template", launch.plan.template),
            "steps": len(launch.steps),
        }


def _launch_now(launch: Launch) -> Values:
    return {
        "phase": launch.phase,
        "stopped": launch.is_stopped,
        "held": is_held(launch),
        "outcome": launch.outcome,
    }


def _commitment_now(commitment: Commitment) -> Values:
    clock = commitment.clock("answer")
    return {
        "state": commitment.state,
        "version": commitment.version,
        "answer_by": None if clock is None else clock.due,
        "deliver_by": commitment.due,
        "overdue": commitment.is_overdue,
        "upstream_open": commitment.upstream_open,
        "deemed": commitment.deemed,
        "breached": commitment.breached,
    }


def _escalation_now(escalation: Escalation) -> Values:
    return {
        "level": escalation.level,
        "state": escalation.state,
        "resolution": escalation.resolution,
    }


def _finding_now(finding: Finding) -> Values:
    return {"severity": finding.severity, "state": finding.state}


def _attributes(entry: events.Entry, launch: Launch) -> Values:
    """What is shown of an event: what it says itself, and what stands after it."""
    event = entry.event
    found: dict[str, Value | None] = {"seq": entry.seq, "automatic": entry.actor == SYSTEM}
    if (step := events.step_of(event)) is not None:
        commitment = launch.step(step)
        found.update(attempt=commitment.attempt, version=commitment.version)
    for name in OWN_ATTRIBUTES[event.kind]:
        value = getattr(event, name, found.get(name))
        found[name] = " ".join(value) if isinstance(value, tuple) else value
    return found


def _changed(before: Sequence[Part], after: Sequence[Part]) -> Iterator[Part]:
    """What is not the very same value as before, each in its place."""
    for place, part in enumerate(after):
        if place >= len(before) or before[place] is not part:
            yield part


def _module_id(module: str) -> str:
    return f"module:{module}"


def _escalation_id(launch: Launch, escalation: str) -> str:
    """By its place, as a finding: what these are called is made of what others are called."""
    place = [known.id for known in launch.escalations].index(escalation) + 1
    return f"escalation:{launch.id}:{place}"


def _finding_id(launch: Launch, finding: str) -> str:
    place = [known.id for known in launch.findings].index(finding) + 1
    return f"finding:{launch.id}:{place}"
