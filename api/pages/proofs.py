"""Whether what the page of a launch shows as signed was signed so."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from db.proof import Columns, Trusted
from db.signed import promise_of
from domain.canonical import digest

Document = Mapping[str, Any]

_SIGNER: Final = ("person", "role", "on_behalf_of")
_NOT_TERMS: Final = ("version", "digest")


def verified(
    launch: str, step: Document, rows: Iterable[Columns], trusted: Trusted
) -> Collection[str]:
    """The signatures of a step, by their JWS, that a trusted key gave for the terms that are shown:
    step, signer and digest are those of the ledger's row, and the digest that of the text.
    """
    promises = {row["jws"]: promise_of(launch, row, trusted) for row in rows}
    shown = _digest(launch, step)
    return {
        signature["jws"]
        for signature in step["signatures"]
        if (promise := promises.get(signature["jws"])) is not None
        and promise.step == step["key"]
        and all(getattr(promise, name) == signature[name] for name in _SIGNER)
        and promise.digest == signature["digest"] == shown
    }


def _digest(launch: str, step: Document) -> str:
    """The digest of the terms as they are shown, whatever digest stands beside them."""
    terms = step["terms"]
    text = {name: value for name, value in terms.items() if name not in _NOT_TERMS}
    place = {"attempt": step["attempt"], "version": terms["version"]}
    return digest({"launch": launch, "step": step["key"], **place, "terms": text})
