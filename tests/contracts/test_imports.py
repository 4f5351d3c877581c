"""Breaks each import contract on purpose: one that cannot fail is worth nothing."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.contracts.tree import ROOT, copy_sources, lint_imports

# Contract, file to add, its text. Several lines where a contract promises several things.
BREACHES = [
    ("Imports point inwards", "domain/breach.py", "import runtime"),
    ("Imports point inwards", "domain/breach.py", "import db"),
    ("Imports point inwards", "runtime/breach.py", "import domain"),
    ("Imports point inwards", "db/breach.py", "import activities"),
    ("Imports point inwards", "activities/breach.py", "import workflows"),
    ("Imports point inwards", "workflows/breach.py", "import api"),
    ("Imports point inwards", "api/breach.py", "import cli"),
    ("Nobody imports the worker", "cli/breach.py", "import worker"),
    ("Nobody imports the worker", "runtime/breach.py", "from worker import main"),
    ("Nobody imports the worker", "api/breach.py", "import tests.contracts"),
    ("The domain knows no framework, clock, randomness or I/O", "domain/breach.py", "import time"),
    ("The domain knows no framework, clock, randomness or I/O", "domain/breach.py", "import os"),
    ("The domain knows no framework, clock, randomness or I/O", "domain/breach.py", "import uuid"),
    (
        "The domain knows no framework, clock, randomness or I/O",
        "domain/breach.py",
        "from zoneinfo import ZoneInfo",
    ),
    (
        "The domain knows no framework, clock, randomness or I/O",
        "domain/breach.py",
        "def late():\n    import pydantic",
    ),
    (
        "The domain knows no framework, clock, randomness or I/O",
        "domain/breach.py",
        "from temporalio import workflow",
    ),
    (
        "Workflows know no storage, HTTP, settings or log library",
        "workflows/breach.py",
        "import sqlmodel",
    ),
    (
        "Workflows know no storage, HTTP, settings or log library",
        "workflows/breach.py",
        "from structlog import get_logger",
    ),
    (
        "Workflows know no storage, HTTP, settings or log library",
        "workflows/breach.py",
        "import activities",
    ),
    (
        "Workflows know no storage, HTTP, settings or log library",
        "workflows/breach.py",
        "import runtime.settings",
    ),
    ("The API never calls an activity", "api/breach.py", "import activities"),
    ("Only db touches the tables", "api/breach.py", "import db.tables"),
    ("Only db touches the tables", "activities/breach.py", "from db import tables"),
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return copy_sources(tmp_path)


def broken_contracts(output: str) -> set[str]:
    return set(re.findall(r"^(.+?) BROKEN", output, flags=re.MULTILINE))


def test_the_tree_keeps_every_contract(tree: Path) -> None:
    result = lint_imports(tree)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("contract", "file", "text"), BREACHES)
def test_a_breach_is_named(tree: Path, contract: str, file: str, text: str) -> None:
    (tree / file).write_text(text + "\n", encoding="utf-8")
    result = lint_imports(tree)
    assert result.returncode == 1, result.stdout + result.stderr
    assert contract in broken_contracts(result.stdout)


@pytest.mark.parametrize("through", ["db", "runtime"])
def test_a_breach_through_another_module_is_named(tree: Path, through: str) -> None:
    (tree / f"{through}/middle.py").write_text("import sqlalchemy\n", encoding="utf-8")
    (tree / "workflows/breach.py").write_text(f"import {through}.middle\n", encoding="utf-8")
    result = lint_imports(tree)
    assert "Workflows know no storage, HTTP, settings or log library" in broken_contracts(
        result.stdout
    )


@pytest.mark.parametrize("package", ["domain", "runtime", "db", "activities", "api", "cli"])
def test_a_cycle_of_siblings_is_named(tree: Path, package: str) -> None:
    (tree / package / "one.py").write_text(f"import {package}.other\n", encoding="utf-8")
    (tree / package / "other.py").write_text(f"import {package}.one\n", encoding="utf-8")
    result = lint_imports(tree)
    assert "No two siblings import each other" in broken_contracts(result.stdout)


def test_every_contract_is_broken_by_some_test() -> None:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {
        contract["name"] for contract in configuration["tool"]["importlinter"]["contracts"]
    }
    broken_here = {contract for contract, _, _ in BREACHES} | {"No two siblings import each other"}
    assert contracts == broken_here
