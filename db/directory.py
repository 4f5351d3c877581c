"""The people of the organisation and the posts they hold.

What an organisation file says replaces what the one before said. Who is no longer in it stays a
row, because the past names them, but holds no post and cannot come in any more.
"""

from collections.abc import Iterable
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import bindparam, delete, insert, select, update

from db.row import table_of
from db.tables import OrganisationRow, PersonRow, RoleRow
from db.transaction import Session
from domain.canonical import canonical, plain
from domain.organisation import Name, Organisation, Person

_ONLY: Final = 1
_ORGANISATION = TypeAdapter(Organisation)
_organisation, _person = table_of(OrganisationRow), table_of(PersonRow)
_role = table_of(RoleRow)

_POSTS = select(_role.c.person, _role.c.post).order_by(_role.c.person, _role.c.position)
_POSTS_OF = _POSTS.where(_role.c.person == bindparam("who"))
_PEOPLE = select(_person).where(_person.c.active).order_by(_person.c.position)
_MOVED = update(_person).where(_person.c.id == bindparam("who"))


async def save(session: Session, organisation: Organisation) -> None:
    """Make the directory what the organisation says; saving the same again changes nothing."""
    document = {**plain(organisation), "people": []}
    await session.lock("organisation")
    await session.execute(delete(_organisation))
    await session.execute(
        insert(_organisation), {"id": _ONLY, "document": canonical(document).decode()}
    )
    await _save_people(session, organisation.people)
    await session.execute(delete(_role))
    held = [
        {"person": person.id, "post": post, "position": position}
        for person in organisation.people
        for position, post in enumerate(dict.fromkeys(person.roles))
    ]
    if held:
        await session.execute(insert(_role), held)


async def load(session: Session) -> Organisation | None:
    """The organisation as saved, people in the order of the file; None before the first import."""
    document = (await session.execute(select(_organisation.c.document))).scalar()
    if document is None:
        return None
    saved = _ORGANISATION.validate_json(document)
    people = await _people(session)
    return Organisation(saved.identity, saved.modules, people, saved.rules)


async def everybody(session: Session) -> tuple[Person, ...]:
    """Everybody the directory ever knew, those who left included, without their posts."""
    rows = await session.execute(select(_person).order_by(_person.c.position))
    return tuple(Person(row.id, Name(row.name_en, row.name_zh)) for row in rows)


async def roles_of(session: Session, person: str) -> tuple[str, ...]:
    """The posts a person holds now, as written: `lead:product`, `sponsor`."""
    rows = await session.execute(_POSTS_OF, {"who": person})
    return tuple(row.post for row in rows)


async def is_person(session: Session, person: str) -> bool:
    """Whether the directory knows this id as somebody who is still there."""
    found = select(_person.c.id).where(_person.c.id == person, _person.c.active)
    return (await session.execute(found)).first() is not None


async def _save_people(session: Session, people: Iterable[Person]) -> None:
    known = set((await session.execute(select(_person.c.id))).scalars())
    await session.execute(update(_person).values(active=False))
    rows = [_row(position, person) for position, person in enumerate(people)]
    kept = [{"who": row["id"], **row} for row in rows if row["id"] in known]
    new = [row for row in rows if row["id"] not in known]
    if kept:
        await session.execute(_MOVED, kept)
    if new:
        await session.execute(insert(_person), new)


async def _people(session: Session) -> tuple[Person, ...]:
    posts: dict[str, list[str]] = {}
    for row in await session.execute(_POSTS):
        posts.setdefault(row.person, []).append(row.post)
    return tuple(
        Person(
            id=row.id,
            name=Name(en=row.name_en, zh=row.name_zh),
            email=row.email,
            department=row.department,
            roles=tuple(posts.get(row.id, ())),
        )
        for row in await session.execute(_PEOPLE)
    )


def _row(position: int, person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "position": position,
        "active": True,
        "name_en": person.name.en,
        "name_zh": person.name.zh,
        "email": person.email,
        "department": person.department,
    }
