"""Figures over many closed runs."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.deps import SIGNED_IN, OfficeDep
from api.event_log import event_log_of
from api.insight_documents import InsightsPublic
from api.intake.instants import InstantError, read_end, read_start
from api.listing import NO_OTHER_FILTER
from api.office import Office
from api.openapi import problems
from api.replies import json_text
from api.setting import setting_of
from db import insights
from db.projection import text_of
from domain.calendar import Calendar
from domain.canonical import plain
from domain.errors import Invalid
from domain.insights.summary import summary

router = APIRouter(tags=["insights"])

WHEN = "A date of the organisation, or an instant."


Since = Annotated[str | None, Query(alias="from", max_length=40, description=WHEN)]
Until = Annotated[str | None, Query(alias="to", max_length=40, description=WHEN)]


@router.get(
    "/insights",
    dependencies=(*SIGNED_IN, NO_OTHER_FILTER),
    responses={200: {"model": InsightsPublic}, **problems((401, 422))},
    response_class=Response,
)
async def get_insights(office: OfficeDep, since: Since = None, until: Until = None) -> Response:
    """Of runs that closed in that time; without, of all. Dates count as whole days."""
    begin, end = await _time(office, since, until)
    async with office.database.read() as session:
        runs = await insights.runs(session, begin, end)
    figures = await asyncio.to_thread(summary, runs)
    return json_text(text_of({"from": plain(begin), "to": plain(end), **figures}))


@router.get(
    "/insights/ocel",
    dependencies=(*SIGNED_IN, NO_OTHER_FILTER),
    responses={200: {"description": "An OCEL 2.0 event log."}, **problems((401, 422))},
    response_class=Response,
)
async def export_event_log(office: OfficeDep, since: Since = None, until: Until = None) -> Response:
    """The event log of runs that closed in that time, as OCEL 2.0 JSON. Who did something is not in
    it. `Left-Out` says how many runs are not, because their ledgers cannot be told.
    """
    begin, end = await _time(office, since, until)
    log = await event_log_of(office, begin, end)
    headers = {
        "Content-Disposition": 'attachment; filename="countersign.ocel.json"',
        "Left-Out": str(log.left_out),
    }
    return Response(log.text, media_type="application/json", headers=headers)


async def _time(
    office: Office, since: str | None, until: str | None
) -> tuple[datetime | None, datetime | None]:
    calendar = (await setting_of(office)).calendar
    begin = None if since is None else _instant("from", since, read_start, calendar)
    end = None if until is None else _instant("to", until, read_end, calendar)
    if begin is not None and end is not None and end <= begin:
        raise Invalid("to", "must be after “from”.")
    return begin, end


def _instant(
    name: str, text: str, read: Callable[[str, Calendar], datetime], calendar: Calendar
) -> datetime:
    try:
        return read(text, calendar)
    except InstantError as wrong:
        raise Invalid(name, str(wrong)) from wrong
