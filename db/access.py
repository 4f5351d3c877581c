"""How people come in: API tokens, passwords, invitations to choose one, and sessions of browsers.

Of every secret only a digest is kept, so that who reads the database can come in with nothing.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, bindparam, delete, insert, select

from db.row import table_of
from db.tables import InvitationRow, PasswordRow, PersonRow, RoleRow, SessionRow, TokenRow
from db.transaction import Session

TOKEN_PREFIX: Final = "cs_"  # noqa: S105 - tells leaked tokens from other texts, no secret

_person, _role = table_of(PersonRow), table_of(RoleRow)
_token, _session = table_of(TokenRow), table_of(SessionRow)
_password, _invitation = table_of(PasswordRow), table_of(InvitationRow)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who came in, and the posts that person holds at this moment."""

    person: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its person sees it; `id` tells it from others and opens nothing."""

    id: str
    label: str
    created_at: datetime
    expires_at: datetime


def _holder(secrets_: Table) -> Select[Any]:
    return (
        select(secrets_.c.person, _role.c.post)
        .join(_person, _person.c.id == secrets_.c.person)
        .outerjoin(_role, _role.c.person == secrets_.c.person)
        .where(_is_open(secrets_), _person.c.active)
        .order_by(_role.c.position)
    )


def _is_open(secrets_: Table) -> ColumnElement[bool]:
    is_it: ColumnElement[bool] = secrets_.c.digest == bindparam("digest")
    return is_it & (secrets_.c.expires_at > bindparam("now"))


_OF_TOKEN, _OF_SESSION = _holder(_token), _holder(_session)
_INVITED = (
    select(_invitation.c.person)
    .join(_person, _person.c.id == _invitation.c.person)
    .where(_is_open(_invitation), _person.c.active)
)
_HASH = (
    select(_password.c.hash)
    .join(_person, _person.c.id == _password.c.person)
    .where(_password.c.person == bindparam("who"), _person.c.active)
)


# -- tokens --------------------------------------------------------------------------------------


async def create_token(
    session: Session, person: str, *, days: int, now: datetime, label: str = ""
) -> str:
    """A new token, shown this once: only its digest is kept. The person must be in the directory,
    else the database refuses.
    """
    text = TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = {
        "digest": _digest(text),
        "person": person,
        "label": label,
        "created_at": now,
        "expires_at": now + timedelta(days=days),
    }
    await session.execute(insert(_token), row)
    return text


async def person_of_token(session: Session, token: str, *, now: datetime) -> Holder | None:
    """Who calls, or None for a token that is unknown, expired, or of somebody who has left."""
    return await _found(session, _OF_TOKEN, token, now)


async def tokens_of(session: Session, person: str, *, now: datetime) -> tuple[Token, ...]:
    """The tokens that still open something, the newest first."""
    found = (
        select(_token)
        .where(_token.c.person == person, _token.c.expires_at > now)
        .order_by(_token.c.created_at.desc(), _token.c.digest)
    )
    rows = await session.execute(found)
    return tuple(Token(row.digest[:16], row.label, row.created_at, row.expires_at) for row in rows)


async def revoke_token(session: Session, person: str, token_id: str) -> bool:
    """Forget one token of this person; False where there is none of that id."""
    its = (_token.c.person == person) & (_token.c.digest.startswith(token_id, autoescape=True))
    return bool(token_id) and (await session.execute(delete(_token).where(its))).rowcount > 0


async def revoke_tokens(session: Session, person: str) -> int:
    """Forget every token of a person; how many there were."""
    gone = await session.execute(delete(_token).where(_token.c.person == person))
    return gone.rowcount


# -- passwords -----------------------------------------------------------------------------------


async def password_hash(session: Session, person: str) -> str | None:
    """What the password of somebody who is still there is checked against; None: has none."""
    found: str | None = (await session.execute(_HASH, {"who": person})).scalar()
    return found


async def set_password(session: Session, person: str, hash_: str, *, now: datetime) -> None:
    """Another password: sessions and invitations from before it are over."""
    for table in (_password, _session, _invitation):
        await session.execute(delete(table).where(table.c.person == person))
    await session.execute(insert(_password), {"person": person, "hash": hash_, "set_at": now})


async def invite(session: Session, person: str, *, days: int, now: datetime) -> str:
    """The secret of a new invitation, which ends the ones before it."""
    text = secrets.token_urlsafe(32)
    await session.execute(delete(_invitation).where(_invitation.c.person == person))
    row = {"digest": _digest(text), "person": person, "expires_at": now + timedelta(days=days)}
    await session.execute(insert(_invitation), row)
    return text


async def invited(session: Session, secret: str, *, now: datetime) -> str | None:
    """Whom an invitation is for, or None where it is used, over, or none."""
    values = {"digest": _digest(secret), "now": now}
    found: str | None = (await session.execute(_INVITED, values)).scalar()
    return found


# -- sessions ------------------------------------------------------------------------------------


async def open_session(session: Session, person: str, *, lasts: timedelta, now: datetime) -> str:
    """The secret of a new session; those that are over are swept out."""
    text = secrets.token_urlsafe(32)
    await session.execute(delete(_session).where(_session.c.expires_at <= now))
    row = {
        "digest": _digest(text),
        "person": person,
        "created_at": now,
        "expires_at": now + lasts,
    }
    await session.execute(insert(_session), row)
    return text


async def person_of_session(session: Session, secret: str, *, now: datetime) -> Holder | None:
    """Who is signed in, or None where that is over, or of somebody who has left."""
    return await _found(session, _OF_SESSION, secret, now)


async def close_session(session: Session, secret: str) -> None:
    """Sign out; a repeat changes nothing."""
    await session.execute(delete(_session).where(_session.c.digest == _digest(secret)))


async def close_sessions(session: Session, person: str) -> int:
    """Sign out everywhere; how many sessions there were."""
    gone = await session.execute(delete(_session).where(_session.c.person == person))
    return gone.rowcount


async def _found(
    session: Session, statement: Select[Any], secret: str, now: datetime
) -> Holder | None:
    values = {"digest": _digest(secret), "now": now}
    rows: Sequence[Any] = (await session.execute(statement, values)).all()
    if not rows:
        return None
    return Holder(rows[0].person, tuple(row.post for row in rows if row.post is not None))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
