"""The record of the demo's launch checked from outside: every hash computed again here."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from domain.canonical import digest

GENESIS: Final = "sha256:" + "0" * 64
HASHED: Final = ("seq", "at", "type", "step", "actor", "command", "jws", "data", "prev_hash")


def damage_in(launch: str, events: Iterable[Mapping[str, Any]]) -> str | None:
    """What is wrong with the chain of events as the API served it; None where nothing is."""
    before, expected = GENESIS, 1
    for event in events:
        if event["seq"] != expected:
            return f"event {expected} is missing"
        if event["prev_hash"] != before:
            return f"event {expected} does not follow the one before"
        if digest({"launch": launch, **{name: event[name] for name in HASHED}}) != event["hash"]:
            return f"event {expected} is not what was recorded"
        before, expected = event["hash"], expected + 1
    return None
