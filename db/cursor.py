"""Cursors of lists: where a page ended, bound to the filters it was made with.

Opaque to clients. The checksum is no secret: it tells a mangled cursor from a good one, and what a
cursor says is only ever compared with keys the caller may read anyway.
"""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from domain.canonical import rfc3339
from domain.errors import Invalid

LIMIT: Final = 100
"""The longest page, and the length where none is asked for."""

_CHECK: Final = 9


def page_length(limit: int) -> int:
    """The length a page may have at most: as asked, between 1 and LIMIT."""
    return max(1, min(limit, LIMIT))


def next_cursor(
    rows: Sequence[Any], length: int, filters: Mapping[str, object], place: Sequence[str]
) -> str | None:
    """The cursor behind a page; `place` are the columns its order goes by.

    One row more than the page is long was read: that it is there says that there is another page.
    """
    if len(rows) <= length:
        return None
    values = (getattr(rows[length - 1], name) for name in place)
    return encode(filters, [rfc3339(v) if isinstance(v, datetime) else v for v in values])


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
