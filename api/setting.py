"""What plans are read against: the organisation and its calendar as of now."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from api.calendars import build_calendar
from api.intake.plan import resolve_plan
from api.intake.reading import Reading
from api.office import Office
from api.problems import Problem
from db import directory, templates
from domain.calendar import Calendar
from domain.launch import Post as Staffed
from domain.organisation import MODULE_POSTS, Organisation
from domain.plan import Plan, Template
from domain.template import BUILT_IN

WIDE_POSTS: Final = ("sponsor", "executive")
"""Posts of no module that a launch's ladders may address."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a plan is read against."""

    organisation: Organisation
    calendar: Calendar
    now: datetime
    templates: tuple[Template, ...] = BUILT_IN

    def resolve(self, document: object, planner: str) -> Plan:
        """The plan; raises InvalidDocument with every error, NotYours for others than planners."""
        return resolve_plan(
            document,
            organisation=self.organisation,
            calendar=self.calendar,
            planner=planner,
            now=self.now,
            templates=self.templates,
        )

    def reading(self, person: str) -> Reading:
        """What a document of this person's is read by."""
        return Reading(self.organisation, self.calendar, person, self.now, templates=self.templates)

    def staff(self, plan: Plan) -> tuple[Staffed, ...]:
        """Who holds the posts that this plan's chain may turn to."""
        modules = dict.fromkeys(m for step in plan.steps for m in (step.module, step.customer))
        posts = [f"{post}:{module}" for module in modules for post in MODULE_POSTS]
        held = ((post, self.organisation.holders(post)) for post in (*posts, *WIDE_POSTS))
        return tuple(Staffed(post, people) for post, people in held if people)


async def setting_of(office: Office) -> Setting:
    """The organisation and its calendar as of now, or 409 where none was imported."""
    async with office.database.read() as session:
        organisation = await directory.load(session)
        made = await templates.load(session)
    if organisation is None:
        raise Problem(409, "no_organisation", "No organisation was imported yet.")
    now = datetime.now(UTC)
    calendar = build_calendar(organisation.identity, now.year)
    return Setting(organisation, calendar, now, (*BUILT_IN, *made))
