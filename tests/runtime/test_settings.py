import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from pydantic import ValidationError

from runtime.logs import configure_logs
from runtime.settings import Installation, Settings, unknown_variables, variables


@pytest.fixture(autouse=True)
def no_variables_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in variables():
        monkeypatch.delenv(variable.name, raising=False)


def test_the_default_database_is_a_file_in_the_data_directory(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/countersign.db"
    assert settings.signing_key == tmp_path / "keys" / "signing.jwk"


def test_a_database_of_its_own_is_used_as_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me@host/name")
    assert Settings().database_url == "postgresql://me@host/name"


def test_arguments_win_over_variables_and_empty_variables_count_as_unset(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COUNTERSIGN_PORT", "9000")
    monkeypatch.setenv("COUNTERSIGN_TEMPORAL_PORT", "")
    monkeypatch.setenv("COUNTERSIGN_UPDATE_TIMEOUT", "2.5")
    assert Settings().port == 9000
    assert Settings(port=9001).port == 9001
    assert Settings().temporal_port == 7233
    assert Settings().update_timeout == timedelta(seconds=2.5)


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "many"), ("PORT", "70000"), ("UPDATE_TIMEOUT", "-1"), ("UPDATE_TIMEOUT", "soon")],
)
def test_a_wrong_value_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"COUNTERSIGN_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_every_variable_is_explained() -> None:
    table = {variable.name: variable for variable in variables()}
    assert len(table) == len(Settings.model_fields)
    assert all(variable.meaning.endswith(".") for variable in table.values())
    assert all(name.startswith("COUNTERSIGN_") for name in set(table) - {"DATABASE_URL"})
    assert table["COUNTERSIGN_PORT"].default == "8000"
    assert table["COUNTERSIGN_UPDATE_TIMEOUT"].default == "5"


@pytest.mark.parametrize("name", [variable.name for variable in variables()])
def test_every_documented_variable_is_read(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A value no field takes shows that the variable is looked at."""
    before = Settings()
    monkeypatch.setenv(name, "7" if name != "COUNTERSIGN_DEMO" else "true")
    try:
        after = Settings()
    except ValidationError:
        return
    assert after != before


def test_variables_nobody_reads_are_named_with_what_was_meant() -> None:
    environment = {"COUNTERSIGN_PROT": "1", "COUNTERSIGN_XYZZY": "1", "COUNTERSIGN_PORT": "1"}
    assert unknown_variables({**environment, "PATH": "/bin"}) == {
        "COUNTERSIGN_PROT": "COUNTERSIGN_PORT",
        "COUNTERSIGN_XYZZY": None,
    }


def test_directories_are_for_their_owner(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "data")
    installation.create()
    installation.create()
    assert installation.root.stat().st_mode & 0o777 == 0o700
    assert installation.logs.is_dir()


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    before = structlog.get_config()
    yield
    root.handlers[:], root.level = handlers, level
    structlog.configure(**before)


@pytest.mark.usefixtures("logging_as_before")
def test_a_log_line_is_one_json_object_with_its_identifiers() -> None:
    stream = io.StringIO()
    configure_logs(
        Settings(log_format="json"), stream=stream, environment={"COUNTERSIGN_PROT": "1"}
    )
    structlog.get_logger("test").info("launch.started", launch="l-1")
    warned, started = (json.loads(line) for line in stream.getvalue().splitlines())
    assert warned["event"] == "variable.ignored"
    assert warned["did_you_mean"] == "COUNTERSIGN_PORT"
    assert started["event"] == "launch.started"
    assert started["launch"] == "l-1"
    assert started["level"] == "info"
    assert started["timestamp"].endswith("Z")
