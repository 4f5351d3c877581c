"""Canonical JSON (RFC 8785) of plain values, the digests made from it, and RFC 3339 instants.

Our documents hold strings, whole numbers, booleans, null, lists and string-keyed mappings only;
for these the standard library gives RFC 8785's bytes. Floats are refused, not rounded.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from typing import Any


def rfc3339(instant: datetime) -> str:
    """`2026-12-01T10:00:00Z`; the fraction only where there is one. Aware instants only."""
    if instant.tzinfo is None:
        msg = f"a naive instant has no place here: {instant!r}"
        raise ValueError(msg)
    return instant.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def plain(value: Any) -> Any:  # noqa: ANN401 - any value of the domain goes in, JSON comes out
    """The JSON form of a domain value: dataclass → dict, tuple → list, instant → RFC 3339."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    msg = f"{type(value).__name__} has no canonical form"
    raise TypeError(msg)


def canonical(document: Any) -> bytes:  # noqa: ANN401 - any JSON document
    """RFC 8785 bytes of a document or domain value."""
    text = json.dumps(_ordered(plain(document)), ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def digest(document: Any) -> str:  # noqa: ANN401 - any JSON document
    """`sha256:` and the hex SHA-256 of the canonical bytes."""
    return f"sha256:{hashlib.sha256(canonical(document)).hexdigest()}"


def _ordered(value: Any) -> Any:  # noqa: ANN401 - recursive over JSON
    """RFC 8785 orders keys by UTF-16 code units, not by code points."""
    if isinstance(value, dict):
        ordered = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: _ordered(value[key]) for key in ordered}
    if isinstance(value, list):
        return [_ordered(item) for item in value]
    return value
