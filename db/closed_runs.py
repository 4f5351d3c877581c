"""Closed runs as their ledgers tell them: for whoever looks at many at once."""

from db import ledger
from db.integrity import UNTELLABLE, Record
from db.proof import chain_problems
from domain.events import Entry
from domain.evolve import fold


def entries_of(record: Record) -> tuple[Entry, ...] | None:
    """All entries of a closed run; None where the record is damaged, or tells no run that closed.
    Signatures are not looked at.
    """
    if record.unreadable or any(chain_problems(record.launch, record.rows)):
        return None
    try:
        entries = tuple(ledger.entry_of(row) for row in record.rows)
        is_closed = fold(entries).phase == "closed"
    except UNTELLABLE:
        return None
    return entries if is_closed else None
