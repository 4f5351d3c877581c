"""What `up` would start, as data; the supervisor's own tests are in tests/runtime."""

import os
from pathlib import Path

import pytest

from cli.stack import (
    API_PATIENCE,
    TEMPORAL_PATIENCE,
    WORKER_PATIENCE,
    child_environment,
    ports_of,
    stack_of,
    with_ports,
)
from runtime.settings import Settings, variables


@pytest.fixture(autouse=True)
def no_variables_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in variables():
        monkeypatch.delenv(variable.name, raising=False)


def test_children_meet_the_embedded_server_whatever_the_environment_says(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, port=8001, temporal_port=7001, demo=True)
    seen = child_environment(
        settings, {"TEMPORAL_ADDRESS": "elsewhere:1", "TEMPORAL_API_KEY": "k", "PATH": "/bin"}
    )
    assert seen["TEMPORAL_ADDRESS"] == "127.0.0.1:7001"
    assert "TEMPORAL_API_KEY" not in seen
    assert seen["TEMPORAL_CONFIG_FILE"] == os.devnull
    assert seen["PATH"] == "/bin"
    assert seen["COUNTERSIGN_PORT"] == "8001"
    assert seen["COUNTERSIGN_DEMO"] == "true"
    assert seen["COUNTERSIGN_DATA_DIR"] == str(tmp_path)


def test_options_given_to_up_are_the_settings_of_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=tmp_path, port=8001, demo=True)
    for name, value in child_environment(settings, {}).items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings


def test_every_port_is_looked_at_before_the_start() -> None:
    settings = Settings(port=1, temporal_port=2, temporal_ui_port=3, worker_metrics_port=4)
    assert [(port.option, port.number) for port in ports_of(settings)] == [
        ("--port", 1),
        ("--temporal-port", 2),
        ("--temporal-ui-port", 3),
        ("COUNTERSIGN_WORKER_METRICS_PORT", 4),
    ]


def test_port_0_takes_a_free_one() -> None:
    settings = with_ports(Settings(port=0, temporal_port=0))
    assert settings.port > 0
    assert settings.temporal_port > 0
    assert settings.port != settings.temporal_port


def test_all_stop_within_ten_seconds() -> None:
    assert API_PATIENCE + WORKER_PATIENCE + TEMPORAL_PATIENCE < 10


def test_temporal_keeps_its_file_in_the_data_directory(tmp_path: Path) -> None:
    stack = stack_of(Settings(data_dir=tmp_path))
    command = stack.temporal.command
    assert command[command.index("--db-filename") + 1] == str(tmp_path / "temporal.db")
    assert "--headless" in command
    assert stack.url == "http://127.0.0.1:8000"
