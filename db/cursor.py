"""Cursors of lists: where a page ended, bound to the filters it was made with.

Opaque to clients. The checksum is no secret: it tells a mangled cursor from a good one, and what a
cursor says is only ever compared with keys the caller may read anyway.
"""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.errors import Invalid

_CHECK: Final = 9


def encode(filters: Mapping[str, object], position: Sequence[str | int]) -> str:
    """The cursor of a page that ended at `position`; filters and position are JSON-plain."""
    body = json.dumps(list(position), separators=(",", ":")).encode()
    return urlsafe_b64encode(_check(filters, body) + body).decode().rstrip("=")


def decode(filters: Mapping[str, object], cursor: str) -> list[Any]:
    """The position of a cursor made with the same filters; anything else is Invalid."""
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except ValueError:
        raw = b""
    check, body = raw[:_CHECK], raw[_CHECK:]
    if not body or check != _check(filters, body) or encode(filters, json.loads(body)) != cursor:
        raise Invalid(
            "cursor", "This cursor is not one of this list, or not with these filters: start anew."
        )
    position: list[Any] = json.loads(body)
    return position


def _check(filters: Mapping[str, object], body: bytes) -> bytes:
    bound = json.dumps(filters, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(bound + b"\n" + body).digest()[:_CHECK]
