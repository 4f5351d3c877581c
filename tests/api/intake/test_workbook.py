import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # ships no types

from api.intake.cells import PLAN_FIELDS
from api.intake.errors import InvalidDocument
from api.intake.workbook import load_workbook
from tests.api.intake.samples import plan_errors, resolve

Sheets = dict[str, list[list[object]]]

PLAN: Sheets = {
    "plan": [
        ["code", "FT-XLSX"],
        ["# remarks start like this", "and are passed over"],
        ["title", "社会网点 充100送50"],
        ["department", "personal"],
        ["sponsor", "sponsor"],
        ["window.start", date(2026, 12, 1)],
        ["window.end", "2026-12-31T16:00:00+08:00"],
        ["regions", "city-a; city-b"],
        ["audience.size", 120000],
        [""],
        ["policy.ladder", "PT0S lead; 1bd head notify"],
    ],
    "offers": [
        ["key", "product", "pay", "get", "currency", "segments", "channels"],
        ["topup", "prepaid-topup", 100, 49.5, "CNY", "consumer-prepaid", "sms;hotline"],
        [""],
    ],
    "resources": [["pool", "quantity", "step", "needed_by"], ["gift-phone", "5", "service", ""]],
    "steps": [
        ["key", "signers", "after", "# note"],
        ["service", 2, "", "looked at on Monday"],
        ["channel", "", "-", ""],
    ],
    "notes": [["anything", "at all"]],
}


def workbook(sheets: Sheets) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        formats: dict[type, object] = {
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write(number, column, value, formats.get(type(value)))
    return content.getvalue()


def errors(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDocument) as invalid:
        load_workbook(content)
    return [(error.path, error.code) for error in invalid.value.errors]


def test_a_workbook_is_a_plan() -> None:
    raw = load_workbook(workbook(PLAN))
    assert raw == {
        "code": "FT-XLSX",
        "title": "社会网点 充100送50",
        "department": "personal",
        "sponsor": "sponsor",
        "window": {"start": "2026-12-01", "end": "2026-12-31T16:00:00+08:00"},
        "regions": ["city-a", "city-b"],
        "audience": {"size": 120000},
        "policy": {
            "ladder": [
                {"after": "PT0S", "to": "lead"},
                {"after": "1bd", "to": "head", "do": "notify"},
            ]
        },
        "offers": [
            {
                "key": "topup",
                "product": "prepaid-topup",
                "pay": "100",
                "get": "49.5",
                "currency": "CNY",
                "segments": ["consumer-prepaid"],
                "channels": ["sms", "hotline"],
            }
        ],
        "resources": [{"pool": "gift-phone", "quantity": 5, "step": "service"}],
        "steps": [{"key": "service", "signers": 2}, {"key": "channel", "after": []}],
    }
    assert plan_errors(raw) == ()
    assert resolve(raw).steps[0].key == "product"


def test_every_wrong_cell_is_named() -> None:
    sheets: Sheets = {
        "plan": [
            ["code", True],
            ["cod", "X"],
            ["code", "Y"],
            ["audience.size", 1.5],
            ["window.start", datetime(2026, 12, 1, 9)],  # noqa: DTZ001 -- a cell has no offset
            ["window.end", 5],
            ["policy.ladder", "lead"],
        ],
        "offers": [["key", "price", "key"], ["a", "b", "c"]],
        "resources": [["pool", "quantity"], ["p", "many"]],
        "extra": [["x"]],
    }
    assert errors(workbook(sheets)) == [
        ("sheet extra", "unknown_field"),
        ("sheet plan, cell B1", "wrong_type"),
        ("sheet plan, cell A2", "unknown_field"),
        ("sheet plan, cell A3", "duplicate"),
        ("sheet plan, cell B4", "wrong_type"),
        ("sheet plan, cell B5", "wrong_type"),
        ("sheet plan, cell B6", "wrong_type"),
        ("sheet plan, cell B7", "wrong_type"),
        ("sheet offers, cell B1", "unknown_field"),
        ("sheet offers, cell C1", "duplicate"),
        ("sheet resources, cell B2", "wrong_type"),
    ]


def test_a_workbook_without_its_main_sheet_is_refused() -> None:
    assert errors(workbook({"offers": [["key"]]})) == [("sheet plan", "missing")]
    assert load_workbook(workbook({"plan": [], "offers": []})) == {"offers": []}


@pytest.mark.parametrize(("row", "column"), [(1_048_575, 16_383), (1000, 0), (0, 100)])
def test_a_cell_far_out_is_refused_before_it_takes_memory(row: int, column: int) -> None:
    rows: list[list[object]] = [[""] for _ in range(1)]
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet("plan").write(row, column, rows[0][0] or "x")
    assert errors(content.getvalue()) == [("(document)", "too_large")]


def rezipped(change: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(PLAN))) as before,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            after.writestr(*change(name, before.read(name)))
    return content.getvalue()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda n, p: (n, p.replace(b'r="A1"', b'r="&#88;FD1"')), "too_large"),
        (lambda n, p: (n, p.replace(b'r="A1"', b"\tr = 'AAA1'")), "too_large"),
        (lambda n, p: (n, p + b" " * 20_000_000 * n.endswith("sheet1.xml")), "too_large"),
        (lambda n, p: (n, p.decode().encode("utf-16")), "unreadable_file"),
        (lambda n, p: (n.replace("xl/workbook.xml", "xl/workbook.bin"), p), "unreadable_file"),
        (lambda n, p: (n.replace("docProps/app.xml", "mimetype"), p), "unreadable_file"),
        (lambda n, p: (n, p[: len(p) // 2]), "unreadable_file"),
    ],
)
def test_an_archive_built_to_harm_is_refused(
    change: Callable[[str, bytes], tuple[str, bytes]], code: str
) -> None:
    assert errors(rezipped(change)) == [("(document)", code)]


def test_what_is_no_workbook_is_refused() -> None:
    for content in (b"", b"code: X", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + workbook(PLAN)):
        assert errors(content) == [("(document)", "unreadable_file")]
    assert errors(b"PK" + b"x" * 2_000_000) == [("(document)", "too_large")]


def test_the_documentation_names_every_field_of_the_main_sheet() -> None:
    page = (Path(__file__).parents[3] / "docs" / "plans.md").read_text(encoding="utf-8")
    assert [name for name in PLAN_FIELDS if f"`{name}`" not in page] == []
