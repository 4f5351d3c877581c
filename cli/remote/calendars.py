"""The organisation's calendar where no launch tells it."""

from datetime import UTC, date, datetime

from cli.remote.api import Api, Document
from cli.remote.refusal import Refused
from domain.calendar import Calendar
from domain.organisation import CalendarOverride, Identity


def calendar_of_today(api: Api) -> Calendar | None:
    """As a launch started now would get it; None before an organisation was imported."""
    from api.calendars import build_calendar  # noqa: PLC0415 - loads a third of a second

    try:
        organisation = api.get("/organisation")["organisation"]
    except Refused as refusal:
        if refusal.code == "unauthenticated":
            raise
        return None
    return build_calendar(_identity(organisation), datetime.now(UTC).year)


def _identity(document: Document) -> Identity:
    overrides = document.get("overrides") or ()
    return Identity(
        name=document["name"],
        zone=document["zone"],
        country=document["country"],
        cutoff=document["cutoff"],
        overrides=tuple(
            CalendarOverride(date.fromisoformat(o["date"]), o["working"]) for o in overrides
        ),
    )
