"""From a submitted plan to a resolved one, or to all its errors at once.

Structure and rules are judged together: every rule runs on what could be read. Nothing here writes,
and the result rests on nothing but its arguments.
"""

from datetime import datetime

from api.intake.document import read
from api.intake.errors import Faults
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
from api.intake.plan_template import read_template
from api.intake.reading import Reading, present
from domain.calendar import Calendar
from domain.errors import NotYours
from domain.organisation import Organisation
from domain.plan import Plan, Policy, StepPlan, Template, Window
from domain.template import BUILT_IN


def resolve_plan(
    raw: object,
    *,
    organisation: Organisation,
    calendar: Calendar,
    planner: str,
    now: datetime,
    templates: tuple[Template, ...] = BUILT_IN,
) -> Plan:
    """The plan a launch starts from. `raw` is decoded JSON; `now` an aware instant.

    Raises InvalidDocument with every error of the document, and, only for a document without any,
    NotYours where the person is no planner.
    """
    faults = Faults()
    document = read(PlanDocument, raw, faults)
    reading = Reading(organisation, calendar, planner, now, faults, templates)
    template = read_template(document.template, reading)
    window = read_window(document, reading)
    policy = read_policy(document.policy, template.policy, reading)
    note_lapsed(window, policy.gate_grace, reading)
    chain = read_chain(document.steps, template, reading)
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


def _refuse_others(reading: Reading) -> None:
    person = reading.organisation.person(reading.planner)
    if person is None or "planner" not in person.roles:
        message = "Only people who hold the post of planner may start a launch."
        raise NotYours(message, person=reading.planner)
