"""Links lead somewhere; decisions keep their form."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, pages

LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)")
ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))
ONE_PAGE = 80


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("adr", ADRS, ids=lambda adr: adr.stem)
def test_a_decision_keeps_its_form(adr: Path) -> None:
    lines = adr.read_text(encoding="utf-8").splitlines()
    number, _, _ = adr.name.partition("-")
    assert lines[0].startswith(f"# {number}. ")
    assert [line for line in lines if line.startswith("## ")] == [
        "## Context",
        "## Decision",
        "## Consequences",
        "## Alternatives",
    ]
    assert len(lines) <= ONE_PAGE


def test_decisions_are_numbered_without_gaps() -> None:
    assert [adr.name[:4] for adr in ADRS] == [f"{n:04}" for n in range(1, len(ADRS) + 1)]
