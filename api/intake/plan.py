"""From a submitted plan to a resolved one, or to all its errors at once.

Structure and rules are judged together: every rule runs on what could be read. Nothing here writes,
and the result rests on nothing but its arguments.
"""

from datetime import datetime

from api.intake.document import read
from api.intake.errors import Faults, shown
from api.intake.plan_chain import Chain, read_chain
from api.intake.plan_content import (
    note_lapsed,
    read_audience,
    read_contact,
    read_offers,
    read_resources,
    read_window,
)
from api.intake.plan_document import PlanDocument
from api.intake.plan_people import note_missing_people, read_sponsor
from api.intake.plan_policy import read_policy
from api.intake.plan_step import Surroundings, read_steps
from api.intake.reading import Reading, present
from domain.calendar import Calendar
from domain.errors import NotYours
from domain.organisation import Organisation
from domain.plan import Plan, Policy, StepPlan, Window
from domain.template import STANDARD_LAUNCH, TEMPLATES, Template, find_template


def resolve_plan(
    raw: object, *, organisation: Organisation, calendar: Calendar, planner: str, now: datetime
) -> Plan:
    """The plan a launch starts from. `raw` is decoded JSON; `now` an aware instant.

    Raises InvalidDocument with every error of the document, and, only for a document without any,
    NotYours where the person is no planner.
    """
    faults = Faults()
    document = read(PlanDocument, raw, faults)
    reading = Reading(organisation, calendar, planner, now, faults)
    template = _template(document.template, reading)
    window = read_window(document, reading)
    policy = read_policy(document.policy, template.policy, reading)
    note_lapsed(window, policy.gate_grace, reading)
    chain = read_chain(document, template, reading)
    steps = read_steps(Surroundings(chain, policy, window, reading))
    sponsor = read_sponsor(document.sponsor, reading)
    note_missing_people(chain, steps, sponsor, reading)
    return _plan(document, template, window, policy, chain=chain, steps=steps, reading=reading)


def _plan(
    document: PlanDocument,
    template: Template,
    window: Window | None,
    policy: Policy,
    *,
    chain: Chain,
    steps: tuple[StepPlan, ...],
    reading: Reading,
) -> Plan:
    offers = read_offers(document, reading)
    regions = reading.faults.distinct(document.regions, "regions")
    resources = read_resources(document, chain.keys if chain.is_known else None, reading)
    reading.faults.raise_if_any()
    _refuse_others(reading)
    return Plan(
        code=present(document.code),
        title=present(document.title),
        department=present(document.department),
        planner=reading.planner,
        sponsor=present(document.sponsor),
        template=template.name,
        window=present(window),
        regions=regions,
        offers=offers,
        audience=read_audience(document),
        contact=read_contact(document),
        resources=resources,
        theme=document.theme,
        policy=policy,
        steps=steps,
    )


def _template(name: str | None, reading: Reading) -> Template:
    """The template named; the standard one stands in for none or an unknown one."""
    found = find_template(name) if name is not None else STANDARD_LAUNCH
    if found is not None:
        return found
    key = (name or "").partition("@")[0]
    versions = tuple(str(t.version) for t in TEMPLATES if t.key == key)
    if versions:
        message = f"there is no such version of {key}; known: {', '.join(versions)}"
        reading.faults.add("template", "unknown", message)
    else:
        known = tuple(dict.fromkeys(template.key for template in TEMPLATES))
        reading.faults.unknown("template", "template", shown(name or ""), known)
    return STANDARD_LAUNCH


def _refuse_others(reading: Reading) -> None:
    person = reading.organisation.person(reading.planner)
    if person is None or "planner" not in person.roles:
        message = "Only people who hold the post of planner may start a launch."
        raise NotYours(message, person=reading.planner)
