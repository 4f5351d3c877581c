"""A long JSON list that is kept compressed until it is sent."""

import json
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

QUICK: Final = 1
"""Makes a log of events twelve times smaller, and costs a tenth of writing it."""
PIECE: Final = 256 * 1024
"""Octets that are unpacked at once."""

written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class PackedList:
    """Grows by `add`. After `close` its items can be read, separated by commas."""

    def __init__(self) -> None:
        self._packing = zlib.compressobj(QUICK)
        self._parts: list[bytes] = []
        self._separator = ""

    def add(self, items: Iterable[Any]) -> None:
        for item in items:
            text = f"{self._separator}{written(item)}"
            self._parts.append(self._packing.compress(text.encode()))
            self._separator = ","

    def close(self) -> None:
        self._parts = [b"".join((*self._parts, self._packing.flush()))]

    def __iter__(self) -> Iterator[bytes]:
        unpacking = zlib.decompressobj()
        [packed] = self._parts
        while packed:
            yield unpacking.decompress(packed, PIECE)
            packed = unpacking.unconsumed_tail
        yield unpacking.flush()
