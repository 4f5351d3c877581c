"""Rules on the shape of the sources: sizes, empty packages, nothing that names a machine."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.tree import PACKAGES, ROOT, tracked_files

LONGEST_FUNCTION = 60
LONGEST_FILE = 300
LONGEST_WORKER = 60

# Written in two halves, so that this file does not find itself.
REGISTRIES = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry." + "npmjs.org",
    "registry." + "yarnpkg.com",
    "npm" + "mirror.com",
    "deb." + "debian.org",
    "ftp." + "debian.org",
    "security." + "debian.org",
    "proxy." + "golang.org",
)
MACHINE_PATHS = (
    "/wo" + "rk/",
    "/op" + "t/wheels",
    "/op" + "t/pypi",
    "/ro" + "ot/",
    "/ho" + "me/[a-z]",
    "/Us" + "ers/[A-Za-z]",
    "file:" + "//+[a-z]",
)
NOT_OURS = re.compile("|".join([*(re.escape(host) for host in REGISTRIES), *MACHINE_PATHS]))


def sources() -> list[Path]:
    """The sources under the size rules: migrations are generated, tests and bench are lists."""
    return [
        ROOT / "worker.py",
        *(
            path
            for package in PACKAGES
            for path in sorted((ROOT / package).rglob("*.py"))
            if "migrations" not in path.parts
        ),
    ]


def too_long(path: Path, shown: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if (lines := len(text.splitlines())) > LONGEST_FILE:
        yield f"{shown} has {lines} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            end = node.end_lineno or node.lineno
            if (length := end - node.lineno + 1) > LONGEST_FUNCTION:
                yield f"{shown}:{node.lineno}: {node.name} has {length} lines"


def test_functions_and_files_stay_short() -> None:
    assert [line for path in sources() for line in too_long(path, path.relative_to(ROOT))] == []


def test_the_worker_stays_thin() -> None:
    assert len((ROOT / "worker.py").read_text(encoding="utf-8").splitlines()) <= LONGEST_WORKER


def test_a_long_function_and_a_long_file_are_found(tmp_path: Path) -> None:
    source = tmp_path / "long.py"
    body = "    x = 1\n" * LONGEST_FUNCTION
    source.write_text(f"def long():\n{body}" + "\n" * LONGEST_FILE, encoding="utf-8")
    found = list(too_long(source, Path("long.py")))
    assert found == ["long.py has 361 lines", "long.py:1: long has 61 lines"]


def filled(packages: Iterator[Path]) -> list[Path]:
    return [path for path in packages if path.read_bytes() != b""]


def test_every_package_file_is_empty() -> None:
    assert filled(path for path in tracked_files() if path.name == "__init__.py") == []


def test_a_filled_package_file_is_found(tmp_path: Path) -> None:
    package = tmp_path / "__init__.py"
    package.write_text("import this\n", encoding="utf-8")
    assert filled(iter([package])) == [package]


def foreign(path: Path) -> list[str]:
    """Registry hosts and paths of one machine in a text; a file that is no text has none."""
    try:
        return NOT_OURS.findall(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return []


def test_no_file_names_a_registry_or_a_machine() -> None:
    assert {path: found for path in tracked_files() if (found := foreign(path))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "--index-url https://" + "pypi" + ".org/simple",
        "resolved https://" + "registry." + "npmjs.org/x.tgz",
        "-e " + "file:" + "///srv/x",
        "cd " + "/ho" + "me/somebody/countersign",
    ],
)
def test_a_registry_or_a_machine_is_found(tmp_path: Path, text: str) -> None:
    file = tmp_path / "f.txt"
    file.write_text(text, encoding="utf-8")
    assert len(foreign(file)) == 1
