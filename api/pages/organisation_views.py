"""What the pages of the organisation show: who holds which post, where nobody does, who stands in
for whom, its rules and its calendar. Whatever is shown here is shown to everybody.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from fastapi import Response

from api.calendars import build_calendar
from api.intake.organisation_dump import organisation_document
from api.moments import length_of, plural
from api.organisations import current, digest_of
from api.pages.acting import Attempted
from api.pages.months import Month, day_title, following, month_of, weekdays
from api.pages.reader import Reader
from api.pages.render import page
from api.routes.templates import list_templates
from db import pages
from domain.calendar import Duration
from domain.organisation import MODULE_POSTS, Organisation, Person
from domain.organisation_changes import ADMIN
from domain.words.signs import Lang

POSTS: Final = ("planner", "sponsor", "executive", "facilitator", "admin")
"""Posts that belong to no module."""

NEEDED: Final = ("planner", "sponsor", "executive", "admin")
"""Posts without which launches cannot go their way."""

LADDER: Final = ("lead", "deputy", "head", "planner", "sponsor", "executive")
"""Whom a rung may be put to by their post; everything else is a person."""

_OPEN: Final = ("committing", "preparing", "live", "closing")
NEWEST: Final = 100
"""Of so many open launches delegations are shown."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody acts for somebody else in one launch until a date."""

    launch: str
    code: str
    step: str | None
    by: str
    to: str
    until: str


async def overview_page(reader: Reader) -> Response:
    organisation = await current(reader.office)
    context = {
        "organisation": organisation,
        "posts": MODULE_POSTS,
        "plain_posts": {post: organisation.holders(post) for post in POSTS},
        "needed": NEEDED,
        "regions": _regions(organisation),
        "stand_ins": await _stand_ins(reader),
        "newest": NEWEST,
    }
    return page(reader, "organisation.html.j2", context=context)


async def people_page(
    reader: Reader,
    *,
    edited: str | None = None,
    tried: Attempted | None = None,
    link: Mapping[str, Any] | None = None,
) -> Response:
    """Everybody with their roles; for administrators with the form of one of them, and a link that
    was just made.
    """
    organisation = await current(reader.office)
    person = organisation.person(edited) if edited else None
    context = {
        "organisation": organisation,
        "seen": digest_of(organisation),
        "is_admin": reader.holds(ADMIN),
        "editing": person,
        "filled": tried.form.fields if tried else _person_fields(person),
        "tried": tried,
        "link": link,
        "posts": MODULE_POSTS,
        "plain_posts": POSTS,
        **_at("/organisation/people"),
    }
    status = tried.problem.status if tried else 200
    return page(reader, "organisation_people.html.j2", status=status, context=context)


async def rules_page(reader: Reader, *, tried: Attempted | None = None) -> Response:
    organisation = await current(reader.office)
    templates = await list_templates(reader.office)
    context = {
        "organisation": organisation,
        "rules": organisation_document(organisation),
        "templates": [one.model_dump(mode="json") for one in templates.items],
        "title_of": lambda day: day_title(date.fromisoformat(day), reader.lang),
        "spelled": lambda length: spelled(length, reader.lang),
        "ladder_roles": LADDER,
        "seen": digest_of(organisation),
        "is_admin": reader.holds(ADMIN),
        "filled": tried.form.fields if tried else {},
        "tried": tried,
        **_at("/organisation/rules"),
    }
    status = tried.problem.status if tried else 200
    return page(reader, "organisation_rules.html.j2", status=status, context=context)


async def calendar_page(reader: Reader, *, tried: Attempted | None = None) -> Response:
    """The month it is in the organisation's zone, and the next."""
    organisation = await current(reader.office)
    now = datetime.now(UTC)
    calendar = build_calendar(organisation.identity, now.year)
    today = calendar.local(now).date()
    first = today.replace(day=1)
    months: list[Month] = [
        month_of(organisation.identity, calendar, month, reader.lang)
        for month in (first, following(first))
    ]
    context = {
        "organisation": organisation,
        "calendar": calendar,
        "months": months,
        "today": today,
        "weekdays": weekdays(reader.lang),
        "title_of": lambda day: day_title(day, reader.lang),
        "seen": digest_of(organisation),
        "is_admin": reader.holds(ADMIN),
        "filled": tried.form.fields if tried else {},
        "tried": tried,
        **_at("/organisation/calendar"),
    }
    status = tried.problem.status if tried else 200
    return page(reader, "organisation_calendar.html.j2", status=status, context=context)


def spelled(length: str, lang: Lang) -> str:
    """A duration in words: `2 working days`, `at once`, `4 h`."""
    duration = Duration.parse(length)
    if duration.is_zero:
        return "立即" if lang == "zh" else "at once"
    if duration.business_days is not None:
        days = duration.business_days
        return f"{days}个工作日" if lang == "zh" else plural(days, "working day")
    return length_of((duration.elapsed or timedelta()).total_seconds(), lang)


def _at(path: str) -> dict[str, str]:
    """A page that answers a form stays the page it was sent from."""
    return {"path": path, "address": path}


def _regions(organisation: Organisation) -> dict[str, tuple[str, ...]]:
    """Who is the front line where."""
    found: dict[str, list[str]] = {}
    for person in organisation.people:
        for role in person.roles:
            post, _, region = role.partition(":")
            if post == "frontline":
                found.setdefault(region, []).append(person.id)
    return {region: tuple(people) for region, people in sorted(found.items())}


def _person_fields(person: Person | None) -> dict[str, str]:
    """Somebody as the fields of the form."""
    if person is None:
        return {}
    front = [role.partition(":")[2] for role in person.roles if role.startswith("frontline:")]
    roles = [role for role in person.roles if not role.startswith("frontline:")]
    return {
        "person.id": person.id,
        "person.name.en": person.name.en,
        "person.name.zh": person.name.zh,
        "person.email": person.email or "",
        "person.department": person.department or "",
        "person.regions[]": "\n".join(front),
        **{f"person.roles[{at}]": role for at, role in enumerate(roles)},
    }


async def _stand_ins(reader: Reader) -> tuple[StandIn, ...]:
    """Who stands in for whom in the newest open launches, those that hold now."""
    async with reader.office.database.read() as session:
        found = await pages.launch_page(session, pages.LaunchFilter(phases=_OPEN), limit=NEWEST)
    now = datetime.now(UTC)
    return tuple(
        one
        for text in found.items
        for one in _of_launch(json.loads(text))
        if datetime.fromisoformat(one.until) > now
    )


def _of_launch(launch: Mapping[str, Any]) -> list[StandIn]:
    given = [(None, launch.get("delegate")), *((s["key"], s["delegate"]) for s in launch["steps"])]
    return [
        StandIn(launch["id"], launch["code"], step, one["by"], one["to"], one["until"])
        for step, one in given
        if one is not None
    ]
