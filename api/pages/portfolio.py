"""The portfolio: all launches as a timeline and as a table, a page at a time."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from api.documents import Phase
from api.listing import Filter
from api.pages.reader import Reader, ReaderDep
from api.pages.render import page
from api.pages.timeline import draw_timeline
from api.pages.view import waiting_sentence
from db import pages

router = APIRouter(include_in_schema=False)

LENGTH: Final = 25


@router.get("/launches")
async def show_portfolio(
    *,
    reader: ReaderDep,
    phase: Phase | Literal[""] = "",
    department: Filter = None,
    module: Filter = None,
    q: Filter = None,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """Newest first; filters are the same as of the API, and an empty one is none."""
    chosen = pages.LaunchFilter(
        phases=(phase,) if phase else (),
        department=department or None,
        module=module or None,
        q=q or None,
    )
    async with reader.office.database.read() as session:
        found = await pages.launch_page(session, chosen, limit=LENGTH, cursor=cursor)
        known = await pages.departments(session)
    launches: list[Mapping[str, Any]] = [json.loads(one) for one in found.items]
    filters = {"phase": phase, "department": department, "module": module, "q": q}
    given = {name: value for name, value in filters.items() if value}
    context = {
        "launches": launches,
        "waiting": {one["id"]: waiting_sentence(reader, one) for one in launches},
        "timeline": draw_timeline(launches, reader.moments, datetime.now(UTC)),
        "phases": get_args(Phase),
        "departments": sorted({*known, *_planned_for(reader)}),
        "planners": reader.organisation.holders("planner") if reader.organisation else (),
        "modules": reader.organisation.modules if reader.organisation else (),
        "filters": filters,
        "is_filtered": bool(given),
        "next": f"?{urlencode({**given, 'cursor': found.next_cursor})}",
        "next_cursor": found.next_cursor,
    }
    return page(reader, "portfolio.html.j2", context=context)


def _planned_for(reader: Reader) -> Iterator[str]:
    """The departments of the organisation's people."""
    people = reader.organisation.people if reader.organisation else ()
    return filter(None, (person.department for person in people))
