"""The page of resource patterns: all 43 are there, and what it claims is shown by tests."""

import ast
import re
from collections import Counter
from dataclasses import dataclass

import pytest

from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "patterns.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([+±-]) \| ([^|]+) \| ([^|]*)\|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@dataclass(frozen=True, slots=True)
class Pattern:
    number: int
    name: str
    verdict: str
    reason: str
    tests: tuple[tuple[str, str], ...]


PATTERNS = [
    Pattern(int(number), name, verdict, reason.strip(), tuple(TEST.findall(tests)))
    for number, name, verdict, reason, tests in ROW.findall(PAGE)
]


def test_all_of_them_are_there_and_counted() -> None:
    assert [pattern.number for pattern in PATTERNS] == list(range(1, 44))
    held = Counter(pattern.verdict for pattern in PATTERNS)
    said = f"{held['+']} are supported, {held['±']} in part, {held['-']} are not."
    assert said in PAGE


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_what_is_claimed_is_shown(pattern: Pattern) -> None:
    assert pattern.reason
    assert pattern.tests or pattern.verdict == "-"
    for path, name in pattern.tests:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        assert name in {node.name for node in tree.body if isinstance(node, functions)}
