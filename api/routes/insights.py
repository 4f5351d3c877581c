"""Figures over many closed runs, and the events behind them."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from api.deps import SIGNED_IN, OfficeDep
from api.event_log_documents import EventLogPublic
from api.event_log_headers import LEFT_OUT, RUNS
from api.event_logs import event_log_of
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

Since: TypeAlias = Annotated[str | None, Query(alias="from", max_length=40, description=WHEN)]
Until: TypeAlias = Annotated[str | None, Query(alias="to", max_length=40, description=WHEN)]


@router.get(
    "/insights",
    dependencies=(*SIGNED_IN, NO_OTHER_FILTER),
    responses={200: {"model": InsightsPublic}, **problems((401, 422))},
    response_class=Response,
)
async def get_insights(office: OfficeDep, since: Since = None, until: Until = None) -> Response:
    """Of runs that closed in that time; without, of all. Dates count as whole days."""
    begin, end = await _period(office, since, until)
    async with office.database.read() as session:
        runs = await insights.runs(session, begin, end)
    figures = await asyncio.to_thread(summary, runs)
    return json_text(text_of({"from": plain(begin), "to": plain(end), **figures}))


@router.get(
    "/insights/ocel",
    dependencies=(*SIGNED_IN, NO_OTHER_FILTER),
    responses={
        200: {
            "model": EventLogPublic,
            "headers": {
                name: {"description": says, "schema": {"type": "integer", "minimum": 0}}
                for name, says in (
                    (RUNS, "How many runs are in it."),
                    (LEFT_OUT, "How many are not: their ledgers are damaged."),
                )
            },
        },
        **problems((401, 422)),
    },
    response_class=Response,
)
async def get_event_log(office: OfficeDep, since: Since = None, until: Until = None) -> Response:
    """The same runs as an event log of objects for process mining, OCEL 2.0. Nobody is in it, and
    nothing that anybody wrote.
    """
    begin, end = await _period(office, since, until)
    log = await event_log_of(office, begin, end)
    return StreamingResponse(log.text(), media_type="application/json", headers=log.headers())


async def _period(
    office: Office, since: str | None, until: str | None
) -> tuple[datetime | None, datetime | None]:
    """From when until when, `until` exclusive."""
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
