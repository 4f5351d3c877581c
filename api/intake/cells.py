"""Which fields a workbook has, and what their cells say: numbers, dates and lists of a sheet."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

Cell = int | float | str | bool | time | date | datetime | timedelta
Kind = Callable[[Cell], object]


class CellError(ValueError):
    """A cell cannot be what its field needs; the message is for planners."""


def text(cell: Cell) -> str:
    """Text; a number counts as the digits it shows."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise CellError("must be text")
    return _digits(cell)


def whole(cell: Cell) -> int:
    if isinstance(cell, str) and cell.strip().isascii() and cell.strip().isdigit():
        return int(cell)
    if isinstance(cell, bool) or not isinstance(cell, int | float) or cell != cell // 1:
        raise CellError("must be a whole number")
    return int(cell)


def day(cell: Cell) -> str:
    """A date cell, or text that says a date or an instant with its offset."""
    if isinstance(cell, datetime) and cell.time() != time():
        raise CellError(
            "has a time without its offset; write it as text: 2026-12-01T09:00:00+08:00"
        )
    if isinstance(cell, date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, str):
        return cell.strip()
    raise CellError("must be a date")


def names(cell: Cell) -> list[str]:
    """Entries between `;`, none for `-`."""
    shown = text(cell)
    return [] if shown == "-" else [part.strip() for part in shown.split(";") if part.strip()]


def ladder(cell: Cell) -> list[dict[str, str]]:
    """Rungs between `;`, each `after to` or `after to do`."""
    return [rung(part) for part in names(cell)]


def rung(part: str) -> dict[str, str]:
    """One rung: `after to` or `after to do`."""
    words = part.split()
    if len(words) not in (2, 3):
        raise CellError("a rung is written as “1bd head notify”")
    return dict(zip(("after", "to", "do"), words, strict=False))


def _digits(number: float) -> str:
    return str(int(number)) if number == number // 1 else str(number)


PLAN_FIELDS: dict[str, Kind] = {
    "code": text,
    "title": text,
    "department": text,
    "sponsor": text,
    "template": text,
    "window.start": day,
    "window.end": day,
    "regions": names,
    "audience.size": whole,
    "audience.list": text,
    "contact.channel": text,
    "contact.messages_per_customer": whole,
    "theme": text,
    "policy.answer_within": text,
    "policy.repair_within": text,
    "policy.gate_grace": text,
    "policy.silence": text,
    "policy.ladder": ladder,
    "policy.remind_before": text,
    "policy.acknowledged_for": text,
}

ENTRY_FIELDS: dict[str, dict[str, Kind]] = {
    "offers": {
        "key": text,
        "product": text,
        "pay": text,
        "get": text,
        "currency": text,
        "segments": names,
        "channels": names,
        "key_message": text,
    },
    "resources": {"pool": text, "quantity": whole, "step": text, "needed_by": day},
    "steps": {
        "key": text,
        "module": text,
        "after": names,
        "customer": text,
        "deliverable": text,
        "conditions": names,
        "signers": whole,
        "lead_time": text,
        "deliver_by": day,
        "answer_within": text,
        "silence": text,
        "ladder": ladder,
        "remind_before": text,
        "material": names,
    },
}
