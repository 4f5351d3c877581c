"""A launch reads the same whether its events were just decided or read back from the ledger."""

from dataclasses import replace

from db.codec import decode, encode
from db.projection import text_of
from domain.decide import decide
from domain.events import Entry, FindingRaised, step_of
from domain.evolve import fold
from domain.view import launch_document
from tests.plans import MODULES, START, chain_of_five, start_of


def read_back(entry: Entry) -> Entry:
    event = entry.event
    return replace(entry, event=decode(event.kind, step_of(event), encode(event)))


def test_a_launch_with_findings_has_one_document() -> None:
    late = chain_of_five(deliver_by=5)
    entries = decide(None, start_of(late), START)
    found = [e.event for e in entries if isinstance(e.event, FindingRaised)]
    assert len(found) == len(MODULES)
    assert all(len(event.finding.figures) > 1 for event in found)

    written = text_of(launch_document(fold(entries)))

    assert text_of(launch_document(fold(map(read_back, entries)))) == written
