"""The table of a run, as it is printed and as it stands on its page."""

from pathlib import Path

from tests.faults.report import Figures, in_order, table, write

LINES = (
    Figures("a kill", on="SQLite", kills=1, acknowledged=6, executed=6, recoveries=[0.5, 1.5]),
    Figures("a cut", on="PostgreSQL", faults=2, acknowledged=4, executed=4, invariants=["I3"]),
)


def test_each_database_and_all_are_summed() -> None:
    sums = [line.split() for line in table(LINES) if line.startswith("together")]
    assert [row[:6] for row in sums] == [
        ["together", "PostgreSQL", "0", "2", "4", "4"],
        ["together", "SQLite", "1", "0", "6", "6"],
        ["together", "all", "1", "2", "10", "10"],
    ]
    assert "1.00 s  1.45 s" in list(table(LINES))[1]


def test_a_page_keeps_what_stands_above_its_table(tmp_path: Path) -> None:
    page = tmp_path / "faults.md"
    page.write_text("# Faults\n\nWhat was done.\n", encoding="utf-8")
    write(page, LINES)
    once = page.read_text(encoding="utf-8")
    write(page, LINES)
    assert page.read_text(encoding="utf-8") == once
    assert once.startswith("# Faults\n\nWhat was done.\n\n| what was done | on | kills |")
    assert "| a cut | PostgreSQL | 0 | 2 | 4 | 4 | 0 | 0 |  |  | I3 |  |\n" in once


def test_invariants_are_named_once_and_by_number() -> None:
    assert in_order("I10", "I3", "I10", "I2") == ("I2", "I3", "I10")
