"""Passwords: hashed and checked with argon2, in a thread, because that takes long on purpose."""

import asyncio
from functools import cache
from typing import Final

import structlog
from pwdlib import PasswordHash

from api.intake.plain import wrong_text
from api.office import Office
from api.problems import Problem
from db import access

SHORTEST: Final = 10
LONGEST: Final = 200

_log = structlog.get_logger()


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    """What is checked where there is no password, so that this takes as long."""
    return _hasher().hash("nobody has this password")


async def hashed(password: str) -> str:
    """What is kept of a password. Raises 422 for one that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        message = "A password has 10 to 200 characters; several words are fine."
        raise Problem(422, "invalid", message)
    return await asyncio.to_thread(_hasher().hash, password)


async def is_right(password: str, hash_: str | None) -> bool:
    """Whether it is the password behind the hash; takes as long where there is none."""
    if len(password) > LONGEST:
        return False
    matches = await asyncio.to_thread(_verify, password, hash_)
    return matches and hash_ is not None


async def demand_right(office: Office, person: str, password: str, address: str) -> None:
    """Raise 403 for another password than this person's, which costs an attempt, and 429 for too
    many of them.
    """
    with office.attempts.one(person, address) as note_wrong:
        hash_ = None
        if not wrong_text(person):
            async with office.database.read() as session:
                hash_ = await access.password_hash(session, person)
        if not await is_right(password, hash_):
            note_wrong()
            _log.warning("password.refused")
            raise Problem(403, "wrong_password", "The password is not right.")


def _verify(password: str, hash_: str | None) -> bool:
    return _hasher().verify(password, hash_ or _nobodys())
