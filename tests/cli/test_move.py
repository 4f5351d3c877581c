"""`countersign move`: an installation brought from SQLite to PostgreSQL and back."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from api.sample import ORGANISATION
from runtime import lock
from runtime.settings import Installation
from tests.cli.conftest import Done, invoke
from tests.postgres import Server

PATIENCE = 100.0
ROWS = 60_000
FILL = """
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
    INSERT INTO refusal (at, method, path, status, code, detail)
    SELECT '2026-11-01 00:00:00.000000', 'POST', '/x', 403, 'not_yours', n FROM numbers
"""


def run(data_dir: Path, *arguments: str, database_url: str = "") -> Done:
    return invoke(*arguments, "--data-dir", str(data_dir), DATABASE_URL=database_url)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A small installation with people in it."""
    folder = tmp_path / "data"
    assert run(folder, "migrate").code == 0
    assert run(folder, "org", "import", str(ORGANISATION)).code == 0
    return folder


def names(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return [name for (name,) in found]


def test_there_and_back(data_dir: Path, postgres: Server, tmp_path: Path) -> None:
    url = postgres.create()
    there = run(data_dir, "move", "--to", url, "--json")
    assert there.code == 0, there.stderr
    moved = json.loads(there.stdout)
    assert moved["rows"] == sum(moved["tables"].values()) == 49
    assert moved["tables"]["person"] == 24
    assert moved["ledger"]["source"] == moved["ledger"]["target"]
    assert moved["ledger"]["target"]["verified"]
    shown = run(data_dir, "org", "show")
    assert run(data_dir, "org", "show", database_url=url).stdout == shown.stdout
    assert run(data_dir, "ledger", "verify", database_url=url).code == 0
    back = f"sqlite:///{tmp_path / 'back.db'}"
    done = run(data_dir, "move", "--to", back, database_url=url)
    assert done.code == 0, done.stderr
    assert "both ledgers are whole" in " ".join(done.stdout.split())
    assert run(data_dir, "org", "show", database_url=back).stdout == shown.stdout


def test_a_target_with_something_in_it_is_refused(data_dir: Path, postgres: Server) -> None:
    url = postgres.create()
    assert run(data_dir, "move", "--to", url).code == 0
    again = run(data_dir, "move", "--to", url)
    assert (again.code, again.stdout) == (1, "")
    assert "is not empty" in again.stderr


def test_an_installation_that_runs_is_left_alone(data_dir: Path, postgres: Server) -> None:
    url, held = postgres.create(), Installation(data_dir).lock
    with lock.hold(held, url="http://127.0.0.1:8000", temporal_address=""):
        done = run(data_dir, "move", "--to", url)
    assert (done.code, done.stdout) == (1, "")
    assert "serves http://127.0.0.1:8000" in done.stderr
    with closing(sqlite3.connect(Installation(data_dir).database)) as somebody:
        somebody.execute("SELECT count(*) FROM person").fetchall()
        done = run(data_dir, "move", "--to", url)
    assert (done.code, done.stdout) == (1, "")
    assert "Stop the process" in done.stderr
    assert names(url) == []


def test_a_damaged_ledger_is_not_moved(data_dir: Path, postgres: Server) -> None:
    url = postgres.create()
    with closing(sqlite3.connect(Installation(data_dir).database)) as file, file:
        file.execute("INSERT INTO reservation VALUES ('C', 'L', 'zoe', '2026-11-01 00:00:00.0')")
        file.execute(
            "INSERT INTO ledger SELECT 'L', 1, '2026-11-01 00:00:00.000000', 'X', NULL, 'system', "
            f"NULL, NULL, '{{}}', 'sha256:{'0' * 64}', 'sha256:1'"
        )
    done = run(data_dir, "move", "--to", url)
    assert (done.code, done.stdout) == (1, "")
    assert "countersign ledger verify" in done.stderr
    assert names(url) == []


def test_one_killed_in_the_middle_leaves_the_target_empty(data_dir: Path, postgres: Server) -> None:
    url = postgres.create()
    with closing(sqlite3.connect(Installation(data_dir).database)) as file, file:
        file.execute(FILL, (ROWS,))
    moving = subprocess.Popen(
        [sys.executable, "-m", "cli", "move", "--to", url, "--data-dir", str(data_dir)],
        env={**os.environ, "DATABASE_URL": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    until_copying(url, moving)
    moving.send_signal(signal.SIGKILL)
    assert moving.wait(PATIENCE) == -signal.SIGKILL
    moving.communicate()
    assert names(url) == []
    again = run(data_dir, "move", "--to", url, "--json")
    assert again.code == 0, again.stderr
    assert json.loads(again.stdout)["tables"]["refusal"] == ROWS


def until_copying(url: str, moving: subprocess.Popen[bytes]) -> None:
    """It is about the table that takes longest, in a transaction of its own."""
    asked = (
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND query LIKE 'INSERT INTO refusal%'"
    )
    deadline = time.monotonic() + PATIENCE
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(asked).fetchone() is None:
            assert moving.poll() is None, "it was over before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.002)
