"""Breaks the purity of `domain` and `workflows` on purpose, in every way the check promises."""

from pathlib import Path

import pytest

from tests.contracts.purity import violations
from tests.contracts.tree import ROOT


def test_the_tree_is_pure() -> None:
    assert [str(violation) for violation in violations(ROOT)] == []


@pytest.mark.parametrize(
    ("package", "text", "named"),
    [
        ("domain", "import random", "random"),
        ("domain", "import secrets", "secrets"),
        ("domain", "from os import path", "os"),
        ("domain", "import socket", "socket"),
        ("domain", "import asyncio.locks", "asyncio.locks"),
        ("domain", "from zoneinfo import ZoneInfo", "zoneinfo"),
        ("domain", "import networkx", "networkx"),
        ("domain", "def late():\n    import time", "time"),
        ("domain", "from datetime import datetime\nx = datetime.now()", "datetime.now()"),
        ("domain", "import datetime\nx = datetime.datetime.utcnow()", "datetime.datetime.utcnow()"),
        ("domain", "from datetime import date\nx = date.today()", "date.today()"),
        ("domain", "x = open('f')", "open()"),
        ("domain", "x = hash('differs in every process')", "hash()"),
        ("workflows", "import uuid", "uuid"),
        ("workflows", "from runtime import settings", "runtime.settings"),
        ("workflows", "import runtime.logs", "runtime.logs"),
        ("workflows", "from runtime.keys import load", "runtime.keys"),
        ("workflows", "from datetime import datetime\nx = datetime.now()", "datetime.now()"),
        ("workflows", "for x in {1, 2}:\n    pass", "set"),
        ("workflows", "x = [y for y in set('ab')]", "set"),
        ("workflows", "print('not in every replay')", "print()"),
    ],
)
def test_a_breach_is_named(tmp_path: Path, package: str, text: str, named: str) -> None:
    (tmp_path / package).mkdir()
    (tmp_path / package / "breach.py").write_text(text, encoding="utf-8")
    [found] = violations(tmp_path)
    assert f"{package}/breach.py" in str(found)
    assert named in str(found)


@pytest.mark.parametrize(
    ("package", "text"),
    [
        ("domain", "from datetime import UTC, datetime\nx = datetime(2026, 12, 1, tzinfo=UTC)"),
        ("domain", "import hashlib, json\nfrom collections.abc import Mapping"),
        ("domain", "from domain.plan import Plan"),
        ("domain", "x = calendar.now()"),
        ("workflows", "from temporalio import workflow\nx = workflow.now()"),
        ("workflows", "from runtime.signing import verify"),
        ("workflows", "from runtime import signing"),
        ("workflows", "for x in sorted({1, 2}):\n    pass"),
    ],
)
def test_what_is_pure_passes(tmp_path: Path, package: str, text: str) -> None:
    (tmp_path / package).mkdir()
    (tmp_path / package / "fine.py").write_text(text, encoding="utf-8")
    assert violations(tmp_path) == []
