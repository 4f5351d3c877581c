"""The people of the organisation, the posts they hold, and the tokens they call the API with.

What an organisation file says replaces what the one before said. Who is no longer in it stays a
row, because the past names them, but holds no post and no token of theirs is taken any more.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import bindparam, delete, insert, select, update

from db.row import table_of
from db.tables import OrganisationRow, PersonRow, RoleRow, TokenRow
from db.transaction import Session
from domain.canonical import canonical, plain
from domain.organisation import Name, Organisation, Person

TOKEN_PREFIX: Final = "cs_"  # noqa: S105 - tells leaked tokens from other texts, no secret
_ONLY: Final = 1
_ORGANISATION = TypeAdapter(Organisation)
_organisation, _person = table_of(OrganisationRow), table_of(PersonRow)
_role, _token = table_of(RoleRow), table_of(TokenRow)

_POSTS = select(_role.c.person, _role.c.post).order_by(_role.c.person, _role.c.position)
_POSTS_OF = _POSTS.where(_role.c.person == bindparam("who"))
_PEOPLE = select(_person).where(_person.c.active).order_by(_person.c.position)
_MOVED = update(_person).where(_person.c.id == bindparam("who"))
_HOLDER = (
    select(_token.c.person, _role.c.post)
    .join(_person, _person.c.id == _token.c.person)
    .outerjoin(_role, _role.c.person == _token.c.person)
    .where(
        _token.c.digest == bindparam("digest"),
        _token.c.expires_at > bindparam("now"),
        _person.c.active,
    )
    .order_by(_role.c.position)
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose token it is, and the posts that person holds at this moment."""

    person: str
    roles: tuple[str, ...]


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


async def create_token(session: Session, person: str, *, days: int, now: datetime) -> str:
    """A new token, shown this once: only its digest is kept. The person must be in the directory,
    else the database refuses.
    """
    text = TOKEN_PREFIX + secrets.token_urlsafe(32)
    await session.execute(
        insert(_token),
        {
            "digest": _digest(text),
            "person": person,
            "created_at": now,
            "expires_at": now + timedelta(days=days),
        },
    )
    return text


async def person_of_token(session: Session, token: str, *, now: datetime) -> Holder | None:
    """Who calls, or None for a token that is unknown, expired, or of somebody who has left."""
    rows = (await session.execute(_HOLDER, {"digest": _digest(token), "now": now})).all()
    if not rows:
        return None
    return Holder(rows[0].person, tuple(row.post for row in rows if row.post is not None))


async def revoke_tokens(session: Session, person: str) -> int:
    """Forget every token of a person; how many there were."""
    gone = await session.execute(delete(_token).where(_token.c.person == person))
    return gone.rowcount


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


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
