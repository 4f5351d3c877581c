import base64
import json
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey

from runtime import keys, signing
from runtime.signing import SignatureInvalid

KEY = signing.generate_key()
KID = signing.key_id(KEY)
TRUSTED = {KID: signing.public_jwk(KEY)}
ENVELOPE: dict[str, Any] = {
    "command": "c-1",
    "person": "lead.product",
    "roles": ["lead:product"],
    "on_behalf_of": None,
    "note": "社会网点 充100送50",
}


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def header(text: str) -> dict[str, Any]:
    segment = text.partition(".")[0]
    decoded: dict[str, Any] = json.loads(base64.urlsafe_b64decode(segment + "=="))
    return decoded


def test_a_signed_envelope_comes_back_as_it_was() -> None:
    assert signing.verify(signing.sign(ENVELOPE, KEY), TRUSTED) == ENVELOPE


def test_the_same_envelope_gives_the_same_text_whatever_the_order_of_its_fields() -> None:
    backwards = dict(reversed(ENVELOPE.items()))
    assert signing.sign(ENVELOPE, KEY) == signing.sign(backwards, KEY)


def test_the_header_names_the_algorithm_and_the_key() -> None:
    assert header(signing.sign(ENVELOPE, KEY)) == {"alg": "EdDSA", "kid": KID}


def test_the_public_jwk_carries_no_private_part() -> None:
    assert set(signing.public_jwk(KEY)) == {"kty", "crv", "x", "kid", "use", "alg"}
    assert signing.public_jwk(KEY)["kid"] == KEY.thumbprint()


@pytest.mark.parametrize("part", [0, 1, 2])
def test_every_altered_part_is_refused(part: int) -> None:
    segments = signing.sign(ENVELOPE, KEY).split(".")
    first = segments[part][0]
    segments[part] = ("A" if first != "A" else "B") + segments[part][1:]
    with pytest.raises(SignatureInvalid):
        signing.verify(".".join(segments), TRUSTED)


def test_another_payload_under_an_old_signature_is_refused() -> None:
    protected, _, signature = signing.sign(ENVELOPE, KEY).split(".")
    forged = encoded(signing.canonical({**ENVELOPE, "person": "sponsor"}))
    with pytest.raises(SignatureInvalid):
        signing.verify(f"{protected}.{forged}.{signature}", TRUSTED)


def test_a_key_that_is_not_trusted_is_refused() -> None:
    with pytest.raises(SignatureInvalid, match="not trusted"):
        signing.verify(signing.sign(ENVELOPE, signing.generate_key()), TRUSTED)


def test_another_key_under_a_trusted_name_is_refused() -> None:
    other = signing.generate_key()
    text = jws.serialize_compact(
        {"alg": "Ed25519", "kid": KID}, signing.canonical(ENVELOPE), other, algorithms=["Ed25519"]
    )
    forged = ".".join(
        [encoded(json.dumps({"alg": "EdDSA", "kid": KID}).encode()), *text.split(".")[1:]]
    )
    for attempt in (text, forged):
        with pytest.raises(SignatureInvalid):
            signing.verify(attempt, TRUSTED)


def unsigned() -> str:
    protected = encoded(json.dumps({"alg": "none", "kid": KID}).encode())
    return f"{protected}.{encoded(signing.canonical(ENVELOPE))}."


def with_public_key_as_secret() -> str:
    secret = OctKey.import_key(TRUSTED[KID]["x"])
    protected = {"alg": "HS256", "kid": KID}
    return jws.serialize_compact(protected, signing.canonical(ENVELOPE), secret)


def ed25519_by_its_new_name() -> str:
    protected = {"alg": "Ed25519", "kid": KID}
    return jws.serialize_compact(
        protected, signing.canonical(ENVELOPE), KEY, algorithms=["Ed25519"]
    )


def with_extra_header() -> str:
    protected = {"alg": "Ed25519", "kid": KID, "jwk": signing.public_jwk(signing.generate_key())}
    return jws.serialize_compact(protected, b"{}", KEY, algorithms=["Ed25519"])


@pytest.mark.parametrize(
    "forge", [unsigned, with_public_key_as_secret, ed25519_by_its_new_name, with_extra_header]
)
def test_no_header_chooses_another_algorithm(forge: Callable[[], str]) -> None:
    with pytest.raises(SignatureInvalid):
        signing.verify(forge(), TRUSTED)


def test_only_ed25519_keys_sign() -> None:
    other = OKPKey.generate_key("Ed448")
    with pytest.raises(ValueError, match="Ed448"):
        signing.private_key(other.as_dict(private=True))
    with pytest.raises(ValueError, match="private"):
        signing.private_key(signing.public_jwk(KEY))


def test_a_signed_list_is_no_envelope() -> None:
    text = jws.serialize_compact(
        {"alg": "EdDSA", "kid": KID}, b"[1]", KEY, registry=signing._REGISTRY
    )
    with pytest.raises(SignatureInvalid, match="envelope"):
        signing.verify(text, TRUSTED)


@given(st.text() | st.from_regex(r"[\w-]{0,40}\.[\w-]{0,40}\.[\w-]{0,40}"))
def test_any_text_is_refused_and_nothing_else_is_raised(text: str) -> None:
    with pytest.raises(SignatureInvalid):
        signing.verify(text, TRUSTED)


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists),
    st.binary(max_size=64),
)
def test_any_header_is_refused(value: object, signature: bytes) -> None:
    for protected in (value, {"alg": value, "kid": KID}, {"alg": "EdDSA", "kid": value}):
        text = f"{encoded(json.dumps(protected).encode())}.e30.{encoded(signature)}"
        with pytest.raises(SignatureInvalid):
            signing.verify(text, TRUSTED)


def test_numbers_that_json_has_not_are_not_signed() -> None:
    with pytest.raises(ValueError, match="JSON"):
        signing.sign({"amount": float("nan")}, KEY)


def test_the_key_file_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "signing.jwk"
    first = keys.load_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.is_private(path)
    assert signing.key_id(keys.load_or_create(path)) == signing.key_id(first)
    assert list(path.parent.iterdir()) == [path]


def test_first_starts_at_once_end_with_one_key(tmp_path: Path) -> None:
    path = tmp_path / "signing.jwk"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: signing.key_id(keys.load_or_create(path)), range(8)))
    assert len(set(made)) == 1


@pytest.mark.parametrize("content", ["", "{}", "[]", '"text"', '{"kty": "oct", "k": "YQ"}'])
def test_a_file_that_holds_no_key_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "signing.jwk"
    path.write_text(content)
    with pytest.raises(keys.KeyFileInvalid, match=r"signing\.jwk"):
        keys.load_or_create(path)
