"""Recorded launches: the history Temporal kept, and the ledger that was written beside it."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter
from temporalio.client import WorkflowHistory

from domain.canonical import plain
from domain.events import Entry
from runtime.signing import PublicJwk

HISTORIES: Final = Path(__file__).with_name("histories")
_ENTRIES: Final[TypeAdapter[tuple[Entry, ...]]] = TypeAdapter(tuple[Entry, ...])


@dataclass(frozen=True, slots=True)
class Golden:
    """`keys` are the public keys the launch was started with, by kid."""

    launch: str
    history: WorkflowHistory
    ledger: tuple[Entry, ...]
    keys: Mapping[str, PublicJwk]

    def write(self, directory: Path = HISTORIES) -> None:
        """Both files; the same golden always gives the same octets."""
        directory.mkdir(exist_ok=True)
        events = json.loads(self.history.to_json())
        packed = gzip.compress(
            json.dumps(events, sort_keys=True, separators=(",", ":")).encode(), mtime=0
        )
        (directory / f"{self.launch}.history.json.gz").write_bytes(packed)
        document = {"keys": dict(self.keys), "entries": plain(self.ledger)}
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        (directory / f"{self.launch}.ledger.json").write_text(text, encoding="utf-8")


def read(launch: str, directory: Path = HISTORIES) -> Golden:
    packed = (directory / f"{launch}.history.json.gz").read_bytes()
    document = json.loads((directory / f"{launch}.ledger.json").read_text(encoding="utf-8"))
    return Golden(
        launch=launch,
        history=WorkflowHistory.from_json(f"launch-{launch}", gzip.decompress(packed).decode()),
        ledger=_ENTRIES.validate_python(document["entries"]),
        keys=document["keys"],
    )


def names(directory: Path = HISTORIES) -> Sequence[str]:
    """Every launch that was recorded."""
    return sorted(p.name.removesuffix(".ledger.json") for p in directory.glob("*.ledger.json"))
