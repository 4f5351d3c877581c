"""Runs told and played again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from domain.acts import Command
from domain.canonical import plain
from domain.events import Entry
from domain.evolve import evolve
from domain.recall import Envelope
from domain.signature import envelope_of
from domain.wordings import is_what_was_signed
from tests.plans import START


def envelopes_of(launch: str, commands: Iterable[Command]) -> Mapping[str, Envelope]:
    """What people signed, by command, as it is told from their signatures."""
    return {c.id: plain(envelope_of(c, launch, START)) for c in commands if c.id is not None}


def without_signatures(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries of a run that is played again: nobody signs in it."""
    return tuple(replace(entry, jws=None) for entry in entries)


def otherwise_signed(
    entries: Sequence[Entry], envelopes: Mapping[str, Envelope]
) -> Iterator[tuple[int, str]]:
    """The acts in a run of which the ledger tells something else than was signed."""
    launch = None
    seen: set[str | None] = set()
    for place, entry in enumerate(entries):
        begins = entry.command is not None and entry.command not in seen
        seen.add(entry.command)
        if launch is not None and begins:
            told = [e.event for e in entries[place:] if e.command == entry.command]
            if not is_what_was_signed(launch, told, envelopes[entry.command or ""]):
                yield entry.seq, entry.event.kind
        launch = evolve(launch, entry)
