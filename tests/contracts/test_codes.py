"""Every code that the API answers with is said in words: a title, and what it means in Chinese."""

import ast
from collections.abc import Iterator

from api.problems import TITLES, title_of
from domain.errors import REFUSALS
from domain.words import refusals
from tests.contracts.tree import ROOT

MISSING = "no_such_"
PLACES = {"FieldError": 1, "add": 1, "refuse": 0, "_refuse": 2, "refused": 0}
"""Which argument is the code of what is wrong with a field, by the name of what is called."""


def trees() -> list[ast.Module]:
    sources = sorted((ROOT / "api").rglob("*.py"))
    return [ast.parse(source.read_text(encoding="utf-8")) for source in sources]


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            yield name, node


def text_at(call: ast.Call, place: int) -> str | None:
    found = call.args[place] if place < len(call.args) else None
    text = found.value if isinstance(found, ast.Constant) else None
    return text if isinstance(text, str) else None


def codes_of_problems() -> set[str]:
    """Codes of problems made in `api`, and of its refusals; the domain has its own table."""
    made = {text_at(call, 1) for tree in trees() for name, call in calls(tree) if name == "Problem"}
    declared = {
        node.value.value
        for tree in trees()
        for owner in ast.walk(tree)
        if isinstance(owner, ast.ClassDef)
        for node in owner.body
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == "code" for target in node.targets)
        and isinstance(node.value, ast.Constant)
    }
    return {str(code) for code in (*made, *declared, *REFUSALS) if code}


def codes_of_fields() -> set[str]:
    found = {
        text_at(call, PLACES[name])
        for tree in trees()
        for name, call in calls(tree)
        if name in PLACES and len(call.args) > 1
    }
    return {code for code in found if code and code.isidentifier()}


def test_every_code_has_a_title_in_both_languages() -> None:
    codes = codes_of_problems()
    assert {"another_person", "organisation_changed", "wrong_state"} <= codes
    named = {code for code in codes if not code.startswith(MISSING)}
    assert sorted(named - TITLES.keys()) == []
    assert sorted(named - refusals.REFUSALS.keys()) == []
    assert sorted(TITLES.keys() ^ refusals.REFUSALS.keys()) == []


def test_only_what_is_missing_is_said_to_be_missing() -> None:
    assert title_of("no_such_launch") == "There is no such launch"
    assert title_of("of_a_newer_server") == "Not possible"


def test_every_code_of_a_field_is_in_chinese() -> None:
    codes = codes_of_fields()
    assert {"taken", "missing", "cycle", "bad_duration", "too_deep", "unreadable_file"} <= codes
    assert sorted(codes - refusals.ERRORS.keys()) == []


def test_a_text_that_is_too_long_is_told_the_limit_that_held() -> None:
    for limit in (64 * 1024, 1024 * 1024):
        said = refusals.what_happened("too_large", "", {"limit": limit}, "zh")
        assert str(limit) in said
