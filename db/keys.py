"""The public keys that signatures are trusted by.

The first key of an installation is taken as it comes; every later one must be endorsed by a
signature of one that is trusted already, so that nobody adds a key by writing a row.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from db.row import table_of
from db.tables import KeyRow
from db.transaction import Session
from runtime.signing import PublicJwk, SignatureInvalid, verify

_key = table_of(KeyRow)
_ALL = select(_key).order_by(_key.c.since, _key.c.kid)


class KeyNotEndorsed(ValueError):
    """A further key came without a signature of a trusted one over it."""


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """`endorsement` is None for the first key only."""

    kid: str
    jwk: PublicJwk
    since: datetime
    endorsement: str | None


def endorsing(jwk: PublicJwk) -> dict[str, object]:
    """What a trusted key signs to endorse another: `{"trust": jwk}`."""
    return {"trust": dict(jwk)}


async def trust(
    session: Session, jwk: PublicJwk, *, at: datetime, endorsement: str | None = None
) -> None:
    """Trust a public key from now on; a repeat changes nothing. Raises KeyNotEndorsed."""
    await session.lock("trusted keys")
    known = await trusted(session)
    if jwk["kid"] in known:
        return
    if known:
        _check(jwk, endorsement, known)
    row = {"kid": jwk["kid"], "jwk": json.dumps(dict(jwk), sort_keys=True), "since": at}
    await session.execute(insert(_key), {**row, "endorsement": endorsement})


async def trusted(session: Session) -> dict[str, PublicJwk]:
    """Every trusted key by its kid, as `runtime.signing.verify` wants them."""
    return {key.kid: key.jwk for key in await published(session)}


async def published(session: Session) -> tuple[TrustedKey, ...]:
    """Every trusted key, oldest first. A row that none of those before it endorses is no key."""
    rows = await session.execute(_ALL)
    known: dict[str, TrustedKey] = {}
    for row in rows:
        key = TrustedKey(row.kid, json.loads(row.jwk), row.since, row.endorsement)
        if not known or _is_endorsed(key, {k.kid: k.jwk for k in known.values()}):
            known[key.kid] = key
    return tuple(known.values())


def _is_endorsed(key: TrustedKey, known: Mapping[str, PublicJwk]) -> bool:
    try:
        _check(key.jwk, key.endorsement, known)
    except KeyNotEndorsed:
        return False
    return key.jwk["kid"] == key.kid


def _check(jwk: PublicJwk, endorsement: str | None, known: Mapping[str, PublicJwk]) -> None:
    try:
        said = verify(endorsement or "", known)
    except SignatureInvalid as error:
        raise KeyNotEndorsed(
            f"key {jwk['kid']} carries no signature of a trusted key: {error}"
        ) from error
    if said != endorsing(jwk):
        raise KeyNotEndorsed(f"the signature given endorses another key than {jwk['kid']}")
