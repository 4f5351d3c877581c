"""Post-mortems: the list of them, and where closed runs are waiting for one."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response

from api.pages.acting import heard
from api.pages.reader import Reader, ReaderDep
from api.pages.render import page
from api.routes.postmortems import list_actions, list_postmortems
from db import directory, postmortems, unreviewed
from db.actions import Standing
from domain.blameless.pseudonyms import Pseudonyms
from domain.blameless.scrub import Scrubber
from domain.canonical import plain
from domain.postmortem.record import State
from domain.words import review

router = APIRouter(include_in_schema=False)

LENGTH: Final = 20
CursorText = Annotated[str | None, Query(max_length=2000)]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A closed run that nobody has reviewed; nobody is named in its title."""

    launch: str
    code: str
    title: str
    outcome: str | None
    started_at: str


@router.get("/postmortems")
async def show_postmortems(
    reader: ReaderDep, state: State | None = None, cursor: CursorText = None
) -> Response:
    asked = list_postmortems(office=reader.office, state=state, limit=LENGTH, cursor=cursor)
    found = (await heard(asked)).reply
    context = {
        "review": review,
        "items": found["items"],
        "next_cursor": found["next_cursor"],
        "state": state,
        "waiting": await _waiting(reader) if cursor is None else (),
    }
    return page(reader, "postmortems.html.j2", context=context)


@router.get("/actions")
async def show_actions(
    reader: ReaderDep, state: Standing = "open", cursor: CursorText = None
) -> Response:
    """What reviews asked of modules, the most urgent first."""
    asked = list_actions(office=reader.office, state=state, limit=LENGTH, cursor=cursor)
    found = (await heard(asked)).reply
    context: dict[str, Any] = {
        "review": review,
        "items": found["items"],
        "next_cursor": found["next_cursor"],
        "state": state,
    }
    return page(reader, "actions.html.j2", context=context)


async def _waiting(reader: Reader) -> list[Waiting]:
    async with reader.office.database.read() as session:
        people = await directory.everybody(session)
        found = await unreviewed.newest(session, LENGTH)
        salts = await postmortems.salts(session, [one.launch for one in found])
    waiting = []
    for one in found:
        say = Scrubber(people, Pseudonyms(salts[one.launch]).of).text
        started = str(plain(one.started_at))
        waiting.append(Waiting(one.launch, say(one.code), say(one.title), one.outcome, started))
    return waiting
