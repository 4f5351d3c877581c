"""`countersign insights`: figures on the terminal, and the events behind them in a file."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.canonical import rfc3339
from tests.cli.conftest import Shell
from tests.cli.plans import written
from tests.unit.event_logs import check_form, check_objects, typed


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.fixture
async def since(shell: Shell, tmp_path: Path) -> str:
    """Before a launch that was signed, stopped, resumed, cancelled and closed."""
    now = rfc3339(datetime.now(UTC))
    path, code = written(tmp_path)
    await shell.good("launch", "start", path)
    await shell.good("sign", code, "product", "--yes", person="lead.product")
    await shell.good("stop", code, "--reason", "wait", person="frontline.city-a")
    await shell.good("resume", code, "--reason", "on", person="sponsor")
    await shell.good("cancel", code, "--reason", "over")
    await shell.good("launch", "status", code, "--watch", "--json")
    return now


async def test_figures_are_shown(shell: Shell, since: str) -> None:
    said = await shell.good("insights", "--from", since)
    for words in ("1 run", "■ 1 cancelled", "product → marketing", "0/1", "‖ stopped 1 time"):
        assert words in said, said
    figures = json.loads(await shell.good("insights", "--from", since, "--json"))
    assert figures["cases"] == 1
    none = await shell.good("insights", "--from", "2020-01-01", "--to", "2020-12-31")
    assert none.strip() == "No run closed in that time."


async def test_an_event_log_is_a_file(shell: Shell, since: str, tmp_path: Path) -> None:
    out = tmp_path / "events.json"
    out.write_text("older", encoding="utf-8")
    done = await shell("insights", "export", "--from", since, "-o", str(out))
    assert (done.code, done.stdout) == (0, ""), done.stderr
    log = json.loads(out.read_text(encoding="utf-8"))
    check_form(log)
    check_objects(log)
    assert len(typed(log["objects"], "launch")) == 1
    assert done.stderr == f"{out}: 1 run, {out.stat().st_size} bytes\n"
    assert json.loads(await shell.good("insights", "export", "--from", since)) == log
    assert not [name for name in names(tmp_path) if name.startswith(".")]


async def test_what_is_left_out_is_said(
    shell: Shell, since: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.event_logs.entries_of", lambda _: None)
    done = await shell("insights", "export", "--from", since)
    assert done.code == 0
    assert json.loads(done.stdout)["countersign"]["left_out"] == 1
    assert "1 run left out, damaged in the ledger" in done.stderr


async def test_a_refusal_leaves_the_file_that_was_there(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "events.json"
    out.write_text("older", encoding="utf-8")
    done = await shell(
        *("insights", "export", "--from", "2026-02-03", "--to", "2026-02-01", "-o", str(out))
    )
    assert done.code == 1
    assert "must be after" in done.stderr
    assert out.read_text(encoding="utf-8") == "older"
    assert names(tmp_path) == ["events.json"]


async def test_a_file_that_cannot_be_written_is_said(shell: Shell, tmp_path: Path) -> None:
    done = await shell("insights", "export", "-o", str(tmp_path / "no" / "events.json"))
    assert done.code == 1
    assert "cannot be written" in done.stderr
    assert (await shell("insights", "export", "-o", str(tmp_path))).code == 2


@pytest.mark.parametrize(
    "arguments",
    [("--from", "2026-01-01", "export"), ("--since", "2026-01-01"), ("figures",)],
    ids=" ".join,
)
async def test_wrong_usage(shell: Shell, arguments: tuple[str, ...]) -> None:
    done = await shell("insights", *arguments)
    assert (done.code, done.stdout) == (2, "")
