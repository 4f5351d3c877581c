"""The key the tests' commands are signed with, and the commands."""

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from domain.acts import Act, Actor, Command
from domain.canonical import plain
from domain.signature import envelope_of
from runtime.signing import CURVE, private_key, public_jwk, sign
from tests.plans import PEOPLE
from workflows.messages import TrustedKey


def key_of(phrase: str) -> OKPKey:
    """A key everybody can make again: test data, no secret."""
    seed = hashlib.sha256(phrase.encode()).digest()
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return private_key({"kty": "OKP", "crv": CURVE, "x": _text(public), "d": _text(seed)})


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


KEY: Final = key_of("the key of the tests")
TRUSTED: Final = TrustedKey(public_jwk(KEY)["kid"], public_jwk(KEY)["x"])


def command(act: Act, person: str, *, launch: str, id_: str) -> Command:
    """A person's act as the API hands it on: with the envelope's JWS."""
    posts = PEOPLE[person]
    actor = Actor(person, posts[0].partition(":")[0], posts)
    unsigned = Command(act, id_, actor)
    envelope = envelope_of(unsigned, launch, datetime.now(UTC))
    return replace(unsigned, jws=sign(plain(envelope), KEY))
