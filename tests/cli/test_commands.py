"""Exit codes and messages of the local commands."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from runtime.ports import free_port
from runtime.settings import variables


@pytest.fixture(autouse=True)
def no_variables_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*(variable.name for variable in variables()), "TEMPORAL_ADDRESS"):
        monkeypatch.delenv(name, raising=False)


def countersign(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def free_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_PORT", str(free_port()))
    monkeypatch.setenv("COUNTERSIGN_TEMPORAL_PORT", str(free_port()))


def findings(*arguments: str) -> tuple[int, dict[str, dict[str, str]]]:
    done = countersign("doctor", "--json", *arguments)
    return done.returncode, {finding["check"]: finding for finding in json.loads(done.stdout)}


def test_help_names_every_command_of_the_installation() -> None:
    done = countersign("--help")
    assert done.returncode == 0
    assert {"up", "serve", "worker", "migrate", "doctor"} <= set(done.stdout.split())


@pytest.mark.parametrize(
    "arguments", [("up", "--port", "many"), ("up", "--temporal-ui-port", "0"), ("fly",)]
)
def test_wrong_usage_is_exit_code_2(arguments: tuple[str, ...]) -> None:
    done = countersign(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_WORKFLOW_CACHE", "lots")
    done = countersign("up")
    assert (done.returncode, done.stdout) == (2, "")
    assert "COUNTERSIGN_WORKFLOW_CACHE" in done.stderr
    code, found = findings()
    assert code == 1
    assert "COUNTERSIGN_WORKFLOW_CACHE" in found["settings"]["detail"]


@pytest.mark.usefixtures("free_ports")
def test_nothing_is_wrong_before_the_first_start(tmp_path: Path) -> None:
    code, found = findings("--data-dir", str(tmp_path / "new"))
    assert [f for f in found.values() if f["state"] == "wrong"] == []
    assert code == 0
    assert found["database"]["state"] == "off"
    assert found["temporal server"]["state"] == "ok"
    assert not (tmp_path / "new").exists()


@pytest.mark.usefixtures("free_ports")
def test_doctor_names_what_is_wrong_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "keys" / "signing.jwk"
    key.parent.mkdir()
    key.write_text("{}")
    (tmp_path / "countersign.db").write_text("something else entirely")
    monkeypatch.setenv("COUNTERSIGN_PROT", "1")
    monkeypatch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{free_port()}")
    code, found = findings("--data-dir", str(tmp_path))
    assert code == 1
    wrong = {name for name, finding in found.items() if finding["state"] == "wrong"}
    assert wrong == {"variables", "signing key", "database", "temporal"}
    assert all(found[name]["advice"] for name in wrong)
    assert "COUNTERSIGN_PORT" in found["variables"]["detail"]


@pytest.mark.usefixtures("free_ports")
def test_migrated_and_with_a_key_for_its_owner_all_is_well(tmp_path: Path) -> None:
    assert countersign("migrate", "--data-dir", str(tmp_path)).returncode == 0
    code, found = findings("--data-dir", str(tmp_path))
    assert code == 0
    assert found["database"]["state"] == "ok"
    text = countersign("doctor", "--data-dir", str(tmp_path)).stdout
    assert "✓ database: at the newest revision" in text


@pytest.mark.usefixtures("free_ports")
def test_an_older_database_is_to_be_migrated(tmp_path: Path) -> None:
    countersign("migrate", "--data-dir", str(tmp_path))
    with closing(sqlite3.connect(tmp_path / "countersign.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0004'")
    code, found = findings("--data-dir", str(tmp_path))
    assert code == 1
    assert "countersign migrate" in found["database"]["advice"]


def test_a_database_of_a_newer_build_is_left_alone(tmp_path: Path) -> None:
    countersign("migrate", "--data-dir", str(tmp_path))
    with closing(sqlite3.connect(tmp_path / "countersign.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    done = countersign("migrate", "--data-dir", str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: ")
