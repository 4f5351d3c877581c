"""Ed25519 keys and the compact JWS (RFC 7515) over the envelope of an act.

Pure computation: nothing here reads a file, a clock or the environment, and `verify` draws no
randomness, because the launch workflow calls it in its update validators. Key files are in
`runtime.keys`.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, TypeAlias

from joserfc import jws
from joserfc.errors import InvalidKeyCurveError, InvalidKeyIdError, JoseError
from joserfc.jwa import EdDSAAlgorithm, JWSAlgModel
from joserfc.jwk import GuestProtocol, OKPKey
from joserfc.jws import JWSRegistry

ALGORITHM: Final = "EdDSA"
CURVE: Final = "Ed25519"

PublicJwk: TypeAlias = Mapping[str, str]

_COMPACT: Final = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


class SignatureInvalid(ValueError):
    """The text is no compact JWS of ours, its key is not trusted, or it was altered."""


class _Ed25519(EdDSAAlgorithm):
    """EdDSA as in RFC 8037, of one curve only. RFC 9864 deprecates the name because it leaves the
    curve open; here it does not, so there is nothing to warn about on every call.
    """

    security_warning = ""

    def check_key(self, key: OKPKey) -> None:
        super().check_key(key)
        if key.curve_name != CURVE:
            raise InvalidKeyCurveError(f"only {CURVE} keys sign here")


class _Registry(JWSRegistry):
    """Knows one algorithm, so that no header can talk `verify` into another."""

    algorithms: dict[str, JWSAlgModel] = {ALGORITHM: _Ed25519()}  # noqa: RUF012 - joserfc's typing


_REGISTRY: Final = _Registry(algorithms=[ALGORITHM])


def generate_key() -> OKPKey:
    """A new private key; its `kid` is the RFC 7638 thumbprint of the public key."""
    return private_key(OKPKey.generate_key(CURVE, private=True).as_dict(private=True))


def private_key(jwk: Mapping[str, Any]) -> OKPKey:
    """The private key of a JWK. Raises `ValueError` where it is not an Ed25519 private key."""
    try:
        key = OKPKey.import_key({name: jwk[name] for name in ("kty", "crv", "x", "d")})
    except (KeyError, JoseError) as error:
        raise ValueError(f"not a private {CURVE} key: {error}") from error
    if key.curve_name != CURVE:
        raise ValueError(f"not a private {CURVE} key: the curve is {key.curve_name}")
    return OKPKey.import_key(key.as_dict(private=True) | {"kid": key.thumbprint()})


def key_id(key: OKPKey) -> str:
    """Its RFC 7638 thumbprint, which our own keys carry as their `kid`."""
    return key.kid or key.thumbprint()


def public_jwk(key: OKPKey) -> dict[str, str]:
    """The public half as published and as handed to a launch: `kty crv x kid use alg`."""
    public = key.as_dict(private=False)
    return {
        "kty": "OKP",
        "crv": CURVE,
        "x": str(public["x"]),
        "kid": key_id(key),
        "use": "sig",
        "alg": ALGORITHM,
    }


def canonical(envelope: Mapping[str, Any]) -> bytes:
    """The bytes that are signed: sorted keys, no blanks, UTF-8. Refuses NaN and other non-JSON."""
    return json.dumps(
        envelope, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def sign(envelope: Mapping[str, Any], key: OKPKey) -> str:
    """The compact JWS over `canonical(envelope)`; the same envelope and key give the same text."""
    header = {"alg": ALGORITHM, "kid": key_id(key)}
    return jws.serialize_compact(header, canonical(envelope), key, registry=_REGISTRY)


def verify(text: str, trusted: Mapping[str, PublicJwk]) -> dict[str, Any]:
    """The envelope of a JWS signed by one of the `trusted` keys (kid → public JWK).

    Raises `SignatureInvalid`, and nothing else, for whatever text is handed in.
    """
    if not _COMPACT.fullmatch(text):
        raise SignatureInvalid("not a compact JWS")

    def trusted_key(signature: GuestProtocol) -> OKPKey:
        return _trusted_key(signature.headers(), trusted)

    try:
        signature = jws.deserialize_compact(text, trusted_key, registry=_REGISTRY)
        envelope = json.loads(signature.payload)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise SignatureInvalid(f"signature refused: {error}") from error
    if not isinstance(envelope, dict):
        raise SignatureInvalid("the signed text is not an envelope")
    return envelope


def _trusted_key(header: Mapping[str, Any], trusted: Mapping[str, PublicJwk]) -> OKPKey:
    """Only our own two header fields are accepted: no `crit`, `jwk` or `b64` to argue about."""
    kid = header.get("kid")
    if set(header) != {"alg", "kid"} or not isinstance(kid, str):
        raise InvalidKeyIdError("the header is not one of ours")
    if kid not in trusted:
        raise InvalidKeyIdError(f"key {kid!r} is not trusted")
    return _public_key(trusted[kid]["x"])


@lru_cache(maxsize=64)
def _public_key(x: str) -> OKPKey:
    return OKPKey.import_key({"kty": "OKP", "crv": CURVE, "x": x})
