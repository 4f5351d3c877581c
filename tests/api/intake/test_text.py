import pytest

from api.intake.errors import InvalidDocument
from api.intake.text import LARGEST_TEXT, load_json, load_yaml
from tests.api.intake.samples import organisation_errors


def refused(load: object, content: bytes | str) -> list[tuple[str, str]]:
    assert load in (load_yaml, load_json)
    with pytest.raises(InvalidDocument) as invalid:
        load_yaml(content) if load is load_yaml else load_json(content)
    return [(error.path, error.code) for error in invalid.value.errors]


def test_yaml_means_what_it_shows() -> None:
    text = "a: 18:00\nb: no\nc: 2026-12-01\nd: 007\ne: 1.5\nf: ~\ng: true\nh: '5'\n<<: {i: 1}\n"
    assert load_yaml(text) == {
        "a": "18:00",
        "b": "no",
        "c": "2026-12-01",
        "d": 7,
        "e": 1.5,
        "f": None,
        "g": True,
        "h": "5",
        "<<": {"i": 1},
    }


def test_a_byte_order_mark_is_passed_over() -> None:
    assert load_yaml(b"\xef\xbb\xbfa: 1") == {"a": 1}
    assert load_json("\ufeff{}") == {}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a: 1\nb: [1\nc: 2\n", [("line 3, column 2", "malformed")]),
        ("a: b: c", [("line 1, column 5", "malformed")]),
        ("\ta: 1", [("line 1, column 1", "malformed")]),
        ("a: 1\n---\nb: 1", [("line 2, column 1", "malformed")]),
        ("a: \x07", [("line 1, column 4", "malformed")]),
        ("a:\n- b\n- \ud800", [("line 3, column 3", "malformed")]),
        ("a: *b", [("line 1, column 4", "malformed")]),
        ("a: &a [*a]", [("line 1, column 4", "malformed")]),
        ("a: !!python/object:os.system {}", [("line 1, column 4", "malformed")]),
        ("a: !!int x", [("line 1, column 4", "malformed")]),
        ("a: !!map x", [("line 1, column 4", "malformed")]),
        ("a: !!seq x", [("line 1, column 4", "malformed")]),
        ("a: !!str [x]", [("line 1, column 4", "malformed")]),
        ("? [a]\n: 1", [("line 1, column 3", "malformed")]),
        (
            "a: 1\nb: {c: 1, c: 2}\na: 2",
            [("line 2, column 11", "duplicate"), ("line 3, column 1", "duplicate")],
        ),
        ("a: " + "[" * 3000, [("(document)", "too_deep")]),
        ("x" * (LARGEST_TEXT + 1), [("(document)", "too_large")]),
        (b"a: 1\nb: \xff", [("line 2", "malformed")]),
    ],
)
def test_what_is_wrong_in_yaml_is_placed(text: bytes | str, places: list[tuple[str, str]]) -> None:
    assert refused(load_yaml, text) == places


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('{"a": 1,\n "b" 2}', [("line 2, column 6", "malformed")]),
        ("", [("line 1, column 1", "malformed")]),
        ('{"a": 1, "a": 2}', [("(document)", "duplicate")]),
        ("[" * 100_000, [("(document)", "too_deep")]),
    ],
)
def test_what_is_wrong_in_json_is_placed(text: str, places: list[tuple[str, str]]) -> None:
    assert refused(load_json, text) == places


def test_a_few_aliases_are_fine_but_not_a_bomb_of_them() -> None:
    assert load_yaml("a: &x [1]\nb: *x\n") == {"a": [1], "b": [1]}
    assert refused(load_yaml, "a: &x 1\nb: [" + "*x, " * 101 + "]")[0][1] == "malformed"
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [" + f"*a{i - 1}, " * 10 + "]" for i in range(1, 10)]
    bomb = load_yaml("\n".join(lines))
    assert ("(document)", "too_large") in [(e.path, e.code) for e in organisation_errors(bomb)]


def test_numbers_beyond_reason_are_read_as_too_large() -> None:
    assert load_yaml("a: " + "9" * 10_000) == {"a": float("inf")}
    assert load_json('{"a": ' + "9" * 10_000 + "}") == {"a": float("inf")}
