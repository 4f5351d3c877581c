"""Plans written as a workbook, read into the form in which plans are submitted.

Sheet `plan` has a field in column A and its value in column B (`code`, `window.start`,
`policy.answer_within`, …). Sheets `offers`, `resources` and `steps` have field names in their first
row and one entry in each row below. A list is written with `;` between its entries and `-` is the
empty list; a ladder is `PT0S lead notify; 1bd head notify`. Rows whose first cell starts with `#`
and a sheet `notes` are passed over.
"""

import io
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from python_calamine import CalamineError
from python_calamine import load_workbook as open_workbook

from api.intake.cells import ENTRY_FIELDS, PLAN_FIELDS, Cell, CellError, Kind
from api.intake.errors import Faults, hint, shown
from api.intake.workbook_archive import judge_archive, unreadable


def load_workbook(content: bytes) -> dict[str, Any]:
    """The submitted form of a workbook; InvalidDocument names sheet and cell of every error."""
    faults = Faults()
    sheets = dict(_sheets(content, faults))
    if "plan" not in sheets:
        faults.add("sheet plan", "missing", "is missing; it holds code, title, window and more")
    plan = _plan(sheets.get("plan", ()), faults)
    for name, fields in ENTRY_FIELDS.items():
        if name in sheets:
            plan[name] = _entries(name, sheets[name], fields, faults)
    faults.raise_if_any()
    return plan


Rows = Sequence[Sequence[Cell]]


def _sheets(content: bytes, faults: Faults) -> Iterator[tuple[str, Rows]]:
    judge_archive(content)
    known = ("plan", *ENTRY_FIELDS)
    try:
        workbook = open_workbook(io.BytesIO(content))
        for name in workbook.sheet_names:
            if name in known:
                yield name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            elif name != "notes":
                message = f"is not read here{hint(name, (*known, 'notes'))}"
                faults.add(f"sheet {shown(name)}", "unknown_field", message)
    except CalamineError as wrong:
        raise unreadable() from wrong


def _plan(rows: Rows, faults: Faults) -> dict[str, Any]:
    plan: dict[str, Any] = {}
    seen: list[str] = []
    for number, row in enumerate(rows):
        name = _heading(row[0]) if row else ""
        if wrong := _wrong_heading(name, seen, PLAN_FIELDS):
            faults.add(_at("plan", number, 0), *wrong)
        if not name or wrong:
            continue
        seen.append(name)
        cell = row[1] if len(row) > 1 else ""
        value = _value(cell, PLAN_FIELDS[name], _at("plan", number, 1), faults)
        section, _, field = name.rpartition(".")
        if value is not None:
            (plan.setdefault(section, {}) if section else plan)[field] = value
    return plan


def _entries(
    sheet: str, rows: Rows, fields: dict[str, Kind], faults: Faults
) -> list[dict[str, Any]]:
    headings = [_heading(cell) for cell in rows[0]] if rows else []
    columns: dict[str, int] = {}
    for column, name in enumerate(headings):
        if wrong := _wrong_heading(name, columns, fields):
            faults.add(_at(sheet, 0, column), *wrong)
        elif name:
            columns[name] = column
    entries = []
    for number, row in enumerate(rows):
        if number == 0 or str(row[0]).startswith("#"):
            continue
        values = {
            name: _value(row[column], fields[name], _at(sheet, number, column), faults)
            for name, column in columns.items()
        }
        entries.append({name: value for name, value in values.items() if value is not None})
    return [entry for entry in entries if entry]


def _heading(cell: Cell) -> str:
    """The field name in a cell, empty where the cell is none or a remark."""
    name = str(cell).strip()
    return "" if name.startswith("#") else name


def _wrong_heading(
    name: str, earlier: Collection[str], known: Collection[str]
) -> tuple[str, str] | None:
    if name and name not in known:
        return "unknown_field", f"“{shown(name)}” is not a field{hint(name, known)}"
    return ("duplicate", f"names “{shown(name)}” a second time") if name in earlier else None


def _value(cell: Cell, kind: Kind, path: str, faults: Faults) -> object:
    """What a cell says, None for an empty one or one that cannot be read."""
    if isinstance(cell, str) and not cell.strip():
        return None
    try:
        return kind(cell)
    except CellError as wrong:
        faults.add(path, "wrong_type", str(wrong))
        return None


def _at(sheet: str, row: int, column: int) -> str:
    letters = ""
    left = column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"sheet {sheet}, cell {letters}{row + 1}"
