"""Lessons: what a review would have done otherwise from now on. Each is a launch in which every
module that a new template version touches signs it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from itertools import chain
from typing import Any, Final

from domain.blameless.scrub import Scrubber
from domain.calendar import Duration
from domain.canonical import canonical_text, plain
from domain.plan import (
    Lesson,
    Plan,
    Policy,
    Review,
    Rung,
    Template,
    TemplateChange,
    TemplateStep,
)
from domain.postmortem.follow_ups import Asking, asked_step, follow_up_plan
from domain.template import PLANNER

Document = dict[str, Any]

OF_STEP: Final = tuple(f.name for f in fields(TemplateStep) if f.name != "key")
OF_POLICY: Final = tuple(f.name for f in fields(Policy))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A lesson as it is put forward: why, and to which modules."""

    lesson: Lesson
    reason: str
    modules: tuple[str, ...]


def changes_between(before: Template, after: Template) -> tuple[TemplateChange, ...]:
    """Field by field; of a step that is new everything."""
    known = {step.key: step for step in before.steps}
    policy = _changed(None, before.policy, after.policy, OF_POLICY)
    steps = (_changed(step.key, known.get(step.key), step, OF_STEP) for step in after.steps)
    return (*policy, *chain.from_iterable(steps))


def touched(
    before: Template, after: Template, changes: Sequence[TemplateChange]
) -> tuple[str, ...]:
    """The modules that deliver or receive what changes, in the order of the chain; all of them
    where the policy does.
    """
    changed = {change.step for change in changes}
    if None in changed:
        changed = {step.key for step in after.steps}
    both = [step for step in (*before.steps, *after.steps) if step.key in changed]
    concerned = {module for step in both for module in (step.module, step.customer)} - {PLANNER}
    parties = [module for step in after.steps for module in (step.module, step.customer)]
    found = dict.fromkeys((*parties, *sorted(concerned)))
    return tuple(module for module in found if module in concerned)


def lesson_plan(asking: Asking, proposal: Proposal, answer_by: datetime) -> Plan:
    """The plan of a lesson, in which nobody is put in a module's place."""
    lesson, reason = proposal.lesson, proposal.reason
    told = (
        f"{lesson.becomes.name} follows upon {lesson.based_on}",
        *map(_in_words, lesson.changes),
    )
    steps = (
        asked_step(asking.run, module, reason, conditions=told, deliver_by=answer_by)
        for module in proposal.modules
    )
    return follow_up_plan(
        asking,
        code=lesson.becomes.name,
        title=f"{lesson.based_on} → {lesson.becomes.name}",
        steps=[replace(step, ladder=_only_told(step.ladder)) for step in steps],
        review=Review(asking.launch, lesson),
    )


def _only_told(ladder: Sequence[Rung]) -> tuple[Rung, ...]:
    return tuple(replace(rung, do="notify") for rung in ladder)


def lesson_document(launch: Mapping[str, Any], scrubber: Scrubber) -> Document:
    """A lesson as reviews show it, from its launch's document; nobody is named in it."""
    say = scrubber.document
    lesson = launch["lesson"]
    return {
        "id": launch["id"],
        "launch": launch["id"],
        "postmortem": launch["review_of"],
        "template": lesson["template"],
        "based_on": lesson["based_on"],
        "reason": say(launch["steps"][0]["terms"]["deliverable"]),
        "changes": say(lesson["changes"]),
        "modules": [{"module": step["module"], "state": step["state"]} for step in launch["steps"]],
        "phase": launch["phase"],
        "outcome": launch["outcome"],
        "proposed_at": launch["started_at"],
        "closed_at": launch["closed_at"],
        "waiting_on": launch["waiting_on"],
    }


def _changed(
    step: str | None, before: object, after: object, names: Sequence[str]
) -> Iterator[TemplateChange]:
    for name in names:
        old, new = getattr(before, name, None), getattr(after, name)
        if before is None or old != new:
            yield TemplateChange(step, name, None if before is None else _text(old), _text(new))


def _text(value: object) -> str:
    if isinstance(value, Duration | str | int):
        return str(value)
    if isinstance(value, tuple):
        numbered = (f"{place}. {_text(item)}" for place, item in enumerate(value, 1))
        return "; ".join(numbered) or "–"
    if isinstance(value, Rung):
        return f"{value.after} {value.to} {value.do}"
    return canonical_text(plain(value))


def _in_words(change: TemplateChange) -> str:
    before = "–" if change.before is None else change.before
    return f"{change.step or 'policy'}, {change.field}: {before} → {change.after}"
