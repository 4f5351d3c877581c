"""From a proposed template change to the version it would make, or to all its errors at once."""

from typing import Annotated, ClassVar, Final

from pydantic import Field

from api.intake.document import Document, read
from api.intake.errors import join
from api.intake.fields import Line, Text
from api.intake.plan_chain import read_chain
from api.intake.plan_document import MOST_STEPS, PolicyDocument, StepDocument
from api.intake.plan_policy import read_policy
from api.intake.plan_step import Surroundings, read_steps
from api.intake.plan_template import read_template
from api.intake.reading import Reading, present
from domain.plan import Lesson, StepPlan, Template, TemplateStep
from domain.postmortem.lessons import changes_between
from domain.template import find_template

OF_PLANS: Final = ("deliver_by", "answer_within", "silence", "ladder", "remind_before")
"""What a plan says of its steps; a template leaves it to its policy."""


class LessonDocument(Document):
    """`steps` override the template's by key, or add some, as in a plan."""

    required: ClassVar = ("reason",)
    reason: Text | None = None
    template: Line | None = None
    policy: PolicyDocument | None = None
    steps: Annotated[list[StepDocument | None], Field(max_length=MOST_STEPS)] | None = None


def read_lesson(raw: object, reading: Reading) -> tuple[str, Template, Lesson]:
    """The reason, the latest version, and what it is to become, with the next number. Raises
    InvalidDocument.
    """
    document = read(LessonDocument, raw, reading.faults)
    before = read_template(document.template, reading)
    latest = find_template(before.key, reading.templates)
    if latest is not None and latest != before:
        message = f"is not the latest version; that is {latest.name}"
        reading.faults.add("template", "outdated", message)
    _note_of_plans(document, reading)
    policy = read_policy(document.policy, before.policy, reading)
    chain = read_chain(document.steps, before, reading)
    steps = read_steps(Surroundings(chain, policy, None, reading))
    reading.faults.raise_if_any()
    after = Template(before.key, before.version + 1, policy, tuple(map(_template_step, steps)))
    changes = changes_between(before, after)
    if not changes:
        message = f"says nothing that {before.name} does not say already"
        reading.faults.add("", "missing", message)
    reading.faults.raise_if_any()
    return present(document.reason), before, Lesson(before.name, after, changes)


def _template_step(step: StepPlan) -> TemplateStep:
    return TemplateStep(
        key=step.key,
        module=step.module,
        after=step.after,
        customer=step.customer,
        deliverable=step.deliverable,
        conditions=step.conditions,
        lead_time=present(step.lead_time),
        material=step.material,
        signers=step.signers,
    )


def _note_of_plans(document: LessonDocument, reading: Reading) -> None:
    for place, step in enumerate(document.steps or ()):
        for name in OF_PLANS if step is not None else ():
            if getattr(step, name) is not None:
                path = f"{join('steps', place)}.{name}"
                reading.faults.add(path, "not_possible", "is said in a plan, not in a template")
