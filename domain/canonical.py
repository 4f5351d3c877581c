"""Canonical JSON (RFC 8785) of plain values, the digests made from it, and RFC 3339 instants.

Our documents hold strings, whole numbers, booleans, null, lists and string-keyed mappings only;
for these the standard library gives RFC 8785's bytes. Floats are refused, not rounded.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from types import MappingProxyType
from typing import Any, Final

LATER: Final = MappingProxyType({"later": True})
"""Metadata of a field that a value did not have from the beginning: it is written only where it
says something, so that what was signed and hashed before it came keeps its digest. Its default is
None.
"""


def rfc3339(instant: datetime) -> str:
    """`2026-12-01T10:00:00Z`; the fraction only where there is one. Aware instants only."""
    if instant.tzinfo is None:
        msg = f"a naive instant has no place here: {instant!r}"
        raise ValueError(msg)
    return instant.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def plain(value: Any) -> Any:  # noqa: ANN401 - any value of the domain goes in, JSON comes out
    """The JSON form of a domain value: dataclass → dict, tuple → list, instant → RFC 3339."""
    kind: Any = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is tuple or kind is list:
        return [plain(item) for item in value]
    if kind is datetime:
        return rfc3339(value)
    if kind is dict:
        return {str(key): plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {
            name: plain(getattr(value, name))
            for name, is_later in _fields_of(kind)
            if not is_later or getattr(value, name) is not None
        }
    return _plain_of_another(value)


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_AS_THEY_ARE = frozenset({str, int, bool, type(None)})


@cache
def _fields_of(kind: Any) -> tuple[tuple[str, bool], ...]:  # noqa: ANN401 - a class
    return tuple((field.name, bool(field.metadata)) for field in fields(kind))


def _plain_of_another(value: Any) -> Any:  # noqa: ANN401 - the rarer kinds
    """Subclasses of the plain kinds, days and times of day, other mappings."""
    if isinstance(value, str | int):
        return value
    if isinstance(value, date | time):
        return rfc3339(value) if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, Mapping):
        return plain(dict(value))
    if isinstance(value, list | tuple):
        return plain(list(value))
    msg = f"{type(value).__name__} has no canonical form"
    raise TypeError(msg)


def canonical(document: Any) -> bytes:  # noqa: ANN401 - any JSON document
    """RFC 8785 bytes of a document or domain value."""
    return canonical_text(plain(document)).encode()


def canonical_text(document: Any) -> str:  # noqa: ANN401 - any JSON document
    """RFC 8785 text of what is plain JSON already."""
    return _written(ordered(document))


def digest(document: Any) -> str:  # noqa: ANN401 - any JSON document
    """`sha256:` and the hex SHA-256 of the canonical bytes."""
    return f"sha256:{hashlib.sha256(canonical(document)).hexdigest()}"


def ordered(value: Any) -> Any:  # noqa: ANN401 - recursive over JSON
    """A JSON value with its keys in RFC 8785's order: by UTF-16 code units, not code points."""
    if isinstance(value, dict):
        keys = sorted(value)
        if not "".join(keys).isascii():
            keys.sort(key=lambda key: key.encode("utf-16-be"))
        return {key: ordered(value[key]) for key in keys}
    if isinstance(value, list):
        return [ordered(item) for item in value]
    return value
