"""Who reads a page, and how it is told to them: language, names, moments, the posts they hold."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from api.calendars import build_calendar
from api.moments import Moments
from api.office import Office
from api.pages.languages import language_of
from api.problems import Problem
from api.sessions import demand_same_origin, session_holder
from db import directory
from db.access import Holder
from db.transaction import Session
from domain.organisation import Organisation
from domain.words.names import Names
from domain.words.signs import Lang


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is signed in. `organisation` is None before the first import."""

    request: Request
    office: Office
    holder: Holder
    lang: Lang
    organisation: Organisation | None
    names: Names
    moments: Moments

    @property
    def person(self) -> str:
        return self.holder.person

    @property
    def name(self) -> str:
        return self.names.person(self.person)

    def holds(self, *posts: str) -> bool:
        """Whether the reader holds one of these posts, `lead` standing for that of any module."""
        held = {part for post in self.holder.roles for part in (post, post.partition(":")[0])}
        return any(post in held for post in posts)


async def reader_of(request: Request) -> Reader:
    """The reader, or 401; 403 for what another site sent with the reader's cookie."""
    office: Office = request.app.state.office
    holder = await session_holder(office, request)
    if holder is None:
        raise Problem(401, "unauthenticated", "You are not signed in, or not any more.")
    demand_same_origin(request)
    lang = language_of(request)
    async with office.database.read() as session:
        organisation = await directory.load(session)
        names = await _names(session, organisation, lang)
    calendar = None
    if organisation is not None:
        calendar = build_calendar(organisation.identity, datetime.now(UTC).year)
    return Reader(request, office, holder, lang, organisation, names, Moments(calendar, lang))


async def _names(session: Session, organisation: Organisation | None, lang: Lang) -> Names:
    """Those who have left are still called by their names."""
    people = await directory.everybody(session)
    modules = organisation.modules if organisation else ()
    return Names(
        lang,
        {person.id: person.name.zh if lang == "zh" else person.name.en for person in people},
        {module.key: module.name.zh if lang == "zh" else module.name.en for module in modules},
    )


ReaderDep = Annotated[Reader, Depends(reader_of)]
