"""One step of a plan with everything inherited filled in: from its entry, template and policy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api.intake.instants import read_end
from api.intake.plan_chain import Chain, Source
from api.intake.plan_policy import read_answer_within, read_ladder
from api.intake.reading import Reading, duration
from domain.calendar import Duration
from domain.plan import Policy, StepPlan, Window
from domain.template import MATERIAL_FIELDS, PLANNER


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a step inherits from and stands in. `window` is None where it could not be read."""

    chain: Chain
    policy: Policy
    window: Window | None
    reading: Reading


def read_steps(around: Surroundings) -> tuple[StepPlan, ...]:
    """Every step of the chain, in its order. With faults noted, values may be stand-ins."""
    modules = {source.key: _module(source, around.reading) for source in around.chain.sources}
    return tuple(_step(source, modules, around) for source in around.chain.sources)


def _step(source: Source, modules: Mapping[str, str], around: Surroundings) -> StepPlan:
    given, template, reading = source.document, source.template, around.reading
    deliver_by, lead_time = _times(source, around)
    answer_within = read_answer_within(given.answer_within, f"{source.path}.answer_within", reading)
    step = StepPlan(
        key=source.key,
        module=modules[source.key],
        after=around.chain.after[source.key],
        customer=_customer(source, modules, around),
        deliverable=_deliverable(source, reading),
        conditions=_conditions(source),
        signers=given.signers or (template.signers if template else 1),
        deliver_by=deliver_by,
        lead_time=lead_time,
        answer_within=answer_within or around.policy.answer_within,
        silence=given.silence or around.policy.silence,
        ladder=read_ladder(given.ladder, f"{source.path}.ladder", reading) or around.policy.ladder,
        material=_material(source, reading),
        remind_before=duration(given.remind_before) or around.policy.remind_before,
    )
    if step.silence == "deemed" and step.signers > 1:
        field = "silence" if given.silence else "signers"
        message = "silence cannot stand for two signatures; use one signer, or escalate or decline"
        reading.faults.add(f"{source.path}.{field}", "conflict", message)
    return step


def _module(source: Source, reading: Reading) -> str:
    if source.document.module is None and source.template is None:
        source.require("module", "is missing; name the module that delivers", reading)
        return ""
    module = source.document.module or (source.template.module if source.template else "")
    known = tuple(m.key for m in reading.organisation.modules)
    if module not in known:
        reading.faults.unknown(f"{source.path}.module", "module", module, known)
    return module


def _customer(source: Source, modules: Mapping[str, str], around: Surroundings) -> str:
    """As given, else the module of the only step that comes next, else the planner."""
    if source.document.customer is None:
        if source.template is not None:
            return source.template.customer
        nexts = [key for key, before in around.chain.after.items() if source.key in before]
        return (modules[nexts[0]] or PLANNER) if len(nexts) == 1 else PLANNER
    customer = source.document.customer
    known = (*(m.key for m in around.reading.organisation.modules), PLANNER)
    if customer not in known:
        around.reading.faults.unknown(f"{source.path}.customer", "customer", customer, known)
    return customer


def _deliverable(source: Source, reading: Reading) -> str:
    if source.document.deliverable is not None:
        return source.document.deliverable
    if source.template is None:
        source.require("deliverable", "is missing; say what is delivered", reading)
        return ""
    return source.template.deliverable


def _conditions(source: Source) -> tuple[str, ...]:
    if source.document.conditions is None:
        return source.template.conditions if source.template else ()
    return tuple(text for text in source.document.conditions if text is not None)


def _times(source: Source, around: Surroundings) -> tuple[datetime, Duration | None]:
    """When it is due, and the lead time that came from; an instant given outdoes the template."""
    given, reading = source.document, around.reading
    if given.lead_time is not None and given.deliver_by is not None:
        message = "give either lead_time or deliver_by, not both"
        reading.faults.add(f"{source.path}.lead_time", "conflict", message)
    if given.deliver_by is not None:
        return _named_due(given.deliver_by, f"{source.path}.deliver_by", around), None
    inherited = source.template.lead_time if source.template else None
    lead_time = duration(given.lead_time) or inherited
    if lead_time is None:
        source.require("lead_time", "is missing; give lead_time or deliver_by", reading)
    if lead_time is None or around.window is None:
        return reading.now, lead_time
    return reading.calendar.before(around.window.start, lead_time), lead_time


def _named_due(text: str, path: str, around: Surroundings) -> datetime:
    due = around.reading.instant(text, path, read_end)
    if due is None:
        return around.reading.now
    if around.window is not None and due > around.window.end:
        around.reading.faults.add(path, "conflict", "must not be after the end of the campaign")
    return due


def _material(source: Source, reading: Reading) -> tuple[str, ...]:
    """Plan fields the promise rests on; an added step that names none rests on all of them."""
    if source.document.material is None:
        return source.template.material if source.template else MATERIAL_FIELDS
    path = f"{source.path}.material"
    for index, name in enumerate(source.document.material):
        if name is not None and name not in MATERIAL_FIELDS:
            reading.faults.unknown(f"{path}[{index}]", "plan field", name, MATERIAL_FIELDS)
    return reading.faults.distinct(source.document.material, path)
