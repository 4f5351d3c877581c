"""Runs told and played again."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from domain.acts import Command
from domain.canonical import plain
from domain.events import Entry
from domain.recall import Envelope
from domain.signature import envelope_of
from tests.plans import START


def envelopes_of(launch: str, commands: Iterable[Command]) -> Mapping[str, Envelope]:
    """What people signed, by command, as it is told from their signatures."""
    return {c.id: plain(envelope_of(c, launch, START)) for c in commands if c.id is not None}


def without_signatures(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries of a run that is played again: nobody signs in it."""
    return tuple(replace(entry, jws=None) for entry in entries)
